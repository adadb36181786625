"""Types of stage 2, one name for each; time axes run at 48 kHz."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor

Audio = Float[Tensor, "batch 1 time"]  # samples of a mono waveform
Impulses = Float[Tensor, "batch 1 time"]  # an onset's gain at its sample, 0 elsewhere
Signal = Float[Tensor, "batch channel frame"]  # what the U-Net denoises: a front end's frames
ChannelsLast = Float[Tensor, "batch frame channel"]  # a signal transposed
Heads = Float[Tensor, "batch head token feature"]  # queries, keys or values of attention

FeatureMap = Float[Tensor, "batch _channel _frame"]  # of one stage; each stage has its own size
OnsetFeatures = Sequence[FeatureMap]  # the onset encoder's, one per stage from the outermost
PromptEmbedding = Float[Tensor, "batch token prompt_feature"]  # usually of one token

NoiseLevel = Float[Tensor, " batch"]  # one per example: 0 is clean, 1 is noise alone
NoiseLevels = Sequence[float]  # of a schedule: descending, from 1 to 0
LevelFeatures = Float[Tensor, "batch level_feature"]  # an embedded noise level

Predictor = Callable[[Tensor, Tensor], Tensor]  # (noisy signal, noise level) -> velocity


class Condition(NamedTuple):
    """The conditions of a prediction, beside the noisy signal and its noise level."""

    features: OnsetFeatures
    embedding: PromptEmbedding
