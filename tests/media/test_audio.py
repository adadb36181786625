import numpy as np
import pytest
import soundfile
import torch

from helpers.media_files import make_video, regular
from syncfusion.errors import InputError
from syncfusion.media import Waveform, WavWriter, read_audio, write_wav
from syncfusion.timing import seeded

RATE = 48_000


def noise(n_channels=2, n_samples=4800, seed=0):
    return Waveform(torch.rand(n_channels, n_samples, generator=seeded(seed)) * 1.8 - 0.9, RATE)


def click(seconds, length=1.0):
    sound = np.zeros(round(length * RATE), np.float32)
    sound[round(seconds * RATE)] = 0.9
    return sound


def test_channels_that_cancel_are_heard_as_the_loudest_of_them():
    left = torch.sin(torch.linspace(0, 100, 4800))
    sound = Waveform(torch.stack([0.5 * left, -0.5 * left]), 48_000)
    assert sound.mono().samples.equal(0.5 * left[None])
    assert Waveform(torch.zeros(2, 8), 48_000).mono().samples.equal(torch.zeros(1, 8))


def test_a_waveform_knows_its_duration_and_mixes_to_mono():
    sound = Waveform(torch.tensor([[0.0, 1.0], [1.0, 0.0]]), 4)
    assert sound.duration == 0.5
    assert sound.mono().samples.tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize(("shape", "rate"), [((0, 4), RATE), ((1, 4), 0)])
def test_a_waveform_without_channel_or_rate_is_refused(shape, rate):
    with pytest.raises(ValueError, match="samples|rate"):
        Waveform(torch.zeros(shape), rate)


def test_resampling_keeps_duration_and_pitch():
    time = torch.arange(RATE) / RATE
    sound = Waveform(torch.sin(2 * torch.pi * 440 * time)[None], RATE).resampled(16_000)
    assert sound.samples.shape == (1, 16_000)
    assert int(torch.fft.rfft(sound.samples[0]).abs().argmax()) == 440


def test_resampling_keeps_what_is_almost_too_high_to_hear():
    def tone(rate):
        time = torch.arange(rate, dtype=torch.float64) / rate
        return Waveform(torch.sin(2 * torch.pi * 18_000 * time)[None].float(), rate)

    inner = slice(4800, -4800)  # the tone's sudden beginning and end ring
    resampled = tone(44_100).resampled(RATE).samples[:, inner]
    torch.testing.assert_close(resampled, tone(RATE).samples[:, inner], rtol=0, atol=1e-3)


@pytest.mark.parametrize(("subtype", "tolerance"), [("PCM_24", 2**-23), ("FLOAT", 0)])
def test_wav_comes_back_as_written(tmp_path, subtype, tolerance):
    write_wav(noise(), tmp_path / "a.wav", subtype=subtype)
    back = read_audio(tmp_path / "a.wav")
    assert back.sample_rate == RATE
    torch.testing.assert_close(back.samples, noise().samples, rtol=0, atol=tolerance)


def test_too_loud_sound_is_clipped_not_wrapped(tmp_path):
    write_wav(Waveform(torch.tensor([[1.5, -1.5]]), RATE), tmp_path / "a.wav")
    assert read_audio(tmp_path / "a.wav").samples.tolist()[0] == pytest.approx([1, -1], abs=1e-6)


@pytest.mark.parametrize("suffix", ["flac", "ogg", "mp3"])
def test_sound_files_are_read_and_resampled(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, noise().samples.T.numpy(), RATE)
    sound = read_audio(path, sample_rate=16_000, mono=True)
    assert sound.samples.shape == (1, 1600)


def test_blocks_written_one_by_one_make_the_whole_sound(tmp_path):
    whole = noise()
    with WavWriter(tmp_path / "a.wav", sample_rate=RATE, n_channels=2) as writer:
        for block in whole.samples.split(1000, dim=1):
            writer.write(block)
    torch.testing.assert_close(
        read_audio(tmp_path / "a.wav").samples, whole.samples, rtol=0, atol=1e-6
    )


def test_a_writer_that_fails_leaves_no_file(tmp_path):
    def write_half():
        with WavWriter(tmp_path / "a.wav", sample_rate=RATE) as writer:
            writer.write(torch.zeros(1, 10))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", ["mov", "mkv", "mp4"])
@pytest.mark.parametrize("start", [0.0, 0.5])
def test_sound_in_a_video_is_placed_on_the_videos_clock(tmp_path, suffix, start):
    path = tmp_path / f"a.{suffix}"
    make_video(path, regular(25, 40), sound=click(0.2), sound_start=start)
    sound = read_audio(path)
    assert int(sound.samples[0].abs().argmax()) == pytest.approx((start + 0.2) * RATE, abs=48)


def test_sound_before_the_video_is_cut(tmp_path):
    path = make_video(tmp_path / "a.mkv", regular(25, 25, start=0.4), sound=click(0.6))
    assert int(read_audio(path).samples[0].argmax()) == pytest.approx(0.2 * RATE, abs=48)


def test_16_bit_sound_in_a_container_keeps_its_scale(tmp_path):
    path = make_video(tmp_path / "a.mov", regular(25, 25), sound=click(0.2))
    assert read_audio(path).samples.max() == pytest.approx(0.9, abs=1e-3)


def test_files_without_sound_are_named_with_the_reason(tmp_path):
    silent = make_video(tmp_path / "silent.mp4", regular(25, 5))
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("not a sound\n" * 100)
    soundfile.write(tmp_path / "none.wav", np.zeros((0, 1)), RATE)
    reasons = {
        silent: "no sound stream",
        tmp_path / "empty.wav": "is empty",
        tmp_path / "text.wav": "not a video or sound file",
        tmp_path / "none.wav": "holds no sound",
        tmp_path / "missing.wav": "there is no file",
        tmp_path: "is a folder",
    }
    for path, reason in reasons.items():
        with pytest.raises(InputError, match=reason):
            read_audio(path)


def test_equal_sounds_are_equal_files_whenever_they_are_written(tmp_path):
    sound = Waveform(torch.rand(1, 480), 48_000)
    for name in ("a", "b"):
        write_wav(sound, tmp_path / f"{name}.wav", subtype="FLOAT")
        assert b"PEAK" not in (tmp_path / f"{name}.wav").read_bytes()[:128]
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()
