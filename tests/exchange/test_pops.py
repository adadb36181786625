"""Sync pops: where they stand, what the file says of its beginning, and that events come back."""

import io
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import soundfile
from wavinfo import WavInfoReader

from helpers.exchange_files import FIRST_SAMPLE, RATE, START, TRACK, session
from syncfusion.errors import InputError
from syncfusion.exchange import CATALOGUE, Pops, Timeline, read_events, returned, write_events

SECONDS_OF_PICTURE = 144_001 / 48_000


@pytest.fixture
def popped(tmp_path):
    """A sound of 144 001 samples with the pops of 23.976, and its pops."""
    made, pops = session(tmp_path), Pops(Timeline.starting(START, RATE))
    pops.write(made.sound, tmp_path / "popped.wav", "clip")
    return made.sound, tmp_path / "popped.wav", pops


def test_pops_of_one_frame_stand_two_seconds_of_timecode_from_the_picture(popped):
    plain, path, _ = popped
    whole, rate = soundfile.read(path, dtype="int32")
    sound, _ = soundfile.read(plain, dtype="int32")
    lead, frame = 96_096, 2002  # 48 frames of 2002 samples
    assert rate == 48_000
    assert len(whole) == lead + len(sound) + lead + frame
    assert np.array_equal(whole[lead : lead + len(sound)], sound)
    for pop, rest in ((whole[:frame], whole[frame:lead]), (whole[-frame:], None)):
        spectrum = np.abs(np.fft.rfft(pop / 2**31, 48_000))
        assert spectrum.argmax() == 1000
        assert 20 * np.log10(np.abs(pop).max() / 2**31) == pytest.approx(-20, abs=0.01)
        assert rest is None or not rest.any()
    assert not whole[lead + len(sound) : -frame].any()


def test_a_library_reads_the_moved_time_reference(popped):
    info = WavInfoReader(str(popped[1]))
    assert info.bext.time_reference == FIRST_SAMPLE - 96_096
    assert info.ixml.project == "clip"
    assert soundfile.info(popped[1]).subtype == "PCM_24"


def test_a_sound_can_be_given_its_pops_in_place(popped):
    plain, path, pops = popped
    pops.write(plain, plain, "clip")
    assert soundfile.read(plain)[0].tolist() == soundfile.read(path)[0].tolist()
    assert sorted(each.name for each in plain.parent.iterdir()) == [
        "clip.wav",
        "popped.wav",
        "stems",
    ]


@pytest.mark.parametrize(
    ("start", "rate", "lead"),
    [("01:00:00:00", 25, 96_000), ("01:00:00;00", Fraction(30_000, 1001), 96_096)],
)
def test_two_seconds_are_counted_as_timecode_counts(start, rate, lead):
    pops = Pops(Timeline.starting(start, Fraction(rate)))
    assert pops.lead_samples == lead
    first = replace(pops.timeline, start=pops.timeline.start - 2 * pops.timeline.nominal)
    assert pops.timeline.samples() - pops.lead_samples == first.samples()


def test_a_pop_on_the_day_before_is_refused():
    with pytest.raises(InputError, match=r"two seconds before 00:00:01:24 .* --start-tc"):
        Pops(Timeline.starting("00:00:01:24", Fraction(25)))
    assert Pops(Timeline.starting("00:00:02:00", Fraction(25))).lead == 2


@pytest.mark.parametrize("name", CATALOGUE)
def test_events_come_back_from_every_format_though_its_sounds_begin_before_the_picture(
    name, popped, tmp_path
):
    _, path, pops = popped
    popped_session = replace(session(tmp_path), sound=path, lead=pops.lead)
    file = tmp_path / f"clip.onsets{CATALOGUE[name].suffix}"
    file.write_bytes(write_events(popped_session, name))
    assert str(returned(file, TRACK, pops.timeline)) == str(
        returned(_plain(name, tmp_path), TRACK, pops.timeline)
    )
    times = read_events(file, SECONDS_OF_PICTURE, pops.timeline).times
    assert times == pytest.approx(TRACK.times, abs=0.021)


def _plain(name, folder):
    file = folder / f"plain{CATALOGUE[name].suffix}"
    file.write_bytes(write_events(session(folder), name))
    return file


def test_cues_stand_at_their_hits_and_are_read_without_a_timeline(popped, tmp_path):
    _, path, pops = popped
    content = write_events(replace(session(tmp_path), sound=path, lead=pops.lead), "cue")
    cues = WavInfoReader(io.BytesIO(content), info_encoding="utf-8").cues.cues
    assert [cue.sample_offset - 96_096 for cue in cues] == [24_000, 60_000, 96_100, 120_000]
    (tmp_path / "cue.wav").write_bytes(content)
    assert read_events(tmp_path / "cue.wav").times == pytest.approx(TRACK.times, abs=1.1e-5)


def test_items_begin_in_their_stems_after_the_pop_and_may_be_dragged(popped, tmp_path):
    *_, pops = popped
    content = write_events(replace(session(tmp_path), lead=pops.lead), "reaper").decode()
    assert "SOFFS 2.502000000" in content
    (tmp_path / "dragged.rpp").write_text(
        content.replace("POSITION 0.500000000", "POSITION 0.400000000").replace(
            "SOFFS 2.502000000", "SOFFS 2.402000000"
        )
    )
    assert read_events(tmp_path / "dragged.rpp").times == pytest.approx(TRACK.times, abs=1e-6)
