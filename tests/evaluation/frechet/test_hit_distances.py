"""Distances of single hits: silence around them and their level do not count, their sound does."""

import pytest
import torch

from helpers.struck_sounds import struck, track
from syncfusion.evaluation.frechet.hit_distances import with_halves_distance, with_hit_distances
from syncfusion.evaluation.frechet.set_metrics import set_metric
from syncfusion.evaluation.results import SystemResult
from syncfusion.hits import Hit, cut_hits

SYSTEM = SystemResult(name="ours", settings={}, clips=(), problems=())
NAME = "hits_frechet_logmel"


def hits(source: str, *, seed: int = 0, level: float = 0.5, tone: bool = False) -> list[Hit]:
    """The four bursts of a recording; as sines in place of noise if asked."""
    cut = cut_hits(struck(seed=seed, level=level), track(), source)
    if not tone:
        return cut
    wave = torch.sin(0.2 * torch.arange(48_000))
    return [hit._replace(samples=hit.samples.abs() * wave[: len(hit.samples)]) for hit in cut]


def test_the_same_hits_are_no_distance_apart_and_others_are():
    recorded = hits("a")
    same, other = (
        with_hit_distances(SYSTEM, recorded, generated).set_metrics[NAME].value
        for generated in (recorded, hits("a", tone=True))
    )
    assert same == pytest.approx(0, abs=1e-6)
    assert other > 30


def test_level_does_not_count():
    found = with_hit_distances(SYSTEM, hits("a"), hits("a", level=0.05)).set_metrics[NAME]
    assert found.value == pytest.approx(0, abs=0.5)
    assert found.n == 4


def test_too_few_hits_are_a_problem_and_no_metric():
    found = with_hit_distances(SYSTEM, hits("a"), [])
    assert found.set_metrics == {}
    assert found.problems == (
        "no Fréchet distance of hits: there are no sounds to embed; give at least one",
    )


def test_the_yardstick_is_the_mean_over_all_splits_into_halves():
    alike = [hit for name in "abcd" for hit in hits(name)]
    other = [hit for name in "abc" for hit in hits(name)] + hits("d", tone=True)
    near, far = (
        with_halves_distance(SYSTEM, recorded).set_metrics[NAME] for recorded in (alike, other)
    )
    assert near.value == pytest.approx(0, abs=1e-6)
    assert far.value > 10
    assert far.about["splits"] == 3
    assert far.n == 16


def test_three_recordings_have_no_halves():
    three = [hit for name in "abc" for hit in hits(name)]
    assert with_halves_distance(SYSTEM, three) == SYSTEM


def test_its_name_says_what_it_is():
    assert set_metric(NAME).title == "Fréchet distance of hits (logmel)"
    assert set_metric("hits_frechet_inf_logmel").title == "FAD∞ of hits (logmel)"
