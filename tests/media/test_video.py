import itertools
import logging
import math
import tracemalloc

import av
import numpy as np
import pytest
import soundfile
import torch

from helpers.media_files import make_video, regular, shown
from syncfusion.errors import InputError
from syncfusion.media.video import probe, read_frames

UNIT = 1 << 16  # a display matrix holds 16.16 fixed point numbers
VARYING = [0.0, 0.04, 0.3, 0.31, 0.32, 0.33, 0.7, 0.95, 1.5, 1.52]


def read(path, fps=15.0, width=32, height=24, batch=64):
    return torch.cat(list(read_frames(path, fps=fps, width=width, height=height, batch=batch)))


def assert_on_screen(pictures, times, *, fps, duration):
    """Check frame k: its picture has begun (or is about to), the next one has not."""
    assert len(pictures) == math.ceil(duration * fps - 1e-3)
    gaps = [math.inf, *(after - before for before, after in itertools.pairwise(times))]
    early = [0.25 * min(gap, duration / len(times)) for gap in gaps]
    begins = [time - lead for time, lead in zip(times, early, strict=True)] + [math.inf]
    for k, picture in enumerate(pictures):
        assert begins[picture] - 0.0016 < k / fps < begins[picture + 1] + 0.0016, f"frame {k}"


@pytest.mark.parametrize(
    ("suffix", "rate", "b_frames"),
    [
        ("mp4", 25, 0),
        ("mp4", 30_000 / 1001, 2),
        ("mp4", 60, 2),
        ("mkv", 25, 2),
        ("mkv", 30_000 / 1001, 0),
        ("mkv", 60, 2),
    ],
)
def test_frame_k_is_on_screen_at_its_time(tmp_path, suffix, rate, b_frames):
    times = regular(rate, 50)
    path = make_video(tmp_path / f"a.{suffix}", times, b_frames=b_frames)
    assert_on_screen(shown(read(path)), times, fps=15, duration=50 / rate)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
@pytest.mark.parametrize("fps", [7.5, 15.0, 40.0])
def test_pictures_at_varying_times_are_held_until_the_next(tmp_path, suffix, fps):
    path = make_video(tmp_path / f"a.{suffix}", VARYING)
    assert_on_screen(shown(read(path, fps)), VARYING, fps=fps, duration=1.54)


@pytest.mark.parametrize(
    ("suffix", "start"), [("mkv", 0.7), ("mkv", -0.2), ("mov", 0.7), ("ts", 0.7), ("ts", -0.2)]
)
def test_time_is_counted_from_the_first_picture(tmp_path, suffix, start):
    path = make_video(tmp_path / f"a.{suffix}", regular(25, 25, start))
    assert probe(path).duration == pytest.approx(1.0, abs=0.002)
    assert_on_screen(shown(read(path)), regular(25, 25), fps=15, duration=1.0)


def test_pictures_before_the_edit_list_are_not_shown(tmp_path):
    path = make_video(tmp_path / "a.mov", regular(25, 25, start=-0.2))
    assert probe(path).duration == pytest.approx(0.8)
    assert shown(read(path, fps=25.0)) == list(range(5, 25))


@pytest.mark.parametrize(
    "matrix",
    [
        m
        for a, b in itertools.product((UNIT, -UNIT), repeat=2)
        for m in ((a, 0, 0, 0, b, 0, 0, 0, 1 << 30), (0, a, 0, b, 0, 0, 0, 0, 1 << 30))
    ],
)
def test_all_eight_orientations_are_shown_as_the_matrix_says(tmp_path, matrix):
    path = make_video(tmp_path / "a.mp4", regular(25, 5), matrix=matrix, corner=True)
    transposed = matrix[0] == 0
    assert (probe(path).width, probe(path).height) == ((48, 64) if transposed else (64, 48))
    frame = read(path, width=32, height=32)[0].float().mean(-1)
    right, down = matrix[0] + matrix[3] < 0, matrix[1] + matrix[4] < 0
    corners = {(y, x): frame[-2 if y else 1, -2 if x else 1] for y in (0, 1) for x in (0, 1)}
    assert max(corners, key=lambda corner: float(corners[corner])) == (int(down), int(right))


