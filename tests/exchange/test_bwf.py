import io
import wave

import numpy as np
import soundfile
from wavinfo import WavInfoReader

from helpers.exchange_files import FIRST_SAMPLE, TRACK, session
from syncfusion.exchange import write_events
from syncfusion.exchange.wavchunks import read_chunks


def test_a_library_reads_time_reference_names_ranges_and_project(tmp_path):
    content = write_events(session(tmp_path), "cue")
    info = WavInfoReader(io.BytesIO(content), info_encoding="utf-8")
    assert info.bext.time_reference == FIRST_SAMPLE
    assert info.bext.originator == "SyncFusion"
    assert info.bext.originator_date == "2026-11-25"
    assert info.bext.originator_time == "10:00:00"
    assert info.bext.coding_history.startswith("A=PCM,F=48000,W=24,M=mono")
    assert info.bext.description == "clip; wood & seed 7"
    assert info.ixml.project == "clip"
    assert b"24000/1001" in read_chunks(content)[b"iXML"]
    assert [label.text for label in info.cues.labels] == list(TRACK.labels)
    [region] = info.cues.ranges
    assert region.length == 24_000


def test_the_samples_are_those_of_the_sound(tmp_path):
    made = session(tmp_path)
    path = tmp_path / "cue.wav"
    path.write_bytes(write_events(made, "cue"))
    expected, _ = soundfile.read(made.sound, dtype="int32")
    found, rate = soundfile.read(path, dtype="int32")
    assert rate == 48_000
    assert np.array_equal(found, expected)
    with wave.open(str(path)) as file:
        assert (file.getsampwidth(), file.getnframes()) == (3, 144_001)


def test_bext_stands_before_the_samples_and_odd_chunks_are_padded(tmp_path):
    content = write_events(session(tmp_path), "cue")
    assert len(content) % 2 == 0
    assert int.from_bytes(content[4:8], "little") == len(content) - 8
    kinds = list(read_chunks(content))
    assert kinds[:3] == [b"fmt ", b"bext", b"data"]
    assert len(read_chunks(content)[b"data"]) % 2 == 1
    assert set(kinds[3:]) == {b"cue ", b"LIST", b"iXML"}
