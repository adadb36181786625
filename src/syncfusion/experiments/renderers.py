"""Sources of the sounds of a row: a model, its untrained copy, or the recordings."""

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
from syncfusion.product import EVENTS, Pipeline, described, peak_gain
from syncfusion.rendering import RenderJob, render_jobs
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack

UNTRAINED = "random, seed {seed}"


@runtime_checkable
class SystemRenderer(Protocol):
    """Returns the sounds of clips and the settings they depend on."""

    @property
    def about(self) -> Mapping[str, Any]:
        """Settings shared by all clips, as json values."""
        ...

    def settings(self, request: Request) -> Mapping[str, Any]:
        """Return the other settings that a clip's sound depends on, as json values."""
        ...

    def __call__(self, requests: Sequence[Request]) -> list[Waveform]:
        """Return the sounds of some clips; they do not depend on the choice of clips in a call."""
        ...


class RecordingsRenderer:
    """Returns the recordings themselves: the upper bound of every metric."""

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
class ModelRenderer:
    """Renders with the model of a preset.

    Args:
        pipeline: the loaded preset.
        seed: seed of all noise; the seed of a clip is derived from this and its name.
        steps: number of sampling steps; None for the preset's.
        guidance: guidance scale; None for the preset's.
        weights: text in place of the hash of the diffusion weights; "" for the hash.
    """

    pipeline: Pipeline
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    weights: str = ""

    @property
    def about(self) -> Mapping[str, Any]:
        """Settings, weights and versions, without the detector: onsets are part of ``settings``."""
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
        prompt, track = request.prompt, request.onsets
        return {
            "seed": clip_seed(self.seed, request.target.name),
            "prompt": prompt if isinstance(prompt, str) else described(prompt),
            "label": request.label,
            "onsets": list(track.times),
            "gains": list(track.gains),
            "duration": track.duration,
        }

    def __call__(self, requests: Sequence[Request]) -> list[Waveform]:
        """Render the sounds at the preset's peak."""
        pipeline = self.pipeline
        settings = pipeline.preset.render_settings(self.seed, self.steps, self.guidance)
        jobs = [self._job(request) for request in requests]
        peak_dbfs = pipeline.preset.settings.peak_dbfs
        return [
            Waveform(sound * peak_gain(_peak(sound), peak_dbfs), SAMPLE_RATE)
            for sound in render_jobs(pipeline.diffusion, jobs, settings)
        ]

    def _job(self, request: Request) -> RenderJob:
        track: OnsetTrack = request.onsets
        prompt = self.pipeline.prompts.embed(request.prompt)[None, None].to(self.pipeline.device)
        n_samples = sample_index(track.duration or 0.0, SAMPLE_RATE)
        return RenderJob(track, prompt, n_samples, clip_seed(self.seed, request.target.name))


@dataclass(frozen=True)
class EventRenderer(ModelRenderer):
    """Renders every event by itself; takes that are kept are not rendered again."""

    @property
    def about(self) -> Mapping[str, Any]:
        """As of ``ModelRenderer``, with the settings of event mode."""
        preset = self.pipeline.preset
        settings = preset.render_settings(self.seed, self.steps, self.guidance, EVENTS)
        return {**super().about, "render": asdict(settings), "mode": EVENTS}

    def __call__(self, requests: Sequence[Request]) -> list[Waveform]:
        """Render the sounds at the level of event mode."""
        return [
            self.pipeline.render(
                request.onsets,
                request.prompt,
                mode=EVENTS,
                seed=clip_seed(self.seed, request.target.name),
                steps=self.steps,
                guidance=self.guidance,
            )
            for request in requests
        ]


def untrained(pipeline: Pipeline, seed: int) -> Pipeline:
    """Return a preset whose diffusion model has random weights: the control.

    Args:
        pipeline: the preset.
        seed: seed of the weights.

    Returns:
        The preset with a new model of the same architecture and front end.
    """
    trained = pipeline.diffusion
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = DiffusionModel(trained.config)
    model.front_end.load_state_dict(trained.front_end.state_dict())
    return replace(pipeline, diffusion=model.to(pipeline.device).eval())


def clip_seed(seed: int, name: str) -> int:
    """Return the seed of a clip: different for every name, the same on every machine."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:4], "big")


def _peak(sound: torch.Tensor) -> float:
    return sound.abs().max().item() if sound.numel() else 0.0
