import itertools
import random
from fractions import Fraction

import pytest
import torch

from helpers.media_files import (
    make_joined,
    make_video,
    make_with_thumbnail,
    regular,
    shown,
    trim,
)
from helpers.muxed_files import assert_clicks_in_place, make_clicks
from syncfusion.media.audio import read_audio
from syncfusion.media.muxing import mux
from syncfusion.media.pictures import read_pictures
from syncfusion.media.probing import probe
from syncfusion.media.video import read_frames

SIZE = {"width": 32, "height": 24}


def frames_of(path, fps=25.0):
    return torch.cat(list(read_frames(path, fps=fps, **SIZE)))


def times_of(path):
    return [time for _, time in read_pictures(probe(path))]


def messages(caplog):
    return " ".join(record.getMessage() for record in caplog.records)


def assert_whole(path, tmp_path, *, n_pictures=50, fps=25.0, loss=0):
    """Probe, decode and mux: all agree on the pictures and their times."""
    info = probe(path)
    assert (info.n_frames, info.duration) == (n_pictures, pytest.approx(n_pictures / fps))
    assert times_of(path) == pytest.approx(regular(fps, n_pictures), abs=1e-3)
    assert shown(frames_of(path, fps)) == pytest.approx(list(range(n_pictures)), abs=loss)
    output = tmp_path / "out.mp4"
    mux(path, make_clicks(tmp_path / "a.wav"), output)
    assert probe(output).duration == pytest.approx(info.duration, abs=0.01)
    assert shown(frames_of(output, fps)) == pytest.approx(list(range(n_pictures)), abs=loss)
    assert_clicks_in_place(output)


@pytest.mark.parametrize(("fps", "b_frames"), [(30, 0), (25, 2)])
def test_a_stream_without_timestamps_gets_them_from_its_rate(tmp_path, caplog, fps, b_frames):
    path = make_video(
        tmp_path / "a.h264", regular(fps, 50), b_frames=b_frames, clock=Fraction(1, fps)
    )
    assert_whole(path, tmp_path, fps=fps)
    assert f"has no timestamps; its stream's rate counts, {fps} pictures/s" in messages(caplog)


@pytest.mark.parametrize(("codec", "loss"), [("libx264", 0), ("mpeg4", 1)])
def test_an_avi_with_b_frames_starts_with_its_first_picture(tmp_path, codec, loss):
    path = make_video(
        tmp_path / "a.avi", regular(25, 50), codec=codec, b_frames=2, clock=Fraction(1, 25)
    )
    assert_whole(path, tmp_path, loss=loss)


def test_recordings_joined_byte_by_byte_follow_each_other(tmp_path, caplog):
    pictures = make_video(tmp_path / "one.ts", regular(25, 25), b_frames=2)
    path = make_joined(tmp_path / "joined.ts", [pictures, pictures])
    assert probe(path).duration == pytest.approx(2.0)
    assert times_of(path) == pytest.approx(regular(25, 50), abs=1e-3)
    assert shown(frames_of(path)) == [*range(25), *range(25)]
    mux(path, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")
    assert shown(frames_of(tmp_path / "out.mp4")) == [*range(25), *range(25)]
    assert "holds 2 recordings" in messages(caplog)


def test_pictures_that_begin_after_the_sound_count_from_the_first_one(tmp_path, caplog):
    click = torch.zeros(96_000)
    click[48_000] = 0.9
    path = make_video(tmp_path / "a.mov", regular(25, 25, start=0.8), sound=click.numpy())
    assert probe(path).duration == pytest.approx(1.0)
    assert shown(frames_of(path)) == list(range(25))
    assert int(read_audio(path).samples[0].argmax()) == pytest.approx(0.2 * 48_000, abs=48)
    mux(path, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")
    assert shown(frames_of(tmp_path / "out.mp4")) == list(range(25))
    assert "begin 0.80 s after its sound; times count from the first picture" in messages(caplog)


@pytest.mark.parametrize("b_frames", [0, 2])
def test_a_trimmed_video_is_its_displayed_part_everywhere(tmp_path, b_frames):
    path = make_video(tmp_path / "a.mp4", regular(25, 50), b_frames=b_frames)
    trim(path, begin=0.52, seconds=1.0)
    info = probe(path)
    assert (info.n_frames, info.duration) == (25, pytest.approx(1.0))
    assert shown(frames_of(path)) == list(range(13, 38))
    mux(path, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")
    assert shown(frames_of(tmp_path / "out.mp4")) == list(range(13, 38))


def test_the_sound_of_joined_recordings_follows_their_pictures(tmp_path):
    click = torch.zeros(48_000)
    click[12_000] = 0.9
    part = make_video(tmp_path / "one.ts", regular(25, 25), sound=click.numpy())
    path = make_joined(tmp_path / "joined.ts", [part, part])
    loudness = read_audio(path, mono=True).samples[0].abs()
    for time in (0.25, 1.25):
        window = loudness[round((time - 0.1) * 48_000) : round((time + 0.1) * 48_000)]
        assert int(window.argmax()) / 48_000 - 0.1 == pytest.approx(0, abs=0.05)


def test_a_thumbnail_as_first_stream_is_passed_over(tmp_path, caplog):
    path = make_with_thumbnail(tmp_path / "a.mov", regular(25, 50))
    assert (probe(path).width, probe(path).origin.stream) == (64, 1)
    assert shown(frames_of(path)) == list(range(50))
    mux(path, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")
    assert shown(frames_of(tmp_path / "out.mp4")) == list(range(50))
    assert "has 2 video streams; stream 1 counts (h264, 64x48)" in messages(caplog)


@pytest.mark.parametrize(("fps", "suffix"), [(30, "mp4"), (60, "mkv"), (25, "mp4")])
def test_milliseconds_of_lateness_do_not_change_the_sampled_pictures(tmp_path, fps, suffix):
    rng, steady = random.Random(0), regular(fps, 50)
    late = [0.0, *(time + rng.uniform(0, 0.003) for time in steady[1:])]
    paths = [
        make_video(tmp_path / f"{name}.{suffix}", times)
        for name, times in (("steady", steady), ("late", late))
    ]
    found = [shown(frames_of(path, 15.0)) for path in paths]
    n_common = min(map(len, found))
    assert found[0][:n_common] == found[1][:n_common]
    assert all(before < after for before, after in itertools.pairwise(found[0]))


def test_a_clock_of_hundredths_does_not_change_the_sampled_pictures(tmp_path):
    rounded = [round(time, 2) for time in regular(15, 40)]
    path = make_video(tmp_path / "a.mkv", rounded)
    assert shown(frames_of(path, 15.0))[:40] == list(range(40))
