from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from syncfusion.constants import CLIP_SAMPLES, SAMPLE_RATE
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.errors import InputError
from syncfusion.rendering.render import (
    TAIL_SECONDS,
    RenderSettings,
    decay_gated,
    onset_mask,
    render_blocks,
    with_edge_fades,
)
from syncfusion.rendering.windows import (
    FADE,
    LEAD,
    NOISE_BLOCK,
    OVERLAP,
    Window,
    joint,
    timeline_noise,
    windows,
)
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack

CLIP = 2**16
FACTOR = 512
HOP = CLIP - OVERLAP
PROMPT = torch.zeros(1, 1, 512)


class Echo(DiffusionModel):
    """A model that plays its noise, and the onsets ten times as loud: a signal of the timeline."""

    config = SimpleNamespace(clip_samples=CLIP)
    factor = FACTOR

    def __init__(self):
        nn.Module.__init__(self)
        self.lengths = []

    def encode_onsets(self, impulses):
        return [impulses]

    def sample(self, noise, *, features, steps, progress, **settings):
        self.lengths.append(noise.shape[2])
        if progress is not None:
            for step in range(steps):
                progress(step + 1, steps)
        return noise + 10 * features[0]


def how(**changes):
    return RenderSettings(**{"steps": 3, "guidance": 1.0, "solver": "ddim", "seed": 7} | changes)


def rendered(track, n_samples, model=None):
    blocks = render_blocks(model or Echo(), track, PROMPT, n_samples, how())
    return torch.cat(list(blocks), dim=1)


def noise_of(n_samples):
    return timeline_noise(7, Window(0, max(n_samples, 1)))[0, :, :n_samples]


def busy(n_samples, gap=0.3):
    """Onsets from the first sample on, so that nothing is silent."""
    duration = max(n_samples / SAMPLE_RATE, 1e-3)
    return OnsetTrack([k * gap for k in range(int(duration / gap) + 1) if k * gap < duration])


@given(n_samples=st.integers(0, 20 * CLIP), factor=st.sampled_from([1, 256, 1024, 2048]))
def test_windows_cover_the_timeline_and_share_the_overlap(n_samples, factor):
    plan = windows(n_samples, CLIP_SAMPLES, factor)
    assert plan[0].start == 0
    assert n_samples <= plan[-1].end < max(n_samples, 1) + factor
    for window, after in zip(plan, plan[1:], strict=False):
        assert window.length == CLIP_SAMPLES
        assert window.end - after.start == OVERLAP
        assert window.end < n_samples
    for window in plan:
        assert 0 < window.length <= CLIP_SAMPLES
        assert window.length % factor == 0
        assert window.start % NOISE_BLOCK == 0


@pytest.mark.parametrize(("clip", "factor"), [(OVERLAP, 1), (CLIP + 256, 256), (CLIP, 3)])
def test_a_model_that_cannot_advance_is_refused(clip, factor):
    with pytest.raises(ValueError, match="cannot render in windows"):
        windows(10, clip, factor)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), first=st.integers(0, 40), later=st.integers(1, 3))
def test_overlapping_windows_start_from_the_same_noise(seed, first, later):
    one = Window(first * NOISE_BLOCK, CLIP)
    other = Window((first + later) * NOISE_BLOCK, 3 * FACTOR)
    shared = timeline_noise(seed, one)[..., other.start - one.start :][..., : other.length]
    assert torch.equal(timeline_noise(seed, other)[..., : shared.shape[2]], shared)


def test_noise_is_white_and_another_for_every_seed_and_block():
    noise = timeline_noise(0, Window(0, CLIP))
    assert noise.std() == pytest.approx(1, abs=0.02)
    assert not torch.equal(noise[..., :NOISE_BLOCK], noise[..., NOISE_BLOCK : 2 * NOISE_BLOCK])
    assert not torch.equal(noise, timeline_noise(1, Window(0, CLIP)))


@pytest.mark.parametrize(
    "n_samples",
    [0, 1, FACTOR - 1, FACTOR + 1, CLIP - 1, CLIP, CLIP + 1, CLIP + HOP, 5 * HOP + 12_345],
)
def test_the_joined_sound_is_the_timelines_at_every_length(n_samples):
    track = busy(n_samples)
    expected = noise_of(n_samples) + 10 * track.impulses(SAMPLE_RATE, n_samples)
    torch.testing.assert_close(rendered(track, n_samples), expected[:, :n_samples])


def test_a_model_that_disagrees_with_itself_is_crossfaded_without_a_step():
    class Flat(Echo):
        def sample(self, noise, **_):
            self.lengths.append(noise.shape[2])
            return torch.full_like(noise, float(len(self.lengths)))

    sound = rendered(busy(8 * HOP), 8 * HOP, Flat())
    assert sound[0, 0] == 1
    assert sound[0, -1] > 1
    assert sound.diff().abs().max() < 1.5 / FADE


