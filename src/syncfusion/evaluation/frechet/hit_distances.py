"""Fréchet distances of single hits: they compare the hits, not the silence between them.

A distance of whole sounds depends mostly on the silence between hits: digital silence is far from
the noise of a room. So hits are cut out and normalised to the same peak. The distance between two
halves of the recordings is the yardstick: other objects and rooms, but all of them real.
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
from syncfusion.evaluation.results import SetMetric, SystemResult
from syncfusion.hits import Hit
from syncfusion.media import Waveform

MAX_SPLITS = 35  # number of splits to average; all splits for up to eight recordings


def with_hit_distances(
    system: SystemResult, recorded: Sequence[Hit], generated: Sequence[Hit]
) -> SystemResult:
    """Add the distance of a system's hits from recorded hits.

    Args:
        system: a system with its clips.
        recorded: hits of the recordings of the same clips, 48 kHz.
        generated: hits cut from the system's sounds, 48 kHz.

    Returns:
        The system with the plain distance and FAD∞ of hits, or with a problem if there are too few
        hits.
    """
    try:
        found = distances(_embedded(recorded), _embedded(generated), HITS)
    except InputError as error:
        problem = f"no Fréchet distance of hits: {error}"
        return replace(system, problems=(*system.problems, problem))
    return replace(system, set_metrics={**system.set_metrics, **found})


def with_halves_distance(system: SystemResult, recorded: Sequence[Hit]) -> SystemResult:
    """Add to the system of the recordings the distance between two halves of them.

    Args:
        system: the system of the recordings.
        recorded: their hits, 48 kHz.

    Returns:
        The system with the mean distance over splits into halves; unchanged for fewer than four
        recordings.
    """
    names = sorted({hit.source for hit in recorded})
    if len(names) < 4:
        return system
    embedded = _embedded(recorded)
    found = [_between(embedded, recorded, half) for half in _halves(names)]
    metric = SetMetric(
        value=fmean(found),
        n=len(recorded),
        about={"between": "halves of the recordings", "splits": len(found)},
    )
    name = f"{HITS}{PLAIN}_{embedded.embedder}"
    return replace(system, set_metrics={**system.set_metrics, name: metric})


def _embedded(hits: Sequence[Hit]) -> Embeddings:
    sounds = (Waveform((hit.samples / hit.samples.abs().max())[None], SAMPLE_RATE) for hit in hits)
    return embed_all(LogMel(), sounds)


def _halves(names: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield one half of the names per split: every split once, or ``MAX_SPLITS`` random ones."""
    size = len(names) // 2
    if len(names) <= 8:
        for rest in itertools.combinations(names[1:], size - 1):
            yield frozenset((names[0], *rest))
        return
    rng = random.Random(0)
    for _ in range(MAX_SPLITS):
        yield frozenset(rng.sample(names, size))


def _between(embedded: Embeddings, hits: Sequence[Hit], half: frozenset[str]) -> float:
    inside = [index for index, hit in enumerate(hits) if hit.source in half]
    outside = [index for index, hit in enumerate(hits) if hit.source not in half]
    return squared_distance(*(Gaussian.of(embedded.of(part)) for part in (inside, outside)))
