"""Rendering of takes: in batches, and yet each as if it were alone."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.device import bfloat16_is_fast
from syncfusion.diffusion import DiffusionModel, StepProgress
from syncfusion.progress import Progress, ignore
from syncfusion.rendering.events.cache import TakeCache
from syncfusion.rendering.events.requests import ONSET, TakeRequest
from syncfusion.rendering.events.takes import Take, gated, make_take
from syncfusion.rendering.render import draw
from syncfusion.rendering.windows import FADE, LEAD, Window, timeline_noise
from syncfusion.track import OnsetTrack

BATCH = 8  # takes sampled together
RECENT = 64  # takes kept in memory, 16 MB at most
FEWEST = 4  # takes for which a batch is worth its while


class TakeRenderer:
    """Renders takes with one model.

    A take's samples are those that it has alone. On a CPU batches are used where they give the very
    same samples, which depends on the processor: the ends of the first batch of each length and
    size are compared, and in float32 there is no batch. On a GPU there are batches alone, always of
    ``BATCH`` takes, filled with copies where they are not full.

    Args:
        model: the diffusion model, in eval mode.
        device: where it is.
    """

    def __init__(self, model: DiffusionModel, device: torch.device) -> None:
        self.model, self.device = model, device
        self._always = device.type == "cuda"
        self._never = not self._always and not bfloat16_is_fast(device)
        self._exact: dict[tuple, bool] = {}  # whether a batch gives the same samples, by kind, size

    def render(
        self, requests: Sequence[TakeRequest], *, cache: TakeCache, progress: Progress = ignore
    ) -> Iterator[Take]:
        """Yield the take of each request, in order; only those that are not kept are rendered.

        Args:
            requests: equal ones share a take.
            cache: where takes are looked for and kept; ``trim`` is left to the caller.
            progress: called with ("Rendering sound", steps done, steps in all); it may raise to
                cancel, and what is finished stays in the cache.

        Yields:
            One take per request.
        """
        missing = {request.key: request for request in requests if request.key not in cache}
        total = sum(request.settings.steps for request in missing.values())
        done, recent = 0, _Recent()
        for request in requests:
            take = recent.get(request.key) or cache.get(request.key)
            if take is None:
                missing.setdefault(request.key, request)  # it was damaged
                batch = self._batch(request, missing.values())

                def step(here: int, _: int, done: int = done, size: int = len(batch)) -> None:
                    progress("Rendering sound", min(done + here * size, total), total)

                for each, sound in zip(batch, self._draw(batch, step), strict=True):
                    recent.put(_take(each, sound))
                    cache.put(recent[each.key])
                    missing.pop(each.key)
                done += len(batch) * request.settings.steps
                take = recent[request.key]
            recent.put(take)
            yield take

    def _batch(self, first: TakeRequest, others: Iterable[TakeRequest]) -> Sequence[TakeRequest]:
        """Return ``first`` and others that can be sampled with it, or ``first`` alone."""
        if self._never:
            return [first]
        kind = _kind(first)
        alike = (other for other in others if other.key != first.key and _kind(other) == kind)
        same = list(islice(alike, 2 * BATCH - 1))
        if self._always:
            return [first, *same[: BATCH - 1]]
        size = _even_share(1 + len(same))
        batch, key = [first, *same[: size - 1]], (kind, size)
        if size < FEWEST:
            return [first]
        if key not in self._exact:
            self._exact[key] = self._is_exact(batch)
        return batch if self._exact[key] else [first]

    def _is_exact(self, batch: Sequence[TakeRequest]) -> bool:
        """Whether a step of a batch gives its ends the very samples that they have alone."""
        short = [replace(each, settings=replace(each.settings, steps=1)) for each in batch]
        ends = [self._draw([short[place]], _ignored) for place in (0, -1)]
        return torch.equal(torch.cat(ends), self._draw(short, _ignored)[[0, -1]])

    def _draw(
        self, batch: Sequence[TakeRequest], progress: StepProgress
    ) -> Float[Tensor, "batch 1 time"]:
        settings, n_samples = batch[0].settings, batch[0].n_samples
        size = BATCH if self._always else len(batch)
        filled = [*batch, *[batch[-1]] * (size - len(batch))]
        sounds = draw(
            self.model,
            [OnsetTrack([ONSET / SAMPLE_RATE])] * len(filled),
            torch.cat([request.prompt for request in filled]).to(self.device),
            torch.cat(
                [timeline_noise(request.settings.seed, Window(0, n_samples)) for request in filled]
            ),
            settings,
            progress,
            batched=True,
        )
        return sounds[: len(batch)]


class _Recent(OrderedDict[str, Take]):
    """The takes used last, in memory: sounds of a round robin come back soon."""

    def put(self, take: Take) -> None:
        """Keep a take in place of the one that was used longest ago."""
        self[take.key] = take
        self.move_to_end(take.key)
        while len(self) > RECENT:
            self.popitem(last=False)


def _even_share(n_takes: int) -> int:
    """Return the size of the next batch, so that batches of at most ``BATCH`` are about equal."""
    return -(-n_takes // -(-n_takes // BATCH))


def _ignored(done: int, total: int) -> None:
    """Follow no progress."""


def _kind(request: TakeRequest) -> tuple:
    settings = request.settings
    return (
        request.n_samples,
        settings.steps,
        settings.guidance,
        settings.solver,
        settings.final_noise_level,
    )


def _take(request: TakeRequest, sound: Float[Tensor, "1 time"]) -> Take:
    """Cut a take out of its window: from ``LEAD`` before the event to its end."""
    hit = sound[:, ONSET - LEAD :].clone()
    hit[:, :LEAD] *= torch.linspace(0, 1, LEAD)
    if request.held:
        hit = hit[:, : LEAD + request.held + FADE]
    hit[:, -FADE:] *= torch.linspace(1, 0, FADE)
    take = make_take(hit, LEAD, request.key)
    return take if request.held else gated(take, request.settings.decay_gate)
