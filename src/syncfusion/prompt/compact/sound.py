"""The sound half of the compact prompt encoder: log-mel spectrum, small CNN, pooling over time."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional
from torchaudio.transforms import MelSpectrogram

from syncfusion.constants import PROMPT_FEATURES, SAMPLE_RATE, SILENT_PEAK
from syncfusion.errors import InputError

MELS, WINDOW, HOP = 64, 2048, 480  # bands, samples, samples: 10 ms per frame
LOWEST_HZ, HIGHEST_HZ = 40.0, 20_000.0
RANGE_DB = 60.0  # below the loudest band; quieter is the room, not the object
FRAMES_PER_COLUMN = 4  # time step of the CNN's last map, in frames
MAX_SAMPLES = 10 * SAMPLE_RATE  # of a longer reference the loudest 10 s are used
MIN_SAMPLES = SAMPLE_RATE  # shorter references are followed by silence
LEAD_SAMPLES = 480  # silence kept before a sound starts
AUDIBLE = 0.01  # of the peak; the sound starts and ends where it passes this
CHANNELS, SUMMARY_FEATURES, HEADS = (16, 32, 64, 96), 192, 4


def prepare(samples: Float[Tensor, " time"]) -> Float[Tensor, " kept"]:
    """Cut silence off a sound, scale it to peak 1 and bring it to 1 to 10 s.

    Args:
        samples: 48 kHz mono.

    Returns:
        The loudest 10 s of a longer sound; a shorter one is padded with silence at its end.

    Raises:
        InputError: if the sound is empty, silent or not finite.
    """
    peak = audible_peak(samples)
    scaled = loudest(samples / peak)
    audible = (scaled.abs() > AUDIBLE * scaled.abs().max()).nonzero()
    cut = scaled[audible[0, 0] : audible[-1, 0] + 1]
    missing = max(0, MIN_SAMPLES - LEAD_SAMPLES - len(cut))
    return functional.pad(cut, (LEAD_SAMPLES, missing))


def audible_peak(samples: Float[Tensor, " time"], silent: float = SILENT_PEAK) -> float:
    """Return the peak of a sound.

    Args:
        samples: 48 kHz mono.
        silent: lowest peak that counts as a sound.

    Returns:
        The largest magnitude.

    Raises:
        InputError: if the sound is empty, silent or not finite.
    """
    peak = samples.abs().max().item() if len(samples) else 0.0
    if not silent <= peak < float("inf"):
        raise InputError(
            f"the reference sound has {len(samples) / SAMPLE_RATE:.2f} s and its peak is {peak:g}; "
            "choose a recording with an audible sound"
        )
    return peak


def loudest(samples: Float[Tensor, " time"]) -> Float[Tensor, " stretch"]:
    """Return the loudest 10 s of 48 kHz mono, or the whole of a shorter sound."""
    if len(samples) <= MAX_SAMPLES:
        return samples
    energy = functional.pad(samples.double().square().cumsum(0), (1, 0))
    starts = (energy[MAX_SAMPLES:] - energy[:-MAX_SAMPLES])[::HOP]
    first = int(starts.argmax()) * HOP
    return samples[first : first + MAX_SAMPLES]


def mel_transform() -> MelSpectrogram:
    """Return the transform for ``log_mel``; it has no learned weights."""
    return MelSpectrogram(
        SAMPLE_RATE, WINDOW, hop_length=HOP, f_min=LOWEST_HZ, f_max=HIGHEST_HZ, n_mels=MELS
    )


def log_mel(
    samples: Float[Tensor, "batch time"], transform: MelSpectrogram
) -> Float[Tensor, "batch mel frame"]:
    """Return the log-mel spectrum, scaled so that the sound's peak is 1 and 60 dB below it is 0.

    Quieter bands are 0 too. Each sound is scaled by its own loudest band of any frame, so its
    loudness does not matter.
    """
    power = transform(samples)
    loudest = power.amax((1, 2), keepdim=True).clamp(min=1e-12)
    decibels = 10 * (power / loudest).clamp(min=10 ** (-RANGE_DB / 10)).log10()
    return 1 + decibels / RANGE_DB


def frame_weights(
    spectrum: Float[Tensor, "batch mel frame"],
) -> Float[Tensor, "batch 1 column"]:
    """Return a weight per column of the CNN's map: the square of its loudness, 0 for silence."""
    loudness = spectrum.amax(1, keepdim=True)
    return functional.avg_pool1d(loudness, FRAMES_PER_COLUMN, ceil_mode=True).square()


class SoundNet(nn.Module):
    """Four convolutions over (mel, frame), then mean, spread and attended means over time."""

    def __init__(self) -> None:
        super().__init__()
        strides = ((2, 1), (2, 2), (2, 2), (2, 1))
        channels = (1, *CHANNELS)
        self.layers = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(channels[i], channels[i + 1], 3, stride, padding=1, bias=False),
                    nn.BatchNorm2d(channels[i + 1]),
                    nn.ReLU(),
                )
                for i, stride in enumerate(strides)
            )
        )
        height = MELS // 2 ** len(strides)
        self.summary = nn.Conv1d(CHANNELS[-1] * height, SUMMARY_FEATURES, 3, padding=1)
        self.attention = nn.Conv1d(SUMMARY_FEATURES, HEADS, 1)
        self.project = nn.Sequential(
            nn.Linear(SUMMARY_FEATURES * (2 + HEADS), PROMPT_FEATURES),
            nn.GELU(),
            nn.Linear(PROMPT_FEATURES, PROMPT_FEATURES),
        )

    def forward(self, spectrum: Float[Tensor, "batch mel frame"]) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per sound."""
        columns = self.layers(spectrum[:, None]).flatten(1, 2)
        columns = functional.gelu(self.summary(columns))
        pooled = self._pool(columns, frame_weights(spectrum))
        return functional.normalize(self.project(pooled), dim=-1)

    def _pool(
        self,
        columns: Float[Tensor, "batch feature column"],
        weights: Float[Tensor, "batch 1 column"],
    ) -> Float[Tensor, "batch pooled"]:
        attended = self.attention(columns).clamp(-8, 8).exp() * weights
        weights = torch.cat((weights, attended), 1)
        weights = weights / weights.sum(-1, keepdim=True)
        means = torch.einsum("bfc,bhc->bhf", columns, weights)
        spread = (columns - means[:, 0, :, None]).square() * weights[:, :1]
        return torch.cat((means.flatten(1), spread.sum(-1).add(1e-6).sqrt()), 1)