def test_windows_join_ahead_of_an_onset_in_their_overlap():
    before, after = Window(0, CLIP), Window(HOP, CLIP)
    late = (before.end - 2 * FADE) / SAMPLE_RATE
    start = joint(OnsetTrack([0.1, late]), before, after)
    assert start + FADE + LEAD == sample_index(late, SAMPLE_RATE)
    assert joint(OnsetTrack([]), before, after) + FADE == before.end


def test_a_track_without_onsets_is_silent_and_the_model_is_not_asked():
    model, heard = Echo(), []
    blocks = render_blocks(
        model, OnsetTrack([]), PROMPT, 3 * CLIP, how(), lambda *step: heard.append(step)
    )
    sound = torch.cat(list(blocks), dim=1)
    assert sound.shape == (1, 3 * CLIP)
    assert not sound.any()
    assert model.lengths == []
    assert heard[-1][0] == heard[-1][1]


def test_it_is_silent_until_just_before_the_first_onset_and_after_the_window_of_the_last():
    onset, n_samples = SAMPLE_RATE, 5 * SAMPLE_RATE
    sound = rendered(OnsetTrack([1.0]), n_samples)
    assert not sound[:, : onset - LEAD].any()
    assert sound[0, onset] == noise_of(n_samples)[0, onset] + 10
    last = [window for window in windows(n_samples, CLIP, FACTOR) if window.start <= onset][-1]
    assert sound[0, onset : last.end - FADE].count_nonzero() > 0.9 * (last.end - FADE - onset)
    assert not sound[:, last.end :].any()


def test_nothing_is_heard_longer_than_a_tail():
    tail = sample_index(TAIL_SECONDS, SAMPLE_RATE)
    audible = onset_mask(OnsetTrack([1.0]), 6 * SAMPLE_RATE)
    assert audible[0, SAMPLE_RATE : SAMPLE_RATE + tail - LEAD].all()
    assert not audible[0, SAMPLE_RATE + tail :].any()


def test_blocks_are_rendered_one_after_another_as_they_are_asked_for():
    model = Echo()
    blocks = render_blocks(model, busy(6 * HOP), PROMPT, 6 * HOP, how())
    assert model.lengths == []
    assert next(blocks).shape[1] <= CLIP
    assert model.lengths == [CLIP]


def test_progress_counts_the_steps_of_all_windows():
    heard = []
    n_samples = 3 * HOP + OVERLAP
    list(
        render_blocks(
            Echo(), busy(n_samples), PROMPT, n_samples, how(), lambda *step: heard.append(step)
        )
    )
    assert heard == [(step, 9) for step in range(1, 10)]


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ({"steps": 0}, "1 step or more"),
        ({"seed": -1}, "seed -1 is out of range"),
        ({"seed": 2**40}, "is out of range"),
        ({"guidance": float("nan")}, "no finite number"),
        ({"solver": "euler"}, "use ddim or dpmpp_2m"),
    ],
)
def test_settings_that_cannot_be_used_are_named(setting, reason):
    with pytest.raises(InputError, match=reason):
        how(**setting)


def bursts_over_noise():
    """Two hits that decay within 0.1 s, over noise at a fiftieth of their height."""
    generator = torch.Generator().manual_seed(0)
    sound = 0.02 * torch.randn(1, SAMPLE_RATE, generator=generator)
    burst = torch.randn(4800, generator=generator) * torch.exp(-torch.arange(4800) / 800)
    for start in (9600, 28_800):
        sound[0, start : start + 4800] += burst
    return sound


def test_what_is_left_after_a_decay_is_silenced_up_to_the_next_onset():
    sound, track = bursts_over_noise(), OnsetTrack([0.2, 0.6], 1.0)
    quiet = decay_gated(sound.clone(), track, 0.05)
    torch.testing.assert_close(quiet[:, :12_000], sound[:, :12_000])
    torch.testing.assert_close(quiet[:, 28_800:31_000], sound[:, 28_800:31_000])
    assert not quiet[0, 18_000:28_500].any()
    assert not quiet[0, 40_000:].any()


def test_without_a_ratio_nothing_is_silenced():
    sound, track = bursts_over_noise(), OnsetTrack([0.2, 0.6], 1.0)
    assert torch.equal(decay_gated(sound.clone(), track, 0.0), sound)


@pytest.mark.parametrize("sizes", [[9600], [1, 47, 1000, 8552], [9599, 1]])
def test_a_sound_begins_and_ends_at_zero_however_it_is_cut(sizes):
    blocks = torch.ones(1, 9600).split(sizes, dim=1)
    faded = torch.cat(list(with_edge_fades(blocks, 9600)), dim=1)[0]
    assert faded[0] == faded[-1] == 0
    assert faded.diff().abs().max() < 0.03
    assert (faded[48 : 9600 - 480] == 1).all()
