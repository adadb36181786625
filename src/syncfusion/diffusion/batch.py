"""One batch of training examples for the diffusion model."""

from collections.abc import Sequence
from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor

from syncfusion.diffusion.types import Audio, Impulses


class DiffusionBatch(NamedTuple):
    """The input of one training step, at 48 kHz; names, texts and references are for logs only."""

    waveform: Audio
    impulses: Impulses
    embedding: Float[Tensor, "batch 1 prompt_feature"]
    names: Sequence[str] = ()  # the recording of each example
    texts: Sequence[str] = ()  # the text prompt of each example, "" where the prompt is a sound
    references: Sequence[Float[Tensor, "1 _reference_time"]] = ()  # the sound, empty where a text
