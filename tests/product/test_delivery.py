import json
import resource
from pathlib import Path

import pytest
import soundfile
import torch

from helpers.media_files import make_video, regular
from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.evaluation.loudness import check_sound
from syncfusion.media.audio import read_audio
from syncfusion.media.isolation import let_go_of_all
from syncfusion.product.delivery import check_outputs, deliver
from syncfusion.product.result import Delivery
from syncfusion.product.sounds import Normalised, peak_gain
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack

TRACK = OnsetTrack([0.5], 2.0, ["metal hit"])


def sound(peak=0.25, seconds=2.0):
    samples = torch.zeros(1, round(seconds * SAMPLE_RATE))
    samples[0, SAMPLE_RATE // 2] = -peak
    return samples


def written(folder):
    return sorted(path.name for path in folder.iterdir())


def test_all_four_files_appear_beside_each_other(clip, tmp_path):
    files = Delivery(tmp_path / "new" / "take.mp4")
    deliver(files, clip, Normalised(sound().split(30_000, 1), -1.0), TRACK, {"seed": 3})
    assert written(tmp_path / "new") == ["take.json", "take.mp4", "take.onsets.csv", "take.wav"]
    assert json.loads(files.settings.read_text())["seed"] == 3
    assert OnsetTrack.read(files.onsets, 2.0) == TRACK
    assert read_audio(files.video).duration == pytest.approx(2.0, abs=0.03)


def test_the_sound_is_24_bit_with_its_loudest_sample_at_the_level_asked_for(clip, tmp_path):
    files = Delivery(tmp_path / "take.mp4")
    deliver(files, clip, Normalised(sound(peak=3.0).split(30_000, 1), -1.0), TRACK, {})
    samples, rate = soundfile.read(files.sound)
    assert (soundfile.info(files.sound).subtype, rate, len(samples)) == ("PCM_24", 48_000, 96_000)
    assert samples.min() == pytest.approx(-(10 ** (-1 / 20)), abs=1e-6)
    assert (samples != 0).sum() == 1


def test_the_settings_state_peak_and_loudness(clip, tmp_path):
    files = Delivery(tmp_path / "take.mp4")
    noise = 0.1 * torch.randn(1, 96_000, generator=seeded(0))
    deliver(files, clip, Normalised(noise.split(30_000, 1), -3.0), TRACK, {})
    level = json.loads(files.settings.read_text())["sound"]
    assert level["peak_dbfs"] == pytest.approx(-3.0)
    assert level["loudness_lufs"] == pytest.approx(
        check_sound(read_audio(files.sound)).loudness, abs=0.1
    )


def test_silence_has_neither_peak_nor_loudness(clip, tmp_path):
    files = Delivery(tmp_path / "take.mp4")
    deliver(files, clip, Normalised(sound(peak=0).split(30_000, 1), -3.0), TRACK, {})
    level = json.loads(files.settings.read_text())["sound"]
    assert level == {"peak_dbfs": None, "loudness_lufs": None}


def test_what_is_as_good_as_silent_is_not_made_louder():
    assert peak_gain(0.0, -1.0) == peak_gain(1e-5, -1.0) == 1.0
    assert peak_gain(0.5, -6.0) == pytest.approx(10 ** (-6 / 20) / 0.5)


def test_a_rendered_sound_is_kept_where_the_video_cannot_be_written(clip, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise InputError("the pictures cannot be written")

    monkeypatch.setattr("syncfusion.product.delivery.mux", fail)
    files = Delivery(tmp_path / "take.mp4")
    with pytest.raises(InputError, match=r"the rendered sound is kept as .*take\.wav"):
        deliver(files, clip, Normalised(sound().split(30_000, 1), -1.0), TRACK, {})
    assert written(tmp_path) == ["take.wav"]
    assert read_audio(files.sound).duration == 2.0


def test_takes_are_numbered_from_the_second_on():
    first = Delivery(Path("a.b.mp4"))
    assert first.take(1) == first
    assert first.take(3).sound.name == "a.b-3.wav"


@pytest.mark.parametrize("name", ["", "take", "take.txt", "take.wav", ".mp4"])
def test_a_strange_ending_is_refused(name, tmp_path):
    with pytest.raises(InputError, match=r"must end in one of .mp4"):
        Delivery(tmp_path / name)


@pytest.mark.parametrize("ending", ["mp4", "wav", "onsets.csv", "json"])
def test_no_input_is_written_over_under_any_name(clip, tmp_path, ending):
    files = Delivery(tmp_path / "take.mp4")
    (tmp_path / f"take.{ending}").symlink_to(clip)
    with pytest.raises(InputError, match="is an input itself"):
        check_outputs(files, [tmp_path / f"take.{ending}"])


def test_looking_whether_files_can_be_written_leaves_nothing(tmp_path):
    check_outputs(Delivery(tmp_path / "take.mp4"), [])
    assert written(tmp_path) == []


def test_a_write_protected_file_is_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "take.wav").write_text("old")
    monkeypatch.setattr("os.access", lambda path, mode: path.name != "take.wav")
    with pytest.raises(InputError, match="take.wav is write-protected"):
        check_outputs(Delivery(tmp_path / "take.mp4"), [])
    assert (tmp_path / "take.wav").read_text() == "old"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_end_in_the_middle_of_the_sound_leaves_nothing(clip, tmp_path, error):
    def blocks():
        yield sound(seconds=1.0)
        raise error

    with pytest.raises(error):
        deliver(Delivery(tmp_path / "take.mp4"), clip, Normalised(blocks(), -1.0), TRACK, {})
    assert written(tmp_path) == []


@pytest.mark.parametrize(
    ("room", "left"), [(100, []), (50_000, []), (400_000, ["take.wav"])], ids=str
)
def test_a_full_disk_is_reported_and_leaves_at_most_the_whole_sound(tmp_path, room, left):
    """The raw sound has 384 kB, the wav 288 kB, the video 1 MB."""
    video = make_video(
        tmp_path / "in.mkv", regular(25, 50), size=(1280, 960), codec="mjpeg", pixels="yuvj420p"
    )
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    let_go_of_all()  # the next process that decodes has the limit too
    try:
        with pytest.raises(InputError, match="cannot write (?!.*\\.syncfusion-).*; free "):
            deliver(Delivery(tmp_path / "take.mkv"), video, Normalised([sound()], -1.0), TRACK, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        let_go_of_all()
    assert written(tmp_path) == ["in.mkv", *left]
