"""Small pictures of a video on one sheet."""

import cv2
import numpy as np

from helpers.media_files import make_video, regular
from syncfusion.media import filmstrip, probe, write_filmstrip


def pictures(path, strip):
    """The small pictures of a sheet, in order."""
    sheet = cv2.imread(str(path))
    rows = sheet.reshape(-1, strip.height, strip.columns, strip.width, 3).swapaxes(1, 2)
    return list(rows.reshape(-1, strip.height, strip.width, 3))[: strip.count]


def test_a_sheet_shows_a_picture_every_quarter_second(clip, tmp_path):
    strip = write_filmstrip(probe(clip), tmp_path / "strip.jpg")
    assert (strip.count, strip.interval) == (8, 0.25)
    shown = pictures(tmp_path / "strip.jpg", strip)
    assert len(shown) == 8
    assert all(not np.array_equal(a, b) for a, b in zip(shown, shown[1:], strict=False))


def test_a_long_video_is_shown_by_its_key_frames(tmp_path, monkeypatch):
    video = probe(make_video(tmp_path / "clip.mp4", regular(25, 500)))
    exact = write_filmstrip(video, tmp_path / "exact.jpg")
    monkeypatch.setattr(filmstrip, "EXACT_SECONDS", 1.0)
    fast = write_filmstrip(video, tmp_path / "fast.jpg")
    assert fast == exact
    first = [pictures(tmp_path / name, exact)[0] for name in ("exact.jpg", "fast.jpg")]
    assert np.abs(first[0].astype(int) - first[1]).mean() < 3


def test_the_sheet_of_an_hour_has_its_limit(tmp_path):
    video = probe(make_video(tmp_path / "clip.mp4", [*regular(1, 4), 3600.0]))
    strip = write_filmstrip(video, tmp_path / "strip.jpg")
    assert strip.count <= filmstrip.MOST
    assert len(pictures(tmp_path / "strip.jpg", strip)) == strip.count
