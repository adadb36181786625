import json
import shutil

import pytest
import soundfile

from helpers.media_files import make_video, regular
from helpers.presets import make_preset, make_settings
from syncfusion.cli.app import main
from syncfusion.media import probing
from syncfusion.media.audio import read_audio
from syncfusion.progress import bars
from syncfusion.track import OnsetTrack


def written(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def generate(tiny_preset, clip, tmp_path):
    """Run generate on the clip; further options as words."""

    def run(*words):
        arguments = ["generate", clip, "--preset", tiny_preset, "--device", "cpu"]
        main([str(word) for word in (*arguments, "-o", tmp_path / "out.mp4", *words)])

    return run


COMMANDS = ["", "generate", "detect", "draw", "synthesize", "shards", "evaluate", "train"]
COMMANDS += [f"preprocess {step}" for step in ("videos", "annotations", "split")]
COMMANDS += [f"train {stage}" for stage in ("diffusion", "prompt", "compact", "calibrate")]


@pytest.mark.parametrize("command", [*COMMANDS, "train publish", "evaluate compare"])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as end:
        main([*command.split(), "--help"])
    assert end.value.code == 0
    assert "usage: syncfusion" in capsys.readouterr().out


def test_generate_names_what_it_wrote(generate, tmp_path, capsys):
    generate("--prompt", "metal hit")
    names = [f"out.{ending}" for ending in ("mp4", "wav", "onsets.csv", "json")]
    *paths, count = capsys.readouterr().out.splitlines()
    assert paths == [str(tmp_path / name) for name in names]
    assert written(tmp_path) == sorted(names)
    assert count == f"{len(OnsetTrack.read(tmp_path / 'out.onsets.csv'))} onsets"


@pytest.mark.parametrize("command", ["generate", "detect"])
def test_a_command_probes_its_video_once(command, tiny_preset, clip, tmp_path, monkeypatch):
    read, answer = [], probing.answer

    def count(path, *what):
        read.append(str(path))
        return answer(path, *what)

    monkeypatch.setattr(probing, "answer", count)
    options = ["--prompt", "wood", "--variations", "2"] if command == "generate" else []
    output = tmp_path / ("out.mp4" if command == "generate" else "out.csv")
    main([command, str(clip), "--preset", str(tiny_preset), "-o", str(output), *options])
    assert output.is_file()
    assert read.count(str(clip)) == 1


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "words", "result"),
    [
        ("a.webm", "libvpx", "yuv420p", [], "a.sync.webm"),
        ("a.mov", "prores_ks", "yuv422p10le", [], "a.sync.mov"),
        ("a.gif", "gif", "gray", ["--reencode"], "a.sync.mp4"),
    ],
)
def test_the_default_result_holds_the_pictures(
    tiny_preset, tmp_path, name, codec, pixels, words, result
):
    video = make_video(tmp_path / name, regular(25, 10), codec=codec, pixels=pixels)
    main(["generate", str(video), "--prompt", "hit", "--preset", str(tiny_preset), *words])
    assert (tmp_path / result).is_file()


def test_pictures_that_no_container_holds_are_refused_before_the_models_are_loaded(
    tmp_path, capsys
):
    video = make_video(tmp_path / "a.gif", regular(25, 10), codec="gif", pixels="gray")
    with pytest.raises(SystemExit):
        main(["generate", str(video), "--prompt", "hit"])
    assert "add --reencode" in capsys.readouterr().err
    assert written(tmp_path) == ["a.gif"]


def test_the_result_lies_beside_the_video_unless_told_otherwise(tiny_preset, tmp_path):
    video = make_video(tmp_path / "my.clip.mov", regular(25, 10))
    main(["generate", str(video), "--prompt", "wood", "--preset", str(tiny_preset)])
    assert (tmp_path / "my.clip.sync.mp4").is_file()
    main(["detect", str(video), "--preset", str(tiny_preset)])
    assert (tmp_path / "my.clip.onsets.csv").is_file()


def test_options_reach_the_result(generate, tmp_path):
    (tmp_path / "own.csv").write_text("0.25,metal hit\n1.5,\n")
    generate(
        *("--prompt", "metal hit", "--onsets", tmp_path / "own.csv"),
        *("--seed", 9, "--steps", 3, "--guidance", "-1.5"),
    )
    kept = json.loads((tmp_path / "out.json").read_text())
    asked = {"steps": 3, "guidance": -1.5, "solver": "dpmpp_2m", "seed": 9}
    assert kept["render"].items() >= asked.items()
    track = OnsetTrack.read(tmp_path / "out.onsets.csv")
    assert (track.times, track.labels) == ((0.25, 1.5), ("metal hit", ""))


