"""The published packages' diffusion model behind our interface, as a slow reference.

audio-diffusion-pytorch and audio-encoders-pytorch build the nets; training, guidance and sampling
are our code. The names of the weights are those of the published checkpoint.
"""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from syncfusion.diffusion.config import DiffusionConfig
from syncfusion.diffusion.frontend import WaveformFrontEnd
from syncfusion.diffusion.lengths import check_length
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.diffusion.sound_model import SoundModel
from syncfusion.diffusion.types import (
    Condition,
    Impulses,
    OnsetFeatures,
    Predictor,
    PromptEmbedding,
)

NULL_PROMPT = "blocks.2.blocks.0.blocks.0.weight"  # in UNetV0 with its guidance plugin


class ReferenceConfig(DiffusionConfig):
    """Shape of the published packages' model, which lacks the parts that we added.

    Raises:
        ValueError: if a setting turns on a part that only our model has.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        extras = {"front_end": self.front_end != "waveform"}
        extras |= {name: getattr(self.unet, name) for name in ("modulate_prompt", "local_gain")}
        for name, is_on in extras.items():
            if is_on:
                raise ValueError(f"the published packages have no {name}; leave it out")


class ReferenceModel(SoundModel):
    """audio-diffusion-pytorch's model and audio-encoders-pytorch's encoder.

    Their modules compute with closures over the parts they were built from. A plain deep copy would
    therefore compute with the original's weights and, for example, ignore averaged weights. A deep
    copy of this class is built anew instead.

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

    def encode_onsets(self, impulses: Impulses) -> OnsetFeatures:
        """Encode impulses; returns those of the encoder's intermediate results the net reads."""
        check_length(impulses.shape[2], self.factor)
        _, info = self.onsets_encoder(impulses, with_info=True)
        return info["xs"][2:-1]

    def null_prompt(self, batch: int) -> PromptEmbedding:
        """Return the learned null prompt, which is untrained in the published weights."""
        return self.model.net.get_parameter(NULL_PROMPT).expand(batch, 1, -1)

    def freeze_null_prompt(self) -> None:
        """Keep the null prompt as it is, for a training in which no prompt is dropped."""
        self.model.net.get_parameter(NULL_PROMPT).requires_grad_(False)

    def predictors(self, conditions: Sequence[Condition], *, many_calls: bool) -> list[Predictor]:
        """Return the net under each condition, without any preparation."""

        def predictor(features: OnsetFeatures, embedding: PromptEmbedding) -> Predictor:
            def predict(signal: Tensor, level: Tensor) -> Tensor:
                return self.model.net(signal, level, embedding=embedding, channels=features)

            return predict

        return [predictor(*condition) for condition in conditions]


def build_model(config: DiffusionConfig) -> SoundModel:
    """Build the model of a configuration: ours, or the published packages'."""
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
