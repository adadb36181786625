"""Picture of a sound: waveform and mel spectrogram, with the onsets it was rendered from."""

from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor
from torchaudio.transforms import MelSpectrogram

from syncfusion.constants import SILENT_BAND_DB
from syncfusion.media import Waveform, temporary_sibling
from syncfusion.track import OnsetTrack

HOP = 512  # samples per column
FLOOR_DB = -80.0  # lowest value, relative to the loudest


def draw_sound(sound: Waveform, track: OnsetTrack, path: str | Path, *, title: str = "") -> None:
    """Write a png of a sound and its onsets.

    Args:
        sound: rendered or recorded sound; channels are averaged.
        track: onsets to mark by dashed lines; opacity shows confidence.
        path: png file to write.
        title: text above the picture.
    """
    from matplotlib.figure import Figure

    samples, rate = sound.mono().samples[0], sound.sample_rate
    decibels = mel_spectrogram(sound)
    figure = Figure(figsize=(12, 5), layout="constrained")
    wave, spectrogram = figure.subplots(2, 1, sharex=True, height_ratios=(1, 2))
    seconds = torch.arange(len(samples)) / rate
    wave.plot(seconds, samples, linewidth=0.4, color="black")
    wave.set(ylim=(-1, 1), ylabel="amplitude", title=title)
    extent = (0.0, sound.duration, 0.0, float(decibels.shape[0]))
    spectrogram.imshow(decibels, origin="lower", aspect="auto", extent=extent, cmap="magma")
    spectrogram.set(xlabel="seconds", ylabel="mel band")
    for axes, color in ((wave, "crimson"), (spectrogram, "cyan")):
        for onset in track:
            strength = min(1.0, 0.3 + 0.7 * onset.confidence)
            axes.axvline(onset.time, color=color, alpha=strength, linewidth=0.8, linestyle="--")
    with temporary_sibling(path) as temporary:
        figure.savefig(temporary, dpi=100)


def mel_spectrogram(sound: Waveform) -> Float[Tensor, "128 column"]:
    """Return a mel spectrogram, low bands first: dB below the loudest, from ``FLOOR_DB`` to 0.

    Silence is ``FLOOR_DB`` throughout.
    """
    transform = MelSpectrogram(
        sound.sample_rate, n_fft=2048, hop_length=HOP, n_mels=128, pad_mode="constant"
    )
    power = 10 * torch.log10(
        transform(sound.mono().samples[0]).clamp_min(10 ** (SILENT_BAND_DB / 10))
    )
    return (power - power.max().clamp_min(SILENT_BAND_DB - FLOOR_DB)).clamp_min(FLOOR_DB)
