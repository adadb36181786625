"""A video's sound as a wav, and the peaks from which it is drawn."""

import numpy as np
import pytest
import soundfile

from helpers.media_files import make_video, regular
from syncfusion.media import probe, read_audio, sound_peaks, write_soundtrack

RATE = 48_000


def sweep(seconds, rate=RATE):
    time = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * np.pi * 300 * time) * np.linspace(0.1, 0.8, len(time))).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.5, 3.0, 4.0])
def test_the_sound_is_as_long_as_the_pictures(tmp_path, seconds):
    video = probe(make_video(tmp_path / "clip.mp4", regular(25, 75), sound=sweep(seconds)))
    peaks = write_soundtrack(video, tmp_path / "sound.wav")
    written, rate = soundfile.read(tmp_path / "sound.wav", dtype="float32")
    assert rate == RATE
    assert len(written) == 3 * RATE
    assert np.abs(peaks - sound_peaks(written).astype(int)).max() <= 1
    assert_same(written, read_audio(video.path, sample_rate=RATE, mono=True))


def assert_same(written, whole):
    """What was written in blocks is what is read as a whole, to 16 bits."""
    expected = np.zeros_like(written)
    n_samples = min(len(written), whole.samples.shape[1])
    expected[:n_samples] = whole.samples[0, :n_samples]
    assert np.abs(expected).max() > 0.3
    assert np.abs(written - expected).max() < 1e-3


def test_other_rates_and_channels_become_mono_at_48_khz(tmp_path):
    sound = np.stack([sweep(2, 44_100), sweep(2, 44_100) / 2])
    video = make_video(tmp_path / "clip.mp4", regular(25, 50), sound=sound, sound_rate=44_100)
    write_soundtrack(probe(video), tmp_path / "sound.wav")
    written, _ = soundfile.read(tmp_path / "sound.wav", dtype="float32")
    assert_same(written, read_audio(video, sample_rate=RATE, mono=True))


def test_sound_that_begins_late_follows_silence(tmp_path):
    form = {"sound": sweep(1), "sound_start": 0.5}
    video = make_video(tmp_path / "clip.mkv", regular(25, 50), **form)
    write_soundtrack(probe(video), tmp_path / "sound.wav")
    written, _ = soundfile.read(tmp_path / "sound.wav", dtype="float32")
    assert np.abs(written[: RATE // 2 - 2000]).max() < 0.01
    assert np.abs(written[RATE // 2 + 2000 :][: RATE // 2]).max() > 0.05


def test_a_video_without_sound_gives_no_file(clip, tmp_path):
    assert write_soundtrack(probe(clip), tmp_path / "sound.wav") is None
    assert list(tmp_path.iterdir()) == []


def test_reading_is_cancelled_without_a_trace(tmp_path):
    video = probe(make_video(tmp_path / "clip.mp4", regular(25, 75), sound=sweep(3)))

    def stop(stage, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_soundtrack(video, tmp_path / "sound.wav", stop)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
