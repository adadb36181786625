"""One batch of training examples for the diffusion model."""

from collections.abc import Sequence
from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor


class DiffusionBatch(NamedTuple):
    """What one training step sees; 48 kHz. The last three are for people: loggers, file names."""

    waveform: Float[Tensor, "batch 1 time"]
    impulses: Float[Tensor, "batch 1 time"]
    embedding: Float[Tensor, "batch 1 prompt_feature"]
    names: Sequence[str] = ()  # the recording each example is from
    texts: Sequence[str] = ()  # the text each is prompted by, "" where it is a sound
    references: Sequence[Float[Tensor, "1 _reference_time"]] = ()  # or the sound, empty where text
