"""The diffusion model as others use it: front end, onset encoder and U-Net behind three calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from syncfusion.constants import CLIP_SAMPLES
from syncfusion.diffusion.frontend import MdctFrontEnd, WaveformFrontEnd
from syncfusion.diffusion.guidance import apply_guidance
from syncfusion.diffusion.onset_encoder import OnsetEncoder, OnsetEncoderConfig
from syncfusion.diffusion.solvers import SOLVERS, Denoiser, Progress, linear_levels
from syncfusion.diffusion.unet import UNet, UNetConfig

Wave = Float[Tensor, "batch 1 time"]
Signal = Float[Tensor, "batch channel frame"]
Features = list[Float[Tensor, "batch _channel _frame"]]  # each level has its own size
Embedding = Float[Tensor, "batch token prompt_feature"]
Level = Float[Tensor, " batch"]


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


class DiffusionModel(nn.Module):
    """Onsets and a prompt in, sound out.

    The solvers work on *signals*: what the front end makes of a waveform. Seen from outside a
    signal has the waveform's shape, (batch, 1, time), its frames laid one after another; for the
    waveform front end the two are the same.

    Args:
        config: its shape.
    """

    def __init__(self, config: DiffusionConfig) -> None:
        super().__init__()
        self.config = config
        self.front_end: WaveformFrontEnd | MdctFrontEnd = (
            MdctFrontEnd(config.hop, tuple(config.traces), config.floor)
            if config.front_end == "mdct"
            else WaveformFrontEnd()
        )
        self.onset_encoder = OnsetEncoder(config.onset_encoder)
        self.unet = UNet(config.unet)

    @property
    def factor(self) -> int:
        """Lengths that can be rendered are multiples of this many samples."""
        return self.front_end.hop * self.config.unet.factor

    def encode_onsets(self, impulses: Wave) -> Features:
        """Encode an onset track's impulses into one feature map per level, once per clip."""
        self._check_length(impulses)
        return self.onset_encoder(self.front_end.encode_onsets(impulses))

    def velocity(
        self,
        noisy: Wave,
        level: Level,
        *,
        features: Features,
        embedding: Embedding,
        guidance: float = 1.0,
    ) -> Wave:
        """Predict the velocity of a noisy signal.

        Args:
            noisy: the signal, in the waveform's shape.
            level: noise level per example, 0 (clean) to 1 (noise).
            features: of ``encode_onsets``, for the same length.
            embedding: the prompt, (batch, 1, 512).
            guidance: scale of classifier-free guidance; 1 for none.

        Returns:
            The velocity, of the same shape.
        """
        self._check_length(noisy)
        denoise = self._denoiser(features, embedding, guidance, None)
        return self._flat(denoise(self._frames(noisy), level))

    @torch.no_grad()
    def sample(
        self,
        noise: Wave,
        *,
        features: Features,
        embedding: Embedding,
        steps: int = 150,
        guidance: float = 1.0,
        solver: str = "ddim",
        negative: Embedding | None = None,
        last_level: float = 0.0,
        progress: Progress | None = None,
    ) -> Wave:
        """Render the sound that grows out of some noise.

        Args:
            noise: white, standard normal; its length is that of the sound.
            features: of ``encode_onsets``, for the same length.
            embedding: the prompt, (batch, 1, 512).
            steps: noise levels walked through; the published sampler takes 150.
            guidance: scale of classifier-free guidance; 1 for none.
            solver: a name in ``solvers.SOLVERS``.
            negative: prompt to move away from; None for the learned null prompt.
            last_level: where the schedule ends, see ``solvers.linear_levels``.
            progress: called with (steps done, steps in all).

        Returns:
            The waveform at 48 kHz, of the noise's shape.

        Raises:
            ValueError: if the length does not fit, or the solver is not known.
        """
        self._check_length(noise)
        if solver not in SOLVERS:
            raise ValueError(f"no solver {solver!r}; there are {', '.join(SOLVERS)}")
        denoise = self._denoiser(features, embedding, guidance, negative)
        extra = {} if progress is None else {"progress": progress}
        levels = linear_levels(steps, last_level).to(noise)
        signal = SOLVERS[solver](denoise, self._frames(noise), levels=levels, **extra)
        return self.front_end.decode(signal)

    def _denoiser(
        self, features: Features, embedding: Embedding, scale: float, negative: Embedding | None
    ) -> Denoiser:
        with_prompt = self.unet.prepare(features, embedding)
        if scale == 1.0:
            return lambda signal, level: self.unet(signal, level, with_prompt)
        without = self.unet.null(len(embedding)) if negative is None else negative
        without_prompt = self.unet.prepare(features, without)
        return lambda signal, level: apply_guidance(
            self.unet(signal, level, with_prompt),
            self.unet(signal, level, without_prompt),
            scale=scale,
        )

    def _frames(self, flat: Wave) -> Signal:
        return flat[:, 0].unflatten(1, (-1, self.front_end.hop)).mT

    def _flat(self, frames: Signal) -> Wave:
        return frames.mT.flatten(1)[:, None]

    def _check_length(self, wave: Wave) -> None:
        if wave.shape[2] % self.factor or not wave.shape[2]:
            raise ValueError(
                f"{wave.shape[2]} samples do not fit this model; "
                f"choose a multiple of {self.factor}, such as {self.config.clip_samples}"
            )
