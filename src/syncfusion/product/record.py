"""The settings file beside a result: everything needed to make the same again."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from syncfusion.hashing import file_hash
from syncfusion.media import Waveform
from syncfusion.onset import STRENGTH
from syncfusion.product.event_plan import PlannedEvent, Prompt, described_events
from syncfusion.product.preset import Preset
from syncfusion.product.preset_settings import EVENTS
from syncfusion.rendering import RenderSettings
from syncfusion.track import OnsetTrack


def record(
    video: Path,
    prompt: Prompt,
    track: OnsetTrack,
    *,
    threshold: float | None,
    gains: str | None = None,
    mode: str,
    render: RenderSettings,
    preset: Preset,
    device: torch.device,
    events: Sequence[PlannedEvent] = (),
    round_robin: int = 0,
) -> dict[str, Any]:
    """Return what a result was made from, as plain values.

    Args:
        video: the input.
        prompt: a text, or a reference sound, of which the hash is recorded; None where each event
            has its own.
        track: the onsets.
        threshold: of their detection; None where the onsets were not detected.
        gains: of their detection, likewise.
        mode: whether events were rendered one by one or the track as a whole.
        render: how the sound was sampled.
        preset: the models.
        device: where it was computed; another device rounds differently.
        events: what each event was rendered from, in event mode.
        round_robin: takes of each sound there, 0 for one of each event.

    Returns:
        Names and values that json can hold.
    """
    return {
        "syncfusion": version("syncfusion"),
        "video": {"name": video.name, "sha256": file_hash(video)},
        "prompt": described(prompt) if isinstance(prompt, Waveform) else prompt,
        "onsets": len(track),
        "duration": track.duration,
        "threshold": threshold,
        "gains": gains,
        "mode": mode,
        "render": asdict(render),
        "preset": {"name": preset.name, **asdict(preset.settings)},
        "weights": preset.hashes() | _strength(preset),
        "device": str(device),
        **(_of_events(events, round_robin) if mode == EVENTS else {}),
    }


def _of_events(events: Sequence[PlannedEvent], round_robin: int) -> dict[str, Any]:
    return {"round_robin": round_robin, "events": described_events(events)}


def _strength(preset: Preset) -> dict[str, str]:
    file = preset.folder / STRENGTH
    return {file.name: file_hash(file)} if file.is_file() else {}


def described(sound: Waveform) -> dict[str, Any]:
    """Return length, rate and hash of a reference sound."""
    samples = sound.samples.cpu().contiguous().numpy().tobytes()
    return {
        "seconds": sound.duration,
        "sample_rate": sound.sample_rate,
        "sha256": hashlib.sha256(samples).hexdigest(),
    }
