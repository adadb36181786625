"""Takes of single events: the same samples in any company, kept, and gone on with."""

from dataclasses import replace

import pytest
import torch

from helpers.takes import SETTINGS, renderer, request
from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.rendering.events.cache import TakeCache
from syncfusion.rendering.events.requests import ONSET, WINDOW
from syncfusion.rendering.events.sampling import BATCH
from syncfusion.rendering.events.takes import FULL_SCALE, TAKE_PEAK
from syncfusion.rendering.windows import FADE, LEAD


def rendered(takes, requests, folder, **options):
    return list(takes.render(requests, cache=TakeCache(folder), **options))


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("guidance", [1.0, 2.0])
def test_a_take_has_the_same_bytes_alone_and_in_any_company(
    tiny_pipeline, tmp_path, monkeypatch, fast, guidance
):
    for module in ("device", "rendering.events.sampling"):
        monkeypatch.setattr(f"syncfusion.{module}.bfloat16_is_fast", lambda device: fast)
    some = [request(tiny_pipeline, seed, guidance=guidance) for seed in range(BATCH + 1)]
    alone = [rendered(renderer(tiny_pipeline), [one], tmp_path / one.key)[0] for one in some[:3]]
    for order in (some, [some[2], some[0], some[1]], some[: BATCH - 2]):
        cache = TakeCache(tmp_path / f"{len(order)}{order[0].key}")
        takes = renderer(tiny_pipeline).render(order, cache=cache)
        found = {take.key: take for take in takes}
        assert all(torch.equal(found[take.key].samples, take.samples) for take in alone)


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"prompt": "wood hit"}, {"guidance": 1.0}, {"steps": 3}, {"seconds": 0.4}],
)
def test_what_a_take_depends_on_is_in_its_key_and_its_samples(tiny_pipeline, tmp_path, change):
    requests = [request(tiny_pipeline, **values) for values in ({}, change)]
    one, other = rendered(renderer(tiny_pipeline), requests, tmp_path)
    assert one.key != other.key
    assert not torch.equal(one.samples, other.samples)


def test_a_take_is_at_one_level_on_the_grid_and_begins_just_before_its_event(
    tiny_pipeline, tmp_path
):
    (take,) = rendered(renderer(tiny_pipeline), [request(tiny_pipeline)], tmp_path)
    grid = take.samples.double() * FULL_SCALE
    assert torch.equal(grid, grid.round())
    assert take.samples.abs().max() == pytest.approx(TAKE_PEAK, abs=1e-6)
    assert take.attack == LEAD
    assert take.samples[0, 0] == take.samples[0, -1] == 0


class Decaying:
    """A sound of 300 Hz from the event on that falls by 60 dB in so many seconds."""

    def __init__(self, seconds: float) -> None:
        time = (torch.arange(2 * WINDOW) - ONSET) / SAMPLE_RATE
        self.sound = torch.where(time < 0, 0.0, 10 ** (-3 * time / seconds))
        self.sound = self.sound * torch.sin(2 * torch.pi * 300 * time)

    def __call__(self, model, tracks, prompts, noise, settings, progress, **options):
        return self.sound[: noise.shape[2]].expand(len(noise), 1, -1)


@pytest.mark.parametrize(("gate", "decibels"), [(0.05, 26), (0.01, 40), (0.001, 60)])
def test_a_tail_ends_where_it_has_fallen_to_the_gate(
    tiny_pipeline, tmp_path, monkeypatch, gate, decibels
):
    monkeypatch.setattr("syncfusion.rendering.events.sampling.draw", Decaying(0.6))
    gated = request(tiny_pipeline, decay_gate=gate)
    (take,) = rendered(renderer(tiny_pipeline), [gated], tmp_path)
    end = (take.samples.shape[1] - LEAD - FADE) / SAMPLE_RATE
    assert end == pytest.approx(0.6 * decibels / 60, abs=0.05)


def test_a_take_ends_before_a_second_stroke_and_keeps_its_peak(
    tiny_pipeline, tmp_path, monkeypatch
):
    twice = Decaying(0.6)
    again = SAMPLE_RATE // 4  # a stroke after 0.25 s, louder than the first
    twice.sound[ONSET + again :] = 2 * twice.sound[ONSET:-again]
    monkeypatch.setattr("syncfusion.rendering.events.sampling.draw", twice)
    (take,) = rendered(
        renderer(tiny_pipeline), [request(tiny_pipeline, decay_gate=0.001)], tmp_path
    )
    end = (take.samples.shape[1] - LEAD - FADE) / SAMPLE_RATE
    assert end == pytest.approx(0.25, abs=0.04)
    assert take.samples.abs().max().item() == TAKE_PEAK


def test_an_event_with_an_end_lasts_to_it_and_one_without_a_gate_to_its_windows_end(
    tiny_pipeline, tmp_path
):
    requests = [request(tiny_pipeline, seconds=1.75), request(tiny_pipeline, decay_gate=0.0)]
    held, whole = rendered(renderer(tiny_pipeline), requests, tmp_path)
    assert held.samples.shape[1] == LEAD + 1.75 * SAMPLE_RATE + FADE
    assert whole.samples.shape[1] == WINDOW - ONSET + LEAD


def test_an_event_that_is_too_long_is_refused(tiny_pipeline):
    with pytest.raises(InputError, match=r"30\.0 s is too long"):
        request(tiny_pipeline, seconds=30)


def test_what_is_kept_is_not_rendered_again(tiny_pipeline, tmp_path, monkeypatch):
    requests = [request(tiny_pipeline, seed) for seed in (0, 1, 0)]
    first = rendered(renderer(tiny_pipeline), requests, tmp_path)
    monkeypatch.setattr("syncfusion.rendering.events.sampling.draw", None)
    again = rendered(renderer(tiny_pipeline), requests, tmp_path)
    assert [take.key for take in first] == [each.key for each in requests]
    assert first[0].key == first[2].key
    for one, other in zip(first, again, strict=True):
        assert torch.equal(one.samples, other.samples)
        assert one.attack == other.attack


def test_a_cancelled_render_goes_on_from_what_it_kept(tiny_pipeline, tmp_path):
    half = BATCH // 2 + 1  # two batches of one size
    requests = [request(tiny_pipeline, seed) for seed in range(2 * half)]

    def cancel(stage, done, total):
        if done > half * SETTINGS.steps:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rendered(renderer(tiny_pipeline), requests, tmp_path, progress=cancel)
    assert [each.key in TakeCache(tmp_path) for each in requests] == [True] * half + [False] * half
    told = []
    rendered(
        renderer(tiny_pipeline), requests, tmp_path, progress=lambda *numbers: told.append(numbers)
    )
    steps = half * SETTINGS.steps
    assert told[-1] == ("Rendering sound", steps, steps)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_sound_that_is_not_finite_is_refused(tiny_pipeline, tmp_path, monkeypatch):
    broken = lambda model, tracks, prompts, noise, *rest, **named: noise * float("nan")  # noqa: E731
    monkeypatch.setattr("syncfusion.rendering.events.sampling.draw", broken)
    with pytest.raises(InputError, match="not finite"):
        rendered(renderer(tiny_pipeline), [request(tiny_pipeline)], tmp_path)
    assert not list(tmp_path.rglob("*.take"))


def test_the_seed_of_the_settings_is_the_takes(tiny_pipeline):
    one = request(tiny_pipeline, 5)
    assert replace(one.settings, seed=6) != one.settings
