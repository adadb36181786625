"""Where the sounds of a row come from: a model, the same without training, or the recordings."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Any, Protocol, runtime_checkable

import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion import DiffusionModel
from syncfusion.experiments.conditions import Request
from syncfusion.media import Waveform
from syncfusion.product import Pipeline, described, peak_gain
from syncfusion.rendering import Job, render_jobs
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack

UNTRAINED = "random, seed {seed}"


@runtime_checkable
class Maker(Protocol):
    """Makes the sounds of clips, and says how."""

    @property
    def about(self) -> Mapping[str, Any]:
        """What holds for all clips, as json can hold it."""
        ...

    def settings(self, request: Request) -> Mapping[str, Any]:
        """Return what else the sound of a clip depends on, as json can hold it."""
        ...

    def __call__(self, requests: Sequence[Request]) -> list[Waveform]:
        """Return the sounds of some clips; they do not depend on which are made together."""
        ...


class Recordings:
    """The recordings themselves: what there is to reach."""

    about: Mapping[str, Any] = {"sound": "recorded"}

    def settings(self, request: Request) -> Mapping[str, Any]:
        """Return the recording's hash."""
        return described(_recorded(request))

    def __call__(self, requests: Sequence[Request]) -> list[Waveform]:
        """Return the recordings."""
        return [_recorded(request) for request in requests]


def _recorded(request: Request) -> Waveform:
    sound = request.target.sound
    return Waveform(torch.zeros(1, 0), SAMPLE_RATE) if sound is None else sound


@dataclass(frozen=True)
class Rendering:
    """A preset's model.

    Args:
        pipeline: the preset, loaded.
        seed: of all noise; each clip gets its own from this and its name.
        steps: noise levels walked through; None for the preset's.
        guidance: how strongly the prompt counts; None for the preset's.
        weights: what to say of the diffusion model's weights; "" for their hash.
    """

    pipeline: Pipeline
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    weights: str = ""

    @property
    def about(self) -> Mapping[str, Any]:
        """Settings, weights and versions; nothing of the detector: its onsets are told."""
        preset = self.pipeline.preset
        settings = asdict(preset.render_settings(self.seed, self.steps, self.guidance))
        hashes = {k: v for k, v in preset.hashes().items() if not k.startswith("onset")}
        if self.weights:
            hashes |= {name: self.weights for name in hashes if name.startswith("diffusion")}
        return {
            "syncfusion": version("syncfusion"),
            "torch": version("torch"),
            "render": settings,
            "preset": {"name": preset.name, "peak_dbfs": preset.settings.peak_dbfs},
            "weights": hashes,
            "device": str(self.pipeline.device),
        }

    def settings(self, request: Request) -> Mapping[str, Any]:
        """Return seed, prompt and onsets."""
        prompt, track = request.prompt, request.given
        return {
            "seed": clip_seed(self.seed, request.target.name),
            "prompt": prompt if isinstance(prompt, str) else described(prompt),
            "label": request.label,
            "onsets": list(track.times),
            "gains": list(track.gains),
            "duration": track.duration,
        }

    def __call__(self, requests: Sequence[Request]) -> list[Waveform]:
        """Render the sounds, at the level that a user gets them at."""
        pipeline = self.pipeline
        settings = pipeline.preset.render_settings(self.seed, self.steps, self.guidance)
        jobs = [self._job(request) for request in requests]
        level = pipeline.preset.settings.peak_dbfs
        return [
            Waveform(sound * peak_gain(_peak(sound), level), SAMPLE_RATE)
            for sound in render_jobs(pipeline.diffusion, jobs, settings)
        ]

    def _job(self, request: Request) -> Job:
        track: OnsetTrack = request.given
        prompt = self.pipeline.prompts.embed(request.prompt)[None, None].to(self.pipeline.device)
        n_samples = sample_index(track.duration or 0.0, SAMPLE_RATE)
        return Job(track, prompt, n_samples, clip_seed(self.seed, request.target.name))


def untrained(pipeline: Pipeline, seed: int) -> Pipeline:
    """Return a preset whose diffusion model has random weights: the control, which must lose.

    Args:
        pipeline: the preset.
        seed: of the weights.

    Returns:
        The same, with a model of the same architecture and front end.
    """
    trained = pipeline.diffusion
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = DiffusionModel(trained.config)
    model.front_end.load_state_dict(trained.front_end.state_dict())
    return replace(pipeline, diffusion=model.to(pipeline.device).eval())


def clip_seed(seed: int, name: str) -> int:
    """Return the seed of a clip: another for every name, the same on every machine."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:4], "big")


def _peak(sound: torch.Tensor) -> float:
    return sound.abs().max().item() if sound.numel() else 0.0