def test_a_draft_takes_the_presets_few_steps(clip, tmp_path):
    preset = make_preset(tmp_path / "own", draft_steps=1)
    options = ["--prompt", "wood", "--preset", str(preset), "-o", str(tmp_path / "out.mp4")]
    main(["generate", str(clip), *options, "--draft"])
    assert json.loads((tmp_path / "out.json").read_text())["render"]["steps"] == 1


def test_a_draft_of_so_many_steps_is_refused(clip, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["generate", str(clip), "--prompt", "wood", "--draft", "--steps", "3"])
    assert "not allowed with" in capsys.readouterr().err


def test_variations_are_the_takes_of_the_following_seeds(generate, tmp_path):
    generate("--prompt", "metal hit", "--seed", 4, "--variations", 2)
    assert len(written(tmp_path)) == 8
    second = (tmp_path / "out-2.wav").read_bytes()
    assert second != (tmp_path / "out.wav").read_bytes()
    generate("--prompt", "metal hit", "--seed", 5, "-o", tmp_path / "single.mp4")
    assert (tmp_path / "single.wav").read_bytes() == second
    assert (tmp_path / "single.mp4").read_bytes() == (tmp_path / "out-2.mp4").read_bytes()


def test_the_sound_of_a_video_can_be_the_reference(generate, tmp_path):
    generate("--prompt", "metal hit", "--threshold", 0)
    generate("--reference", tmp_path / "out.mp4", "-o", tmp_path / "again.mp4")
    kept = json.loads((tmp_path / "again.json").read_text())
    assert kept["prompt"]["seconds"] == pytest.approx(2.0, abs=0.03)


@pytest.mark.parametrize("words", [("--threshold", 1), ("--onsets", "empty.csv")])
def test_no_onsets_are_said_and_give_a_silent_video(generate, tmp_path, capsys, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.csv").touch()
    generate("--prompt", "metal hit", *words)
    said = capsys.readouterr().out.splitlines()[-1]
    assert "no onsets, so the sound is silent" in said
    assert "--threshold" in said
    assert "--onsets" in said
    sound = read_audio(tmp_path / "out.mp4")
    assert sound.duration == pytest.approx(2.0, abs=0.03)
    assert not sound.samples.any()
    assert soundfile.info(tmp_path / "out.wav").frames == 96_000


def test_detect_writes_what_generate_accepts(generate, tiny_preset, clip, tmp_path, capsys):
    onsets = tmp_path / "found.csv"
    main(["detect", str(clip), "-o", str(onsets), "--preset", str(tiny_preset)])
    assert capsys.readouterr().out.splitlines()[0] == str(onsets)
    generate("--prompt", "metal hit", "--onsets", onsets)
    assert (tmp_path / "out.onsets.csv").read_bytes() == onsets.read_bytes()


def test_detect_without_finding_any_writes_an_empty_list(tiny_preset, clip, tmp_path, capsys):
    onsets = tmp_path / "found.csv"
    arguments = ["detect", clip, "-o", onsets, "--preset", tiny_preset, "--threshold", 1]
    main([str(word) for word in arguments])
    assert "no onsets; lower --threshold" in capsys.readouterr().out
    assert onsets.read_text() == "time,label,confidence,gain\n"


def test_a_prompt_of_unknown_words_is_warned_about_and_rendered(generate, tmp_path, capsys):
    generate("--prompt", "quark")
    assert "no word of the prompt 'quark' is known" in capsys.readouterr().err
    assert (tmp_path / "out.mp4").is_file()


def test_a_preset_with_clap_is_asked_before_words_count_as_unknown(
    tiny_preset, clip, tmp_path, capsys
):
    preset = shutil.copytree(tiny_preset, tmp_path / "own")
    make_settings(preset, prompt="clap")
    (preset / "onset.safetensors").unlink()  # so that it ends early
    with pytest.raises(SystemExit):
        main(["generate", str(clip), "--prompt", "quark", "--preset", str(preset)])
    told = capsys.readouterr().err
    assert told.startswith("syncfusion: the preset 'own' lacks")
    assert told.count("\n") == 1


def test_bars_are_drawn_one_stage_after_another(capsys):
    with bars() as progress:
        progress("First", 1, 2)
        progress("First", 2, 2)
        progress("Second", 1, 4)
    shown = capsys.readouterr().err
    assert shown.index("First: 100%") < shown.index("Second:  25%")
