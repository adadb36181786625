import json
import logging
import os
import subprocess

import numpy as np
import pytest
import soundfile
import torch

from helpers.media_files import make_video, regular, shown
from syncfusion.errors import InputError
from syncfusion.media.atomic import _hidden_name
from syncfusion.media.video import read_frames
from syncfusion.onset.data.clips import Clip
from syncfusion.preprocess.processing import Processing
from syncfusion.preprocess.videos import Target, preprocess_video

TINY = {"video_width": 32, "video_height": 24}


def noise(seconds=2.0, level=0.1):
    return np.random.default_rng(0).normal(0, level, round(48_000 * seconds)).astype(np.float32)


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    """Two seconds at 25 pictures a second, with noise to hear."""
    path = tmp_path_factory.mktemp("videos") / "clip_mic.mkv"
    return make_video(path, regular(25, 50), sound=noise())


@pytest.fixture
def process(video, tmp_path):
    """Process the video, or another, with some settings."""

    def run(path=video, *, flatten=False, times=None, **settings):
        target = Target(tmp_path / "out", flatten, times)
        return preprocess_video("clip", path, target, Processing(**TINY | settings))

    return run


def annotate(folder, text="0.5,wood hit\n"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "clip.times.csv").write_text(text)


@pytest.mark.parametrize("form", ["packed", "jpg"])
def test_a_processed_video_opens_as_a_clip_with_its_frames_in_time(process, video, form):
    files = process(frames=form)
    annotate(files.folder)
    clip = Clip.open(files.folder)
    expected = torch.cat(list(read_frames(video, fps=15, width=32, height=24)))
    assert clip.pixels.shape == (30, 24, 32, 3)
    assert shown(clip.frames(slice(None))) == shown(expected)


def test_packed_frames_are_those_that_detection_sees(process, video):
    frames = np.load(process().frames)
    assert np.array_equal(frames, torch.cat(list(read_frames(video, fps=15, width=32, height=24))))


def test_jpegs_have_their_published_names(process):
    files = process(frames="jpg")
    names = sorted(path.name for path in files.jpegs.iterdir())
    assert names == [f"clip.frame_{number:06d}.jpg" for number in range(1, 31)]


def test_rate_and_size_are_as_asked_for(process):
    files = process(video_fps=10, video_width=20, video_height=16, audio_sample_rate=16_000)
    assert np.load(files.frames).shape == (20, 16, 20, 3)
    assert soundfile.info(files.audio).samplerate == 16_000


@pytest.mark.parametrize(("bits", "subtype"), [(16, "PCM_16"), (24, "PCM_24"), (32, "FLOAT")])
def test_the_sound_is_mono_of_the_depth_asked_for(process, bits, subtype):
    info = soundfile.info(process(audio_bitdepth=bits).audio)
    assert (info.channels, info.samplerate, info.subtype) == (1, 48_000, subtype)
    assert info.frames == 96_000


def test_metadata_tells_the_published_facts_and_the_file(process, video):
    files = process()
    metadata = json.loads(files.metadata.read_text())
    assert (files.folder / metadata["original"].pop("file")).samefile(video)
    assert metadata["original"] == {
        "width": 64,
        "height": 48,
        "video_frame_rate": 25.0,
        "video_duration": 2.0,
        "video_num_frames": 50,
        "audio_sample_rate": 48_000,
        "audio_channels": 1,
        "audio_duration": 2.0,
        "audio_num_samples": 96_000,
    }
    assert metadata["processed"] == {
        "width": 32,
        "height": 24,
        "video_frame_rate": 15,
        "video_duration": 2.0,
        "video_num_frames": 30,
        "audio_sample_rate": 48_000,
        "audio_channels": 1,
        "audio_bitdepth": 32,
    }


def test_a_video_without_sound_says_null_and_gets_no_sound_file(process, tmp_path):
    files = process(make_video(tmp_path / "mute.mp4", regular(25, 50)), audio_onsets=True)
    metadata = json.loads(files.metadata.read_text())
    about_sound = {
        (part, key): value
        for part, facts in metadata.items()
        for key, value in facts.items()
        if key.startswith("audio")
    }
    assert len(about_sound) == 7
    assert set(about_sound.values()) == {None}
    assert list(files.folder.rglob("*.wav")) == []


def test_a_finished_video_is_not_processed_again(process):
    first = process().frames.stat().st_mtime_ns
    assert process().frames.stat().st_mtime_ns == first


def test_a_mute_video_is_finished_too(process, tmp_path):
    mute = make_video(tmp_path / "mute.mp4", regular(25, 50))
    first = process(mute).frames.stat().st_mtime_ns
    assert process(mute, audio_denoise=True).frames.stat().st_mtime_ns == first


@pytest.mark.parametrize("lost", ["metadata", "frames", "audio"])
def test_a_half_finished_video_is_done_again(process, lost):
    files = process()
    whole = {path: path.read_bytes() for path in files.folder.rglob("*") if path.is_file()}
    for path in whole.keys() - {files.metadata}:
        path.write_bytes(b"cut short")
    getattr(files, lost).unlink()
    process()
    assert {path: path.read_bytes() for path in files.folder.rglob("*") if path.is_file()} == whole


def test_jpegs_left_by_an_interrupted_run_do_not_count_as_frames(process):
    files = process(frames="jpg")
    files.metadata.unlink()
    (files.jpegs / "clip.frame_000031.jpg").write_bytes(b"of a faster run")
    process(frames="jpg")
    assert len(list(files.jpegs.iterdir())) == 30