@pytest.mark.parametrize(
    ("rotation", "matrix"),
    [
        (0, None),
        (90, (0, UNIT, 0, -UNIT, 0, 0, 0, 0, 1 << 30)),
        (180, (-UNIT, 0, 0, 0, -UNIT, 0, 0, 0, 1 << 30)),
        (270, (0, -UNIT, 0, UNIT, 0, 0, 0, 0, 1 << 30)),
    ],
)
def test_rotation_is_in_degrees_clockwise(tmp_path, rotation, matrix):
    assert probe(make_video(tmp_path / "a.mov", regular(25, 5), matrix=matrix)).rotation == rotation


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_odd_sizes_are_read(tmp_path, codec):
    pixels = "yuv444p" if codec == "libx264" else "yuv420p"
    path = make_video(
        tmp_path / "a.mp4", regular(25, 10), size=(321, 241), codec=codec, pixels=pixels
    )
    assert (probe(path).width, probe(path).height) == (321, 241)
    assert_on_screen(shown(read(path, width=113, height=57)), regular(25, 10), fps=15, duration=0.4)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.webm", "libvpx-vp9")],
)
def test_probe_returns_what_the_file_holds(tmp_path, name, codec):
    info = probe(make_video(tmp_path / name, regular(25, 30), codec=codec))
    assert info.duration == pytest.approx(1.2, abs=1e-3)
    assert info.fps == pytest.approx(25, rel=1e-3)
    assert (info.n_frames, info.has_audio) == (30, False)


def test_batches_are_of_the_size_asked_for(tmp_path):
    path = make_video(tmp_path / "a.mp4", regular(25, 25))
    sizes = [len(b) for b in read_frames(path, fps=15, width=8, height=8, batch=4)]
    assert sizes == [4, 4, 4, 3]


def test_a_single_picture_gives_a_single_frame(tmp_path):
    assert len(read(make_video(tmp_path / "a.mp4", [0.0]), fps=1.0)) == 1


@pytest.mark.parametrize(("name", "codec"), [("a.avi", "mjpeg"), ("a.mp4", "libx264")])
def test_a_damaged_picture_leaves_the_one_before_on_screen(tmp_path, caplog, name, codec):
    path = make_video(tmp_path / name, regular(25, 30), codec=codec, pixels="yuvj420p")
    overwrite(path, picture=10)
    with caplog.at_level(logging.WARNING):
        pictures = shown(read(path, fps=25.0))
    assert pictures[:11] == [*range(10), 9]
    assert pictures[16:] == list(range(16, 30))
    assert "left out 1 damaged" in caplog.text


def overwrite(path, picture):
    with av.open(str(path)) as container:
        packet = next(itertools.islice(container.demux(video=0), picture, None))
    with path.open("r+b") as file:
        file.seek(packet.pos)
        file.write(bytes(packet.size))


def test_a_file_cut_off_behind_its_index_is_refused_with_the_count(tmp_path):
    options = {"movflags": "+faststart"}
    path = make_video(
        tmp_path / "a.mp4", regular(25, 50), codec="mjpeg", pixels="yuvj420p", options=options
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match=r"cut off: 2\d of 50 pictures are missing"):
        probe(path)


def test_unusable_videos_are_named_with_the_reason(tmp_path):
    cut = make_video(tmp_path / "cut.mp4", regular(25, 30))
    cut.write_bytes(cut.read_bytes()[:-1500])
    text = tmp_path / "text.mp4"
    text.write_text("not a video\n" * 100)
    (tmp_path / "empty.mp4").touch()
    sound = tmp_path / "sound.wav"
    soundfile.write(sound, np.zeros(480), 48_000)
    hollow = make_video(tmp_path / "hollow.mp4", [])
    reasons = {
        cut: "index is missing",
        text: "not a video",
        tmp_path / "empty.mp4": "is empty",
        tmp_path / "missing.mp4": "there is no file",
        tmp_path: "is a folder",
        sound: "no video stream",
        hollow: "no video stream|no picture",
    }
    for path, reason in reasons.items():
        for use in (probe, read):
            with pytest.raises(InputError, match=reason):
                use(path)


def test_frames_are_read_in_memory_that_does_not_grow(tmp_path):
    path = make_video(tmp_path / "a.mp4", regular(60, 600))
    tracemalloc.start()
    for _ in read_frames(path, fps=60, width=160, height=120, batch=8):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 8 * 160 * 120 * 3  # the whole is 600 frames
