"""Event mode: the models of a preset as a source of takes."""

import collections
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion import DiffusionModel
from syncfusion.product.event_mix import EventMix
from syncfusion.product.event_plan import Embed, EventOptions, PlannedEvent, Prompt, plan_events
from syncfusion.product.event_tracks import following
from syncfusion.progress import Progress
from syncfusion.rendering import (
    SILENCE,
    RenderSettings,
    Take,
    TakeCache,
    TakeRenderer,
    default_cache,
    jittered,
)
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack
from syncfusion.weights import state_hash


class EventMode:
    """Renders events one by one.

    Args:
        diffusion: the model, in eval mode.
        embed: returns the embedding of a prompt.
        device: of the model.
    """

    def __init__(self, diffusion: DiffusionModel, embed: Embed, device: torch.device) -> None:
        self._embed = embed
        self._renderer = TakeRenderer(diffusion, device)

    @cached_property
    def model(self) -> str:
        """Hash of what a take's samples depend on beside its request."""
        renderer = self._renderer
        facts = (state_hash(renderer.model), renderer.device.type, torch.__version__)
        return hashlib.sha256(" ".join(facts).encode()).hexdigest()

    def plan(
        self, track: OnsetTrack, prompt: Prompt, settings: RenderSettings, options: EventOptions
    ) -> list[PlannedEvent]:
        """Return what every event is rendered from; see ``plan_events``."""
        return plan_events(
            track, prompt, settings, model=self.model, embed=self._embed, options=options
        )

    def takes(
        self, events: Sequence[PlannedEvent], cache: TakeCache | None, progress: Progress
    ) -> Iterator[Take]:
        """Yield the take of each event: rendered, recorded, or silence for a muted one.

        Args:
            events: of one plan.
            cache: of takes; None for the user's.
            progress: called with ("Rendering sound", steps done, steps in all).

        Yields:
            One take per event.
        """
        cache = default_cache() if cache is None else cache
        requests = [event.request for event in events if event.request is not None]
        takes = self._renderer.render(requests, cache=cache, progress=progress)
        for event in events:
            if event.recording is not None:
                yield event.recording.take(cache)
                continue
            take = SILENCE if event.request is None else next(takes)
            yield take if event.jitter is None else jittered(take, event.jitter)

    def render_ahead(
        self,
        track: OnsetTrack,
        prompt: Prompt,
        settings: RenderSettings,
        options: EventOptions,
        *,
        cache: TakeCache,
        progress: Progress,
    ) -> None:
        """Render the takes of a track's variations together, so that each then finds its own.

        Args:
            track: of the first variation.
            prompt: of events without one of their own.
            settings: how to sample; their seed is the first variation's.
            options: how many variations, and where prompts come from.
            cache: keeps the takes.
            progress: see ``takes``.

        Raises:
            InputError: as ``plan_events`` does.
        """
        events: list[PlannedEvent] = []
        for _ in range(options.variations):
            events += self.plan(track, prompt, settings, options)
            track, seed = following(track, settings.seed)
            settings = replace(settings, seed=seed)
        requests = [event.request for event in events if event.request is not None]
        rendered = self._renderer.render(requests, cache=cache, progress=progress)
        collections.deque(rendered, maxlen=0)

    def mix(
        self,
        events: Sequence[PlannedEvent],
        duration: float,
        *,
        peak_dbfs: float,
        cache: TakeCache | None,
        progress: Progress,
    ) -> EventMix:
        """Return the sound of a plan.

        Args:
            events: the plan.
            duration: of the sound in seconds.
            peak_dbfs: highest peak, see ``EventMix``.
            cache: of takes; None for the user's.
            progress: see ``takes``.

        Returns:
            The mix, not yet rendered.
        """
        kept = default_cache() if cache is None else cache
        return EventMix(
            events,
            lambda some: self.takes(some, kept, progress),
            sample_index(duration, SAMPLE_RATE),
            peak_dbfs,
        )
