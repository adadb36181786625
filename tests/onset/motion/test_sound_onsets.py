import numpy as np
import pytest
import soundfile

from helpers.motion_clips import write_annotated
from helpers.struck_sounds import save, struck
from syncfusion.onset.motion.sound_onsets import sound_onsets

TIMES = (0.3, 0.8, 1.3, 1.7)


@pytest.fixture
def recording(tmp_path):
    return str(save(struck(TIMES), tmp_path / "struck.wav"))


@pytest.mark.parametrize("off", [-0.06, -0.02, 0.03, 0.07])
def test_annotations_move_to_the_sound_s_onset(recording, off):
    annotated = [time + off for time in TIMES]
    assert sound_onsets(recording, annotated) == pytest.approx(TIMES, abs=0.006)


def test_an_annotation_without_a_sound_nearby_stays(recording):
    assert sound_onsets(recording, [0.55, 0.8])[0] == pytest.approx(0.55)


def test_a_clip_without_sound_keeps_its_annotations(tmp_path):
    video = write_annotated(tmp_path, "silent", sound=None)
    assert sound_onsets(str(video), [0.1, 0.2]) == [0.1, 0.2]


def test_digital_silence_keeps_its_annotations(tmp_path):
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(48_000), 48_000)
    assert sound_onsets(str(path), [0.1, 0.5]) == pytest.approx([0.1, 0.5])


def test_times_stay_in_order(recording):
    found = sound_onsets(recording, [0.74, 0.79, 0.86])
    assert found == sorted(found)


def test_no_annotations_are_none(recording):
    assert sound_onsets(recording, []) == []


def test_annotations_at_either_end_of_the_sound_do_not_fail(recording):
    assert len(sound_onsets(recording, [0.0, 2.19])) == 2