def test_a_leftover_of_a_killed_run_is_cleared_away(process, tmp_path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    name = _hidden_name().replace(f"-{os.getpid()}-", f"-{gone.pid}-")
    (tmp_path / "out" / name).mkdir(parents=True)
    (tmp_path / "out" / name / "clip.old.npy").touch()
    process()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["clip"]
    assert not list((tmp_path / "out").rglob("*.old.npy"))


def test_what_is_asked_for_later_is_made_later(process):
    process()
    files = process(audio_denoise=True)
    assert files.audio.with_name("clip.resampled_denoised.wav").is_file()


@pytest.mark.parametrize("other", [{"video_fps": 10}, {"video_width": 16}, {"audio_bitdepth": 16}])
def test_a_video_processed_in_another_way_is_an_error_not_a_silent_skip(process, other):
    process()
    value = next(iter(other.values()))
    with pytest.raises(InputError, match=f"required is {value}; .*--output_dir"):
        process(**other)


def test_an_annotation_that_came_first_stays(process, tmp_path):
    annotate(tmp_path / "out" / "clip")
    clip = Clip.open(process().folder)
    assert clip.track.labels == ("wood hit",)


def test_onsets_past_the_end_are_left_out_with_a_warning(process, tmp_path, caplog):
    annotate(tmp_path / "out" / "clip", "0.5,wood hit\n2.5,wood hit\n")
    with caplog.at_level(logging.WARNING):
        clip = Clip.open(process().folder)
    assert clip.track.times == (0.5,)
    assert "left out 1 onsets past the end" in caplog.text


def test_flattened_files_lie_side_by_side_and_are_recognised(process, tmp_path):
    files = process(flatten=True, frames="jpg")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    jpegs = {f"clip.frame_{number:06d}.jpg" for number in range(1, 31)}
    assert names == jpegs | {"clip.metadata.json", "clip.resampled.wav"}
    first = files.audio.stat().st_mtime_ns
    assert process(flatten=True, frames="jpg").audio.stat().st_mtime_ns == first


def test_onsets_are_written_as_a_sound_that_is_1_at_each(process, tmp_path):
    annotate(tmp_path / "out" / "clip", "0.5,wood hit\n1.25,\n")
    files = process(audio_onsets=True)
    samples, rate = soundfile.read(files.audio.with_name("clip.resampled_onset.wav"))
    assert (len(samples), rate) == (96_000, 48_000)
    assert np.flatnonzero(samples).tolist() == [24_000, 60_000]
    assert samples.max() == 1


def test_onsets_are_taken_from_the_data_set_where_there_is_no_csv_yet(process, tmp_path):
    (tmp_path / "clip_times.txt").write_text("0.5 wood hit\n9.0 past end\n")
    files = process(audio_onsets=True, times=tmp_path)
    samples, _ = soundfile.read(files.audio.with_name("clip.resampled_onset.wav"))
    assert np.flatnonzero(samples).tolist() == [24_000]


def test_onsets_of_a_video_without_annotation_are_an_error(process, tmp_path):
    with pytest.raises(InputError, match="no annotation .*syncfusion preprocess annotations"):
        process(audio_onsets=True)
    assert list((tmp_path / "out").iterdir()) == []


def test_denoising_turns_steady_noise_down_and_keeps_the_hit(process, tmp_path):
    sound = noise(level=0.01)
    hit = slice(48_000, 48_000 + 2400)
    sound[hit] += 0.5 * np.sin(np.arange(2400) * 0.2) * np.exp(-np.arange(2400) / 500)
    files = process(
        make_video(tmp_path / "hit.mkv", regular(25, 50), sound=sound), audio_denoise=True
    )
    before, _ = soundfile.read(files.audio)
    after, _ = soundfile.read(files.audio.with_name("clip.resampled_denoised.wav"))
    assert len(after) == len(before)
    between = slice(60_000, 80_000)
    assert np.abs(after[between]).mean() < 0.4 * np.abs(before[between]).mean()
    assert np.abs(after[hit]).max() > 0.9 * np.abs(before[hit]).max()


def test_digital_silence_can_be_denoised(process, tmp_path):
    sound = np.concatenate([np.zeros(48_000, np.float32), noise(seconds=1)])
    path = make_video(tmp_path / "a.mkv", regular(25, 50), sound=sound)
    files = process(path, audio_denoise=True)
    after, _ = soundfile.read(files.audio.with_name("clip.resampled_denoised.wav"))
    assert np.isfinite(after).all()
    assert np.abs(after[:40_000]).max() < 1e-6


@pytest.mark.parametrize("content", [None, b"", b"no video"])
def test_a_broken_video_is_an_error_and_leaves_nothing_behind(process, tmp_path, content):
    path = tmp_path / "broken_mic.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="broken_mic.mp4"):
        process(path)
    assert list((tmp_path / "out").iterdir()) == []


def test_an_interruption_leaves_nothing_behind(process, tmp_path, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("syncfusion.preprocess.videos.write_sounds", interrupt)
    with pytest.raises(KeyboardInterrupt):
        process()
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("setting", [{"video_fps": 0}, {"video_width": 0}, {"audio_bitdepth": 8}])
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValueError, match="1 or more|one of"):
        Processing(**setting)
