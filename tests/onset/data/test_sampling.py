import itertools
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers.onset_clips import FPS, write_clip
from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip
from syncfusion.onset.data.epochs import EpochSampler, seeded_epochs
from syncfusion.onset.data.examples import OnsetExamples, segment_labels
from syncfusion.onset.data.sampling import Chunks, Segment, Windows
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack


@pytest.fixture
def clips(tmp_path):
    """Three clips of 95, 60 and 30 frames; every frame says which clip it is of."""
    return [
        Clip.open(write_clip(tmp_path, f"n{n}", n_frames=n, times=(), value=n))
        for n in (95, 60, 30)
    ]


def epoch(sampling, clips, seed=0, count=None):
    return sampling.epoch(clips, [1.0] * len(clips), seeded(seed), count)


def starts(sampling, clips, seed=0):
    return sorted((segment.clip, segment.start) for segment in epoch(sampling, clips, seed))


def test_chunks_lie_side_by_side_and_the_rest_is_dropped(clips):
    assert starts(Chunks(), clips) == [(0, 0), (0, 30), (0, 60), (1, 0), (1, 30), (2, 0)]


def test_chunks_overlap_where_the_hop_is_shorter(clips):
    assert [start for n, start in starts(Chunks(hop_seconds=1.0), clips) if n == 1] == [0, 15, 30]


def test_a_hop_of_no_whole_frames_does_not_drift(clips):
    found = [start for n, start in starts(Chunks(seconds=1.0, hop_seconds=0.5), clips) if n == 0]
    assert found == [0, 7, 15, 22, 30, 37, 45, 52, 60, 67, 75]


def test_jittered_chunks_start_near_the_grid_and_anew_at_every_visit(clips):
    first, second = (starts(Chunks(jitter_seconds=0.4), clips, seed) for seed in (0, 1))
    assert first != second
    for (number, start), (_, near) in zip(starts(Chunks(), clips), first, strict=True):
        assert abs(start - near) <= 6
        assert 0 <= near <= len(clips[number]) - 30


def test_chunks_come_in_another_order_every_epoch(clips):
    assert epoch(Chunks(), clips, 0) != epoch(Chunks(), clips, 1)


def test_fewer_chunks_than_all_are_a_random_part(clips):
    parts = [epoch(Chunks(), clips, seed, count=3) for seed in range(5)]
    assert {len(part) for part in parts} == {3}
    assert len({frozenset((part.clip, part.start) for part in some) for some in parts}) > 1


def test_a_video_shorter_than_a_chunk_is_named(clips):
    with pytest.raises(InputError, match=r"n30 lasts 2\.00 s, a chunk 3 s"):
        epoch(Chunks(seconds=3.0), clips)


def test_chunks_that_do_not_advance_are_refused(clips):
    with pytest.raises(InputError, match="start in the same frame"):
        epoch(Chunks(hop_seconds=0.05), clips)


@pytest.mark.parametrize(
    "options", [{"seconds": 0.0}, {"hop_seconds": 0.0}, {"jitter_seconds": -1.0}], ids=str
)
def test_impossible_chunks_are_refused(options):
    with pytest.raises(InputError, match="cannot be cut"):
        Chunks(**options)


@pytest.mark.parametrize("options", [{"frames": 0}, {"speed": 1.0}], ids=str)
def test_impossible_windows_are_refused(options):
    with pytest.raises(InputError, match="cannot be cut"):
        Windows(**options)


def test_windows_stay_inside_their_clip(clips):
    for segment in epoch(Windows(frames=20), clips, count=300):
        assert segment.start >= 0
        assert round(segment.start + segment.speed * 19) < len(clips[segment.clip])


def test_windows_are_drawn_by_the_shares_of_their_clips(clips):
    drawn = Windows().epoch(clips, [0.0, 1.0, 3.0], seeded(0), 2000)
    counts = torch.bincount(torch.tensor([segment.clip for segment in drawn]), minlength=3)
    assert counts[0] == 0
    assert 0.7 < counts[2] / 2000 < 0.8


def test_an_epoch_of_windows_is_as_long_as_the_clips_unless_told(clips):
    assert len(epoch(Windows(frames=20), clips)) == 10
    assert len(epoch(Windows(frames=20), clips, count=7)) == 7


