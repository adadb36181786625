"""Videos of any name and kind: rendered, or refused in one sentence; inputs stay as they are."""

import os
import shutil

import av
import numpy as np
import pytest

from helpers.media_files import make_video, regular
from syncfusion.cli.app import main
from syncfusion.media.audio import read_audio
from syncfusion.media.probing import probe

NAMES = (
    "über grün.mp4",
    "two  spaces.mp4",
    "new\nline.mp4",
    "tab\there.mp4",
    'quote\'s "x".mp4',
    "back\\slash.mp4",
    "%s%d{}.mp4",
    "a;b&c$(d).mp4",
    "emoji🎬.mp4",
    ".hidden.mp4",
)


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def generate(tiny_preset, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = ["--prompt", "hit", "--preset", str(tiny_preset), "--steps", "1"]
    return lambda video, *options: main(["generate", str(video), *settings, *options])


@pytest.mark.parametrize("name", NAMES)
def test_a_video_of_any_name_gets_its_sound_beside_it(clip, generate, tmp_path, name):
    shutil.copy(clip, tmp_path / name)
    generate(name)
    stem = name.removesuffix(".mp4")
    ends = ("mp4", "wav", "onsets.csv", "json")
    assert written(tmp_path).keys() == {name, *(f"{stem}.sync.{end}" for end in ends)}
    assert (tmp_path / name).read_bytes() == clip.read_bytes()


def test_a_name_that_begins_with_a_dash_is_answered_with_how_to_write_it(
    clip, generate, tmp_path, capsys
):
    shutil.copy(clip, tmp_path / "--take.mp4")
    with pytest.raises(SystemExit):
        generate("--take.mp4")
    assert "--take.mp4 would be read as an option; write it as ./--take.mp4" in (
        capsys.readouterr().err
    )
    generate("./--take.mp4")
    assert (tmp_path / "--take.sync.mp4").is_file()


@pytest.mark.parametrize("command", ["generate", "detect"])
@pytest.mark.parametrize("way", ["itself", "symlink", "hard link", "linked folder"])
def test_the_video_is_never_the_output(clip, tiny_preset, tmp_path, monkeypatch, command, way):
    monkeypatch.chdir(tmp_path)
    shutil.copy(clip, "take.mp4")
    if way == "symlink":
        os.symlink("take.mp4", "out.mp4")
    elif way == "hard link":
        os.link("take.mp4", "out.mp4")
    os.symlink(tmp_path, "self")
    output = {"itself": "take.mp4", "linked folder": "self/take.mp4"}.get(way, "out.mp4")
    before = written(tmp_path)
    prompt = ["--prompt", "hit"] if command == "generate" else []
    words = [command, "take.mp4", *prompt, "--preset", str(tiny_preset), "-o", output]
    with pytest.raises(SystemExit) as refused:
        main([*words, "--overwrite"])
    assert refused.value.code == 2
    assert written(tmp_path) == before


def test_a_link_to_a_file_of_the_users_is_replaced_and_the_file_is_kept(
    clip, generate, tmp_path, capsys
):
    (tmp_path / "mine.wav").write_text("mine")
    os.symlink("mine.wav", "out.wav")
    with pytest.raises(SystemExit):
        generate(clip, "-o", "out.mp4")
    assert "out.wav is there already" in capsys.readouterr().err
    generate(clip, "-o", "out.mp4", "--overwrite")
    assert (tmp_path / "mine.wav").read_text() == "mine"


def with_sounds(path, video):
    """Copy a video and give it two streams of sound, noise and silence."""
    with av.open(str(path), "w") as target, av.open(str(video)) as source:
        pictures = target.add_stream_from_template(source.streams.video[0])
        sounds = [target.add_stream("pcm_s16le", rate=48_000, layout="mono") for _ in range(2)]
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = pictures
                target.mux(packet)
        for stream, level in zip(sounds, (8000, 0), strict=True):
            samples = np.random.default_rng(0).normal(0, 1, (1, 96_000)) * level
            frame = av.AudioFrame.from_ndarray(samples.astype(np.int16), "s16", "mono")
            frame.sample_rate = 48_000
            target.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def test_which_of_two_sounds_is_the_reference_is_said(clip, tmp_path, caplog):
    path = with_sounds(tmp_path / "two.mkv", clip)
    assert read_audio(path).samples.abs().max() > 0.5
    assert "two.mkv has 2 sound streams; the first is read" in caplog.text


def test_a_result_has_one_sound_the_rendered_one(clip, generate, tmp_path):
    generate(with_sounds(tmp_path / "two.mkv", clip))
    with av.open(str(tmp_path / "two.sync.mp4")) as result:
        assert [stream.type for stream in result.streams] == ["video", "audio"]


def test_a_recording_with_a_hole_keeps_its_length(generate, tmp_path):
    content = make_video(tmp_path / "whole.ts", regular(25, 50)).read_bytes()
    packets = len(content) // 188
    first, last = 188 * (packets // 3), 188 * (packets // 2)
    (tmp_path / "hole.ts").write_bytes(content[:first] + bytes(1000) + content[last:])
    generate("hole.ts")
    assert probe(tmp_path / "hole.sync.mp4").duration == pytest.approx(2.0, abs=0.05)
    assert probe(tmp_path / "hole.sync.mp4").n_frames == probe(tmp_path / "hole.ts").n_frames
