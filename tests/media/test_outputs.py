from dataclasses import replace

import pytest

from helpers.media_files import make_video, regular
from helpers.muxed_files import assert_clicks_in_place, frames_of, make_clicks, packets_of
from syncfusion.errors import InputError
from syncfusion.media.muxing import mux
from syncfusion.media.outputs import check_container, default_output
from syncfusion.media.pictures import read_pictures
from syncfusion.media.probing import probe

KINDS = {  # name of the video, codec, pixels, and the ending of its default output
    "h264": ("a.mkv", "libx264", "yuv420p", ".mp4"),
    "vp8": ("a.webm", "libvpx", "yuv420p", ".webm"),
    "vp9": ("a.webm", "libvpx-vp9", "yuv420p", ".webm"),
    "prores": ("a.mov", "prores_ks", "yuv422p10le", ".mov"),
    "ffv1": ("a.mkv", "ffv1", "yuv420p", ".mkv"),
}
UNHELD = {  # name of the video, codec, pixels and size
    "gif": ("a.gif", "gif", "gray", (65, 49)),
    "wmv2": ("a.wmv", "wmv2", "yuv420p", (64, 48)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_output_holds_the_pictures(tmp_path, kind):
    name, codec, pixels, suffix = KINDS[kind]
    video = probe(make_video(tmp_path / name, regular(25, 50), codec=codec, pixels=pixels))
    output = default_output(video)
    assert output == tmp_path / f"a.sync{suffix}"
    check_container(video, output)
    mux(video, make_clicks(tmp_path / "a.wav"), output)
    assert packets_of(output) == packets_of(video.path)
    assert_clicks_in_place(output)


@pytest.mark.parametrize(("kind", "suffix"), [("vp8", ".webm"), ("prores", ".mov")])
def test_a_container_that_cannot_hold_the_pictures_is_refused_with_one_that_can(
    tmp_path, kind, suffix
):
    name, codec, pixels, _ = KINDS[kind]
    video = probe(make_video(tmp_path / name, regular(25, 10), codec=codec, pixels=pixels))
    with pytest.raises(InputError, match=rf"ends in {suffix}, or add --reencode"):
        check_container(video, tmp_path / "out.mp4")
    check_container(video, tmp_path / "out.mp4", reencode=True)


@pytest.mark.parametrize("kind", UNHELD)
def test_pictures_that_no_container_holds_are_encoded_anew_on_demand(tmp_path, kind):
    name, codec, pixels, size = UNHELD[kind]
    path = make_video(tmp_path / name, regular(10, 20), codec=codec, pixels=pixels, size=size)
    video = probe(path)
    for refused in (lambda: default_output(video), lambda: check_container(video, "out.mkv")):
        with pytest.raises(InputError, match="add --reencode to encode them anew as H.264"):
            refused()
    output = default_output(video, reencode=True)
    mux(video, make_clicks(tmp_path / "a.wav"), output, reencode=True)
    result = probe(output)
    assert (result.codec, result.width, result.height) == ("h264", 64, 48)
    assert result.duration == pytest.approx(video.duration, abs=0.02)
    times = ([time for _, time in read_pictures(info)] for info in (video, result))
    assert next(times) == pytest.approx(next(times), abs=0.002)
    assert_clicks_in_place(output)


def test_encoded_pictures_are_upright(tmp_path):
    turned = (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    video = make_video(tmp_path / "a.mp4", regular(25, 10), matrix=turned, corner=True)
    mux(video, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4", reencode=True)
    result = probe(tmp_path / "out.mp4")
    assert (result.rotation, result.width, result.height) == (0, 48, 64)
    difference = frames_of(tmp_path / "out.mp4").int() - frames_of(video).int()
    assert difference.abs().float().mean() < 4


def test_webm_does_not_hold_encoded_pictures(tmp_path):
    video = probe(make_video(tmp_path / "a.mp4", regular(25, 10)))
    with pytest.raises(InputError, match="ends in .mp4"):
        check_container(video, tmp_path / "out.webm", reencode=True)


@pytest.mark.parametrize(("hidden", "output"), [((0, 2), "out.mp4"), ((3, 0), "out.mkv")])
def test_an_edit_list_that_cannot_be_kept_is_refused_before_the_work(tmp_path, hidden, output):
    video = probe(make_video(tmp_path / "a.mp4", regular(25, 10)))
    with pytest.raises(InputError, match="an edit list hides some.*--reencode"):
        check_container(replace(video, n_hidden=hidden), tmp_path / output)


def test_the_span_of_the_result_is_compared_with_the_videos(tmp_path):
    video = probe(make_video(tmp_path / "a.mp4", regular(25, 50)))
    longer = replace(video, duration=4.0)
    with pytest.raises(InputError, match=r"would last 2.00 s, those of .* 4.00 s"):
        mux(longer, make_clicks(tmp_path / "a.wav"), tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()
