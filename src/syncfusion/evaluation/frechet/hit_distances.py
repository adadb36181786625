"""Fréchet distances of single hits: what is struck, not how silent it is in between.

Whole sounds are told apart by the silence between their hits before all else: digital silence is
far from the noise of a room. So the hits are cut out, brought to one level and compared by
themselves. How far the hits of one half of the recordings are from those of the other half is the
yardstick: other objects and rooms, but all of them real.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.embedders import Embeddings, LogMel, embed_all
from syncfusion.evaluation.frechet.gaussian import Gaussian, squared_distance
from syncfusion.evaluation.frechet.set_metrics import HITS, PLAIN, distances
from syncfusion.evaluation.results import SetFigure, SystemResult
from syncfusion.hits import Hit
from syncfusion.media import Waveform

MAX_SPLITS = 35  # into halves that are averaged; all of them up to seven or eight recordings


def with_hit_distances(
    system: SystemResult, recorded: Sequence[Hit], judged: Sequence[Hit]
) -> SystemResult:
    """Add the distance of a system's hits from recorded ones.

    Args:
        system: with its clips.
        recorded: hits of the recordings of the same clips, 48 kHz.
        judged: hits cut from the system's sounds, 48 kHz.

    Returns:
        The system with a plain figure and one extrapolated to endless sets; with a problem where
        there are too few hits.
    """
    try:
        found = distances(_embedded(recorded), _embedded(judged), HITS)
    except InputError as error:
        problem = f"no Fréchet distance of hits: {error}"
        return replace(system, problems=(*system.problems, problem))
    return replace(system, set_figures={**system.set_figures, **found})


def with_halves_distance(system: SystemResult, recorded: Sequence[Hit]) -> SystemResult:
    """Add to the row of the recordings how far one half of them is from the other.

    Args:
        system: the recordings.
        recorded: their hits, 48 kHz.

    Returns:
        The system with the mean over the ways to split the recordings; as it was under four.
    """
    names = sorted({hit.source for hit in recorded})
    if len(names) < 4:
        return system
    embedded = _embedded(recorded)
    found = [_between(embedded, recorded, half) for half in _halves(names)]
    figure = SetFigure(
        value=fmean(found),
        n=len(recorded),
        about={"between": "halves of the recordings", "splits": len(found)},
    )
    name = f"{HITS}{PLAIN}_{embedded.embedder}"
    return replace(system, set_figures={**system.set_figures, name: figure})


def _embedded(hits: Sequence[Hit]) -> Embeddings:
    sounds = (Waveform((hit.samples / hit.samples.abs().max())[None], SAMPLE_RATE) for hit in hits)
    return embed_all(LogMel(), sounds)


def _halves(names: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield halves of the names: each split once, or as many random ones."""
    size = len(names) // 2
    if len(names) <= 8:
        for rest in itertools.combinations(names[1:], size - 1):
            yield frozenset((names[0], *rest))
        return
    chance = random.Random(0)
    for _ in range(MAX_SPLITS):
        yield frozenset(chance.sample(names, size))


def _between(embedded: Embeddings, hits: Sequence[Hit], half: frozenset[str]) -> float:
    inside = [index for index, hit in enumerate(hits) if hit.source in half]
    outside = [index for index, hit in enumerate(hits) if hit.source not in half]
    return squared_distance(*(Gaussian.of(embedded.of(part)) for part in (inside, outside)))
