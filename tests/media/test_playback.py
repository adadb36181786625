import numpy as np
import pytest
import torch

from helpers.media_files import make_video, regular
from syncfusion.media.audio import read_audio
from syncfusion.media.playback import play
from syncfusion.media.video import probe, read_frames

SIZE = {"width": 32, "height": 24}


def tone(n_samples, pitch=440, rate=48_000):
    return 0.5 * np.sin(2 * np.pi * pitch * np.arange(n_samples) / rate).astype(np.float32)


def played(path, fps=15):
    frames = []
    sound = play(probe(path), fps=fps, **SIZE, on_frame=frames.append)
    return torch.from_numpy(np.stack(frames)), sound


@pytest.mark.parametrize(("suffix", "b_frames"), [("mp4", 2), ("mkv", 2), ("mov", 0)])
def test_one_pass_gives_the_frames_and_the_sound_of_two(tmp_path, suffix, b_frames):
    path = make_video(
        tmp_path / f"a.{suffix}", regular(25, 40), b_frames=b_frames, sound=tone(76_800)
    )
    frames, sound = played(path)
    assert torch.equal(frames, torch.cat(list(read_frames(path, fps=15, **SIZE))))
    torch.testing.assert_close(sound.mono.samples, read_audio(path, mono=True).samples)


def test_pictures_at_varying_times_are_held_until_the_next(tmp_path):
    path = make_video(tmp_path / "a.mkv", [0.0, 0.04, 0.3, 0.31, 0.7, 0.95, 1.5])
    frames, _ = played(path, fps=20)
    assert torch.equal(frames, torch.cat(list(read_frames(path, fps=20, **SIZE))))


def test_sound_goes_on_after_the_last_picture(tmp_path):
    path = make_video(tmp_path / "a.mov", regular(25, 5), sound=tone(48_000))
    assert played(path)[1].mono.duration == pytest.approx(1.0)


def test_sound_that_starts_late_comes_after_silence(tmp_path):
    path = make_video(tmp_path / "a.mkv", regular(25, 25), sound=tone(24_000), sound_start=0.5)
    samples = played(path)[1].mono.samples[0]
    assert samples[:23_900].abs().max() == 0
    assert samples[24_100:].abs().max() > 0.4


def test_channels_are_counted_and_averaged(tmp_path):
    loud, quiet = tone(44_100, rate=44_100), np.zeros(44_100, np.float32)
    path = make_video(
        tmp_path / "a.mkv", regular(25, 25), sound=np.stack([loud, quiet]), sound_rate=44_100
    )
    _, sound = played(path)
    assert (sound.n_channels, sound.mono.sample_rate) == (2, 44_100)
    assert float(sound.mono.samples.abs().max()) == pytest.approx(0.25, abs=0.01)


def test_a_video_without_sound_has_no_soundtrack(tmp_path):
    frames, sound = played(make_video(tmp_path / "a.mp4", regular(25, 10)))
    assert (len(frames), sound) == (6, None)
