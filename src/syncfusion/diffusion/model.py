"""The diffusion model: front end, onset encoder and U-Net."""

from collections.abc import Sequence

import torch

from syncfusion.diffusion.config import DiffusionConfig
from syncfusion.diffusion.cpu import in_precision
from syncfusion.diffusion.frontend import MdctFrontEnd, WaveformFrontEnd
from syncfusion.diffusion.lengths import check_length
from syncfusion.diffusion.onset_encoder import OnsetEncoder
from syncfusion.diffusion.sound_model import SoundModel
from syncfusion.diffusion.types import (
    Condition,
    Impulses,
    OnsetFeatures,
    Predictor,
    PromptEmbedding,
)
from syncfusion.diffusion.unet import Conditions, UNet


class DiffusionModel(SoundModel):
    """Our implementation, with the published weights or of other sizes.

    Args:
        config: its shape.
    """

    def __init__(self, config: DiffusionConfig) -> None:
        mdct = config.front_end == "mdct"
        super().__init__(
            config,
            MdctFrontEnd(config.hop, tuple(config.traces), config.floor)
            if mdct
            else WaveformFrontEnd(),
        )
        self.onset_encoder = OnsetEncoder(config.onset_encoder)
        self.unet = UNet(config.unet)

    def encode_onsets(self, impulses: Impulses) -> OnsetFeatures:
        """Encode an onset track's impulses into one feature map per stage, once per clip."""
        check_length(impulses.shape[2], self.factor)
        return self.onset_encoder(self.front_end.encode_onsets(impulses))

    def null_prompt(self, batch: int) -> PromptEmbedding:
        """Return the learned null prompt, one token for each example."""
        return self.unet.null(batch)

    def freeze_null_prompt(self) -> None:
        """Keep the null prompt as it is, for a training in which no prompt is dropped."""
        self.unet.null_prompt.requires_grad_(False)

    def predictors(self, conditions: Sequence[Condition], *, many_calls: bool) -> list[Predictor]:
        """Prepare the U-Net for some conditions; features that they share are prepared once."""
        device = conditions[0].embedding.device.type
        unet = self.unet
        if many_calls and torch.is_autocast_enabled(device):
            unet = in_precision(unet, torch.get_autocast_dtype(device))
        onsets = {id(features): unet.prepare_onsets(features) for features, _ in conditions}

        def predictor(prepared: Conditions) -> Predictor:
            return lambda signal, level: unet(signal, level, prepared)

        return [
            predictor(Conditions(onsets[id(features)], unet.prepare_prompt(embedding)))
            for features, embedding in conditions
        ]
