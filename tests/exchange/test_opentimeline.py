from dataclasses import replace
from fractions import Fraction

import pytest
from lxml import etree

from helpers.exchange_files import TRACK, session
from syncfusion.exchange import Timeline, write_events


def sequence(content: bytes) -> etree._Element:
    [found] = etree.fromstring(content).iter("sequence")
    return found


@pytest.mark.parametrize(
    ("start", "rate", "frame", "count"),
    [
        ("01:00:00:00", "24000/1001", 86_400, "NDF"),
        ("01:00:00:00", "25", 90_000, "NDF"),
        ("01:00:00;00", "30000/1001", 107_892, "DF"),
        ("01:00:00:00", "30000/1001", 108_000, "NDF"),
    ],
)
def test_the_sequence_starts_at_the_pictures_timecode(tmp_path, start, rate, frame, count):
    timeline = Timeline.starting(start, Fraction(rate))
    content = write_events(replace(session(tmp_path), timeline=timeline), "fcp7")
    timecode = sequence(content).find("timecode")
    assert timecode.findtext("string") == start
    assert timecode.findtext("frame") == str(frame)
    assert timecode.findtext("displayformat") == count


def test_clips_stand_at_their_events_with_the_sound_before_and_after_them(tmp_path):
    made = session(tmp_path)
    clips = list(sequence(write_events(made, "fcp7")).iter("clipitem"))
    found = {clip.findtext("name"): clip for clip in clips}
    assert set(found) == {"wood hit 001", "wood hit 002", "metal hit 001", f"{TRACK.labels[3]} 001"}
    assert found["metal hit 001"].findtext("start") == found["metal hit 001"].findtext("in") == "30"
    urls = {url.text for url in etree.fromstring(write_events(made, "fcp7")).iter("pathurl")}
    assert made.stems["wood hit"].absolute().as_uri() in urls
