"""The published packages' own diffusion model, behind the calls of ours: slow, and the reference.

audio-diffusion-pytorch and audio-encoders-pytorch build the nets; training, guidance and sampling
are then the same code as for ours. Names of the weights are those of the published checkpoint.
"""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from syncfusion.diffusion.config import DiffusionConfig
from syncfusion.diffusion.frontend import WaveformFrontEnd
from syncfusion.diffusion.lengths import check_length
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.diffusion.sound_model import (
    Condition,
    Embedding,
    Features,
    Predictor,
    SoundModel,
    Wave,
)

NULL_PROMPT = "blocks.2.blocks.0.blocks.0.weight"  # of UNetV0 with its guidance plugin


class ReferenceConfig(DiffusionConfig):
    """Sizes of the published packages' model, which has no parts of our own.

    Raises:
        ValueError: if a part is asked for that only ours has.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        extras = {"front_end": self.front_end != "waveform"}
        extras |= {name: getattr(self.unet, name) for name in ("modulate_prompt", "local_gain")}
        for name, asked in extras.items():
            if asked:
                raise ValueError(f"the published packages know no {name}; leave it out")


class ReferenceModel(SoundModel):
    """audio-diffusion-pytorch's model and audio-encoders-pytorch's encoder.

    Their modules compute with closures over the parts they were built from, so that a plain deep
    copy would go on computing with the weights of the original: averages of weights would be
    ignored. Deep copies of this class are built anew.

    Args:
        config: its shape.
    """

    def __init__(self, config: DiffusionConfig) -> None:
        super().__init__(config, WaveformFrontEnd())
        self.model = _published_net(config)
        self.onsets_encoder = _published_encoder(config)

    def __deepcopy__(self, memo: dict[int, Any]) -> "ReferenceModel":
        twin = ReferenceModel(self.config)
        twin.load_state_dict(self.state_dict())
        for own, other in zip(twin.parameters(), self.parameters(), strict=True):
            own.requires_grad_(other.requires_grad)
        memo[id(self)] = twin
        return twin.to(next(self.parameters())).train(self.training)

    def encode_onsets(self, impulses: Wave) -> Features:
        """Encode impulses; of all that the encoder remembers, what the levels take."""
        check_length(impulses.shape[2], self.factor)
        _, info = self.onsets_encoder(impulses, with_info=True)
        return info["xs"][2:-1]

    def null_prompt(self, batch: int) -> Embedding:
        """Return the learned prompt that stands for none; untrained in the published weights."""
        return self.model.net.get_parameter(NULL_PROMPT).expand(batch, 1, -1)

    def predictors(self, conditions: Sequence[Condition], *, many: bool) -> list[Predictor]:
        """Return the net under each condition; it prepares nothing."""

        def predictor(features: Features, prompt: Embedding) -> Predictor:
            def predict(signal: Tensor, level: Tensor) -> Tensor:
                return self.model.net(signal, level, embedding=prompt, channels=features)

            return predict

        return [predictor(*condition) for condition in conditions]


def build_model(config: DiffusionConfig) -> SoundModel:
    """Build what a configuration describes: our model, or the published packages'."""
    if isinstance(config, ReferenceConfig):
        return ReferenceModel(config)
    return DiffusionModel(config)


def _published_net(config: DiffusionConfig) -> Any:
    from audio_diffusion_pytorch import DiffusionModel as PublishedModel
    from audio_diffusion_pytorch import UNetV0, VDiffusion, VSampler

    unet = config.unet
    return PublishedModel(
        net_t=UNetV0,
        diffusion_t=VDiffusion,
        sampler_t=VSampler,
        in_channels=unet.in_channels,
        channels=unet.channels,
        factors=unet.factors,
        items=unet.items,
        attentions=unet.attentions,
        cross_attentions=[1] * len(unet.channels),
        context_channels=unet.context_channels,
        attention_heads=unet.heads,
        attention_features=unet.head_features,
        embedding_features=unet.prompt_features,
        embedding_max_length=1,
        modulation_features=unet.level_features,
        resnet_groups=unet.groups,
        use_embedding_cfg=True,
    )


def _published_encoder(config: DiffusionConfig) -> Any:
    from audio_encoders_pytorch import Encoder1d

    encoder = config.onset_encoder
    channels = (encoder.stem_channels, *encoder.channels)
    return Encoder1d(
        in_channels=encoder.in_channels,
        channels=1,
        multipliers=channels,
        factors=encoder.factors,
        num_blocks=[encoder.blocks] * len(encoder.factors),
        resnet_groups=encoder.groups,
    )
