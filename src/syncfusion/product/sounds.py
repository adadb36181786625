"""Sounds on their way to files: what writes one, and track mode's, brought to one peak."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import soundfile
import torch

from syncfusion.constants import NOISE_PEAK, SAMPLE_RATE
from syncfusion.media import LoudnessMeter, WavWriter, temporary_folder, to_dbfs
from syncfusion.rendering import Block

BLOCK = 2**18  # samples read from the unscaled sound at once


@runtime_checkable
class Sound(Protocol):
    """A sound that is rendered while it is written or returned, once."""

    def render(self) -> Block:
        """Return the whole of it at 48 kHz, (1, time)."""
        ...

    def write(self, path: Path, stems: Mapping[str, Path]) -> dict[str, Any]:
        """Write it as wav of 48 kHz, mono, 24 bit.

        Args:
            path: of the whole.
            stems: file by group, which add up to the whole; empty for none.

        Returns:
            Its levels, as json values.
        """
        ...


def peak_gain(peak: float, peak_dbfs: float) -> float:
    """Return the factor that scales ``peak`` (linear) to ``peak_dbfs``; 1 below ``NOISE_PEAK``."""
    return 10 ** (peak_dbfs / 20) / peak if peak > NOISE_PEAK else 1.0


@dataclass(frozen=True)
class Normalised:
    """A sound without stems that is brought to a peak.

    Args:
        blocks: consecutive blocks at 48 kHz; consumed while they are written.
        peak_dbfs: peak of the sound written, 0 or less.
    """

    blocks: Iterable[Block]
    peak_dbfs: float

    def render(self) -> Block:
        """Return the whole sound, rescaled."""
        sound = torch.cat([torch.zeros(1, 0), *self.blocks], dim=1)
        peak = sound.abs().max().item() if sound.numel() else 0.0
        return sound * peak_gain(peak, self.peak_dbfs)

    def write(self, path: Path, stems: Mapping[str, Path]) -> dict[str, Any]:
        """Write unscaled while measuring the peak, then rescale."""
        levels, _ = write_scaled(path, self.blocks, lambda peak: peak_gain(peak, self.peak_dbfs))
        return levels


def write_scaled(
    path: Path, blocks: Iterable[Block], gain_for: Callable[[float], float]
) -> tuple[dict[str, Any], float]:
    """Write a sound with a gain that depends on its peak, in constant memory.

    Args:
        path: of the sound, 48 kHz mono, 24 bit.
        blocks: consecutive blocks at 48 kHz; consumed once.
        gain_for: returns the gain (linear) for a peak.

    Returns:
        Peak and loudness of what was written, as json values, and its gain.
    """
    with temporary_folder(path) as folder:
        raw, peak = folder / "raw.wav", 0.0
        with WavWriter(raw, sample_rate=SAMPLE_RATE, subtype="FLOAT") as writer:
            for block in blocks:
                peak = max(peak, block.abs().max().item() if block.numel() else 0.0)
                writer.write(block)
        gain, meter = gain_for(peak), LoudnessMeter()
        with WavWriter(path, sample_rate=SAMPLE_RATE) as writer:
            for block in read_blocks(raw):
                meter.add(block * gain)
                writer.write(block * gain)
    return {"peak_dbfs": to_dbfs(gain * peak), "loudness_lufs": meter.integrated()}, gain


def read_blocks(path: Path) -> Iterator[Block]:
    """Yield consecutive blocks of a wav, (1, time)."""
    for samples in soundfile.blocks(path, BLOCK, dtype="float32", always_2d=True):
        yield torch.from_numpy(samples.T.copy())
