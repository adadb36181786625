"""The architecture of the diffusion model; its defaults are the published model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from syncfusion.constants import CLIP_SAMPLES
from syncfusion.diffusion.onset_encoder import OnsetEncoderConfig
from syncfusion.diffusion.unet_config import UNetConfig


@dataclass(frozen=True, kw_only=True)
class DiffusionConfig:
    """Everything the architecture needs to be itself; the defaults are the published model.

    Args:
        front_end: what the U-Net sees, see ``frontend``.
        hop: samples per MDCT frame.
        traces: time constants of the onset traces, in MDCT frames.
        floor: companded MDCT coefficients below this are silenced.
        clip_samples: samples rendered at once at 48 kHz.
        unet: shape of the U-Net.
        onset_encoder: shape of the onset encoder.
    """

    front_end: Literal["waveform", "mdct"] = "waveform"
    hop: int = 256
    traces: Sequence[int] = (2, 8, 30, 120)
    floor: float = 0.0
    clip_samples: int = CLIP_SAMPLES
    unet: UNetConfig = field(default_factory=UNetConfig)
    onset_encoder: OnsetEncoderConfig = field(default_factory=OnsetEncoderConfig)

    def __post_init__(self) -> None:
        object.__setattr__(self, "traces", tuple(self.traces))
        if tuple(self.unet.context_channels) != tuple(self.onset_encoder.channels):
            raise ValueError(
                f"the U-Net expects onset features of {self.unet.context_channels} channels, "
                f"the onset encoder gives {self.onset_encoder.channels}"
            )
