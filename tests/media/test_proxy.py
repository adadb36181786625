"""The copy of a video that browsers play and seek at once."""

import av
import pytest

from helpers.media_files import make_video, regular
from syncfusion.media import is_played, longest_seek, probe, write_proxy


def test_a_proxy_keeps_the_pictures_times(tmp_path):
    times = [0.0, 0.04, 0.1, 0.2, 0.35, 0.5, 0.54]  # a variable rate
    video = make_video(tmp_path / "clip.mkv", times)
    write_proxy(video, tmp_path / "proxy.mp4")
    with av.open(str(tmp_path / "proxy.mp4")) as copy:
        shown = [frame.time for frame in copy.decode(video=0)]
    assert shown == pytest.approx(times, abs=2e-3)  # Matroska keeps milliseconds


def test_a_proxy_begins_anew_every_half_second(tmp_path):
    video = make_video(tmp_path / "clip.mp4", regular(25, 75))
    write_proxy(video, tmp_path / "proxy.mp4")
    assert longest_seek(probe(tmp_path / "proxy.mp4")) <= 0.52


def test_a_proxy_of_any_video_is_played_by_browsers(tmp_path):
    video = make_video(tmp_path / "clip.mkv", regular(25, 10))
    assert not is_played(probe(video))  # Matroska
    write_proxy(video, tmp_path / "proxy.mp4")
    assert is_played(probe(tmp_path / "proxy.mp4"))


def test_an_ordinary_mp4_is_played_as_it_is(clip):
    assert is_played(probe(clip))


def test_a_proxy_is_no_larger_than_720_lines(tmp_path):
    from syncfusion.media.proxy import proxy_size

    info = probe(make_video(tmp_path / "clip.mp4", regular(25, 2), size=(1920, 1080)))
    assert proxy_size(info) == (1280, 720)


def test_making_a_proxy_reports_its_progress(clip, tmp_path):
    reports = []
    write_proxy(clip, tmp_path / "proxy.mp4", lambda *report: reports.append(report))
    assert reports[-1] == ("Making a copy to look at", 50, 50)


def test_a_proxy_that_is_cancelled_leaves_nothing(clip, tmp_path):
    def stop(stage, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_proxy(clip, tmp_path / "proxy.mp4", stop)
    assert list(tmp_path.iterdir()) == []
