"""The settings file beside a result: everything needed to make the same again."""

import hashlib
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from syncfusion.media import Waveform
from syncfusion.product.preset import Preset
from syncfusion.rendering import RenderSettings
from syncfusion.track import OnsetTrack
from syncfusion.weights import file_hash


def record(
    video: Path,
    prompt: str | Waveform,
    track: OnsetTrack,
    *,
    threshold: float | None,
    render: RenderSettings,
    preset: Preset,
    device: torch.device,
) -> dict[str, Any]:
    """Return what a result was made of and with, as json can hold it.

    Args:
        video: the input.
        prompt: a text, or a reference sound; of the latter its hash is kept.
        track: the onsets.
        threshold: what they were detected with; None for onsets that were given.
        render: how the sound was drawn.
        preset: the models.
        device: where it was computed; another one rounds differently.

    Returns:
        Names and plain values.
    """
    return {
        "syncfusion": version("syncfusion"),
        "video": {"name": video.name, "sha256": file_hash(video)},
        "prompt": prompt if isinstance(prompt, str) else described(prompt),
        "onsets": len(track),
        "duration": track.duration,
        "threshold": threshold,
        "render": asdict(render),
        "preset": {"name": preset.name, **asdict(preset.settings)},
        "weights": preset.hashes(),
        "device": str(device),
    }


def described(sound: Waveform) -> dict[str, Any]:
    """Return what identifies a reference sound."""
    samples = sound.samples.cpu().contiguous().numpy().tobytes()
    return {
        "seconds": sound.duration,
        "sample_rate": sound.sample_rate,
        "sha256": hashlib.sha256(samples).hexdigest(),
    }