@pytest.mark.parametrize("sampling", [Chunks(), Windows()], ids=["chunks", "windows"])
def test_every_epoch_has_its_own_segments_and_a_resumed_run_the_same_ones(clips, sampling):
    draw = partial(sampling.epoch, clips, [1.0] * 3)
    sampler, resumed = (EpochSampler(seeded_epochs(draw, 0)) for _ in range(2))
    first = list(sampler)
    sampler.set_epoch(1)
    resumed.set_epoch(1)
    assert list(sampler) == list(resumed) != first
    assert len(sampler) == len(first)


def test_the_epochs_of_one_seed_are_not_those_of_the_next(clips):
    draw = partial(Windows().epoch, clips, [1.0] * 3)
    sampler, other = EpochSampler(seeded_epochs(draw, 0)), EpochSampler(seeded_epochs(draw, 1))
    sampler.set_epoch(1)
    assert list(sampler) != list(other)


def labels(times, *, start=0, speed=1.0, n_frames=30, target_widening_frames=0.0):
    track, segment = OnsetTrack(times), Segment(0, start, speed, 0)
    return segment_labels(
        track, segment, fps=FPS, n_frames=n_frames, target_widening_frames=target_widening_frames
    )


def test_one_hot_labels_mark_the_frame_an_onset_falls_in():
    assert labels((0.0, 0.1333, 0.19, 1.99)).nonzero().flatten().tolist() == [0, 2, 29]


def test_an_onset_on_an_edge_belongs_to_the_chunk_it_starts_in():
    assert labels((2.0,)).sum() == 0
    assert labels((2.0,), start=30).nonzero().item() == 0


@given(st.lists(st.integers(0, 149), unique=True, max_size=40))
def test_chunks_side_by_side_label_every_onset_once(frames):
    times = tuple(round(frame / FPS, 4) for frame in sorted(frames))
    joined = torch.cat([labels(times, start=30 * n) for n in range(5)])
    assert joined.nonzero().flatten().tolist() == sorted(frames)


def test_smeared_labels_reach_over_an_edge():
    assert (
        0
        < labels((2.0,), target_widening_frames=0.7)[-1]
        < labels((2.0,), start=30, target_widening_frames=0.7)[0]
    )


@pytest.mark.parametrize(("speed", "target_widening_frames"), [(0.0, 0.0), (0.0, 0.7), (0.15, 0.7)])
def test_labels_are_highest_where_the_picture_flashes(tmp_path, speed, target_widening_frames):
    clip = Clip.open(write_clip(tmp_path, "flash", n_frames=60, times=(1.0, 3.0)))
    examples = OnsetExamples([clip], n_frames=12, target_widening_frames=target_widening_frames)
    flashes = []
    for segment in epoch(Windows(frames=12, speed=speed), [clip], count=60):
        frames, found = examples[segment]
        bright = frames.amax((1, 2, 3)) == 255
        flashes += found[bright].tolist()
        if target_widening_frames == 0:
            assert found[~bright].sum() == 0
    assert len(flashes) > 10
    assert min(flashes) > (0.65 if target_widening_frames else 0.99)


def test_a_slowed_onset_is_labelled_where_it_is_shown():
    for speed, frame in itertools.product((0.85, 0.9, 1.1, 1.15), range(5, 25)):
        marked = labels((frame / FPS,), speed=speed).nonzero()
        assert abs(round(speed * marked.item()) - frame) <= 0.5 * speed + 0.5


def test_a_window_never_mixes_videos(clips):
    examples = OnsetExamples(clips, n_frames=12)
    for segment in epoch(Windows(frames=12), clips, count=30):
        assert examples[segment][0].unique().tolist() == [len(clips[segment.clip])]


def test_a_video_shorter_than_a_window_is_held_at_its_end(tmp_path):
    clip = Clip.open(write_clip(tmp_path, "short", n_frames=5, times=(0.2,), value=9))
    (segment,) = epoch(Windows(frames=12, speed=0.0), [clip], count=1)
    frames, found = OnsetExamples([clip], n_frames=12, target_widening_frames=0.7)[segment]
    assert frames.shape == (12, 16, 16, 3)
    assert frames[5:].unique().tolist() == [9]
    assert found.argmax() == 3
