import json
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from syncfusion.errors import InputError
from syncfusion.onset.clips import Clip, ClipFiles
from syncfusion.preprocess.annotations import AnnotatedVideo
from syncfusion.preprocess.videos import Processing, preprocess_video

REPOSITORY = Path(__file__).parents[1]
TINY = Processing(fps=15, width=32, height=24, sample_rate=8000)


def write_video(path: Path, *, n_frames: int = 30, fps: int = 30, sound: bool = True) -> None:
    """Write a video that turns from black to white in its middle, with a tone as its sound."""
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("libx264", rate=fps)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream("aac", rate=16000, layout="stereo") if sound else None
        for index in range(n_frames):
            pixels = np.full((48, 64, 3), 255 * (index >= n_frames // 2), np.uint8)
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(pixels)))
        container.mux(pictures.encode(None))
        if audio is not None:
            tone = np.sin(np.arange(16000 * n_frames // fps) / 10).astype(np.float32)
            block = av.AudioFrame.from_ndarray(np.stack([tone, tone]), "fltp", "stereo")
            block.sample_rate = 16000
            container.mux(audio.encode(block))
            container.mux(audio.encode(None))


@pytest.fixture
def source(tmp_path) -> AnnotatedVideo:
    write_video(tmp_path / "clip_mic.mp4")
    (tmp_path / "clip_times.txt").write_text("0.5 wood hit\n")
    return AnnotatedVideo("clip", tmp_path / "clip_mic.mp4", tmp_path / "clip_times.txt")


def test_a_processed_video_opens_as_a_clip_with_its_frames_in_time(source, tmp_path):
    clip = Clip.open(preprocess_video(source, tmp_path / "out", TINY))
    assert clip.pixels.shape == (15, 24, 32, 3)
    assert clip.pixels[:7].max() < 30
    assert clip.pixels[8:].min() > 225
    assert clip.track.times == (0.5,)
    assert clip.track.duration == pytest.approx(1.0)


def test_the_sound_is_mono_pcm_at_the_rate_asked_for(source, tmp_path):
    folder = preprocess_video(source, tmp_path / "out", TINY)
    info = soundfile.info(ClipFiles(folder, "clip").audio)
    assert (info.channels, info.samplerate, info.subtype) == (1, 8000, "PCM_16")
    assert info.duration == pytest.approx(1.0, abs=0.1)


def test_metadata_says_rate_and_duration_where_published_readers_look(source, tmp_path):
    folder = preprocess_video(source, tmp_path / "out", TINY)
    processed = json.loads(ClipFiles(folder, "clip").metadata.read_text())["processed"]
    assert processed["video_frame_rate"] == 15
    assert processed["video_duration"] == pytest.approx(1.0)


def test_a_finished_video_is_not_processed_again(source, tmp_path):
    folder = preprocess_video(source, tmp_path / "out", TINY)
    ClipFiles(folder, "clip").times.write_text("0.25,edited\n")
    preprocess_video(source, tmp_path / "out", TINY)
    assert Clip.open(folder).track.labels == ("edited",)


def test_a_video_without_sound_gets_no_sound_file(tmp_path):
    write_video(tmp_path / "mute.mp4", sound=False)
    (tmp_path / "mute_times.txt").write_text("0.5 wood hit\n")
    source = AnnotatedVideo("mute", tmp_path / "mute.mp4", tmp_path / "mute_times.txt")
    folder = preprocess_video(source, tmp_path / "out", TINY)
    assert not ClipFiles(folder, "mute").audio.exists()


def test_a_broken_video_leaves_nothing_behind(tmp_path):
    (tmp_path / "broken.mp4").write_text("no video")
    (tmp_path / "broken_times.txt").write_text("0.5 wood hit\n")
    source = AnnotatedVideo("broken", tmp_path / "broken.mp4", tmp_path / "broken_times.txt")
    with pytest.raises(InputError):
        preprocess_video(source, tmp_path / "out", TINY)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_script_goes_on_after_a_failure_lists_it_and_exits_with_1(source, tmp_path):
    (tmp_path / "broken_mic.mp4").write_text("no video")
    (tmp_path / "broken_times.txt").write_text("0.5 wood hit\n")
    (tmp_path / "train.txt").write_text("clip\n")
    options = ["--videos", tmp_path, "--times", tmp_path, "--split", tmp_path, "--num_workers", "1"]
    run = subprocess.run(
        [sys.executable, REPOSITORY / "script/preprocess.py", *options]
        + ["--output", tmp_path / "out", "--frame_size", "16"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "broken" in run.stdout
    assert Clip.open(tmp_path / "out" / "clip").pixels.shape[1:] == (16, 16, 3)
    assert (tmp_path / "out" / "train.txt").read_text() == "clip\n"
