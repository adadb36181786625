import logging
from fractions import Fraction

import av
import numpy as np
import pytest

from syncfusion.errors import InputError
from syncfusion.exchange import picture_timeline


def make(path, rate, timecode=None):
    """A video of four pictures whose file states a timecode."""
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        if timecode:
            stream.metadata["timecode"] = timecode
        for _ in range(4):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    return path


@pytest.mark.parametrize("suffix", [".mov", ".mp4", ".mkv"])
@pytest.mark.parametrize(
    ("rate", "timecode", "samples"),
    [
        (Fraction(24_000, 1001), "01:00:00:00", 172_972_800),
        (Fraction(25), "10:00:00:00", 1_728_000_000),
        (Fraction(30_000, 1001), "01:00:00;00", 172_799_827),
        (Fraction(30_000, 1001), "01:00:00:00", 172_972_800),
    ],
)
def test_the_file_states_rate_start_and_drop_frame(tmp_path, suffix, rate, timecode, samples):
    timeline = picture_timeline(make(tmp_path / f"clip{suffix}", rate, timecode))
    assert (timeline.rate, timeline.at(0.0)) == (rate, timecode)
    assert timeline.samples() == samples


def test_a_start_that_is_given_counts_before_the_environments_and_the_files(tmp_path, monkeypatch):
    video = make(tmp_path / "clip.mov", 25, "01:00:00:00")
    monkeypatch.setenv("SYNCFUSION_START_TC", "02:00:00:00")
    assert picture_timeline(video).at(0.0) == "02:00:00:00"
    assert picture_timeline(video, "03:00:00:00").at(0.0) == "03:00:00:00"


def test_without_any_timecode_it_starts_at_zero(tmp_path):
    assert picture_timeline(make(tmp_path / "clip.mp4", 24)).at(0.0) == "00:00:00:00"


def test_a_start_of_another_rate_is_refused(tmp_path):
    with pytest.raises(InputError, match="25 frames a second have no drop-frame timecode"):
        picture_timeline(make(tmp_path / "clip.mp4", 25), "01:00:00;00")


def test_a_timecode_in_the_file_that_is_none_is_left_out(tmp_path, caplog):
    video = make(tmp_path / "clip.mkv", 25, "01:00:00:99")
    with caplog.at_level(logging.WARNING):
        assert picture_timeline(video).start == 0
    assert "states a timecode that is not used" in caplog.text
