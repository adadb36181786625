import numpy as np
import pytest

from helpers.media_files import STEP, make_video, regular
from syncfusion.errors import InputError
from syncfusion.media import probe, read_grey

EVERY = 1000.0  # pictures/s, more than any clip here has


def read(path, maximum_fps=EVERY, width=16, height=12):
    return list(read_grey(path, width=width, height=height, maximum_fps=maximum_fps))


def numbers(pictures):
    """Which pictures were read, by their brightness."""
    return [round((float(each.pixels.mean())) / STEP) for each in pictures]


def test_every_picture_is_read_at_its_own_time(tmp_path):
    times = [0.0, 0.04, 0.13, 0.2, 0.5]
    pictures = read(make_video(tmp_path / "uneven.mp4", times))
    assert [each.time for each in pictures] == pytest.approx(times, abs=1e-3)
    assert all(each.pixels.shape == (12, 16) for each in pictures)
    assert all(each.pixels.dtype == np.uint8 for each in pictures)


def test_what_was_probed_is_read_as_the_file_is(tmp_path):
    path = make_video(tmp_path / "clip.mp4", regular(25, 10))
    assert [each.time for each in read(probe(path))] == [each.time for each in read(path)]


@pytest.mark.parametrize(("fps", "kept"), [(60, 2), (120, 4), (30, 1), (50, 2)])
def test_pictures_beyond_the_highest_rate_are_skipped(tmp_path, fps, kept):
    pictures = read(make_video(tmp_path / "fast.mp4", regular(fps, 24)), maximum_fps=36)
    assert len(pictures) == 24 // kept
    assert np.diff([each.time for each in pictures]) == pytest.approx(kept / fps, abs=1e-3)


def test_the_brightness_of_colours_is_their_luma(tmp_path):
    path = make_video(tmp_path / "steps.mp4", regular(25, 40))
    means = np.array([each.pixels.mean() for each in read(path)])
    assert np.all(np.diff(means) > 0)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="gone.mp4"):
        read(tmp_path / "gone.mp4")


def test_a_file_without_pictures_is_one_sentence(tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("no video")
    with pytest.raises(InputError, match="text.mp4"):
        read(path)
