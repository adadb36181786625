import shutil

import numpy as np
import pytest
import torch
from torch import nn

from helpers.motion_clips import motion_clip, motion_of_cells, moving_place, strikes
from helpers.moving_pictures import bouncing, write_video
from helpers.places import BUNDLED
from helpers.presets import make_preset
from syncfusion.checkpoint import load_onset
from syncfusion.cli.app import main
from syncfusion.onset import Decoding, KeptClip, MotionNetConfig, MotionOnsetNet, write_kept
from syncfusion.onset.motion.own import read_kept
from syncfusion.track import OnsetTrack
from syncfusion.training.own_validation import Taught, describe_teaching
from syncfusion.training.teaching import mean_f, taught

TINY = MotionNetConfig(
    n_feature_nets=1, n_grid_nets=1, width=8, dilations=(1, 2), grid_width=8, grid_channels=(4, 4)
)
KEPT = [motion_clip("kept", onsets=(15, 60))]


@pytest.fixture
def net():
    torch.manual_seed(0)
    return MotionOnsetNet(TINY).eval()


def states(net):
    return {name: value.clone() for name, value in net.state_dict().items()}


@pytest.mark.slow
def test_what_is_taught_is_another_detector_and_the_first_one_stays(net):
    before = states(net)
    student = taught(net, [motion_clip()], KEPT, steps=2)
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert not net.training
    assert not student.training
    changed = {n for n, value in student.state_dict().items() if not torch.equal(before[n], value)}
    assert changed == {name for name, _ in student.named_parameters()}  # and no statistics


@pytest.mark.slow
def test_the_same_seed_teaches_the_same(net):
    first, same, other = (
        nn.utils.parameters_to_vector(taught(net, KEPT, KEPT, steps=1, seed=seed).parameters())
        for seed in (0, 0, 1)
    )
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


@pytest.mark.slow
def test_onsets_at_starts_instead_of_stops_can_be_taught():
    """The bundled detector looks for stops; a user who marks starts gets starts, and kept stays."""
    net, decoding = load_onset(BUNDLED), Decoding(threshold=0.32)
    frames = (20, 50, 80)
    motion = motion_of_cells(moving_place(strikes(110, frames, [2.0, 2.0, 2.0])))
    track = OnsetTrack([(frame - 8) / 30 for frame in frames], motion.duration)
    own = [KeptClip.of(n, motion, track, np.array(track.times)).open() for n in ("a", "b")]
    kept = [clip.open() for clip in read_kept(BUNDLED / "onset-kept.npz")[:2]]
    student = taught(net, own, kept, steps=60)
    assert mean_f(student, own, decoding) > mean_f(net, own, decoding)
    assert mean_f(student, kept, decoding) > mean_f(net, kept, decoding) - 0.15


def test_the_table_holds_the_change_of_each_kind():
    rows = [
        Taught(["a"], "learned", {"a": 0.5}, {"a": 0.9}),
        Taught(["a"], "same session", {"b": 0.4}, {"b": 0.5}),
        Taught(["b"], "same session", {"a": 0.6}, {"a": 0.7}),
        Taught(["c"], "same session", {"d": 0.5, "e": 0.5}, {"d": 0.8, "e": 0.4}),
        Taught(["b"], "other sessions", {}, {}),
    ]
    lines = describe_teaching(rows).splitlines()
    assert len(lines) == 4
    assert lines[2] == "| learned | 1 | 0.500 | 0.900 | +0.400 |", "one clip shows no spread"
    assert lines[3] == "| same session | 4 | 0.500 | 0.600 | +0.100, -0.05 to +0.25 |"


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    """A tiny preset with the bundled detector and a little kept motion."""
    folder = make_preset(tmp_path_factory.mktemp("preset") / "first", threshold=0.2)
    for name in ("onset.safetensors", "onset.yaml", "strength.yaml"):
        shutil.copy(BUNDLED / name, folder)
    write_kept(read_kept(BUNDLED / "onset-kept.npz")[:2], folder / "onset-kept.npz")
    return folder


@pytest.fixture(scope="module")
def takes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("takes")
    for name, period in (("a", 15), ("b", 20)):
        write_video(folder / f"{name}.mp4", [p.pixels for p in bouncing(60, period=period)])
        times = "".join(f"{n * period / 30:.4f},wood hit\n" for n in range(1, 60 // period))
        (folder / f"{name}.onsets.csv").write_text(f"time,label\n{times}")
    return folder


def run(*words):
    return main(["train", "onset", "--from", *map(str, words)])


@pytest.mark.slow
def test_the_command_writes_a_preset_of_its_own(preset, takes, tmp_path, capsys):
    output = tmp_path / "mine"
    assert run(takes, "--preset", preset, "-o", output, "--steps", 2) in (0, None)
    told = capsys.readouterr().out
    assert "a, 3 onsets, learned from: F ±100 ms before" in told
    assert "not a test" in told
    assert "kept clips of the first training, mean: F ±100 ms before" in told
    assert f"--preset {output}" in told
    expected = {file.name for file in preset.iterdir()}
    assert {file.name for file in output.iterdir()} == expected
    first, mine = load_onset(preset), load_onset(output)
    pairs = zip(first.parameters(), mine.parameters(), strict=True)
    assert any(not torch.equal(a, b) for a, b in pairs)
    assert (output / "diffusion.safetensors").read_bytes() == (
        preset / "diffusion.safetensors"
    ).read_bytes()


def refused(capsys, *words):
    with pytest.raises(SystemExit) as left:
        raise SystemExit(run(*words))
    assert left.value.code == 2
    return capsys.readouterr().err


def test_the_bundled_preset_is_never_written_over(takes, capsys):
    before = (BUNDLED / "onset.safetensors").stat().st_mtime_ns
    assert "choose another folder" in refused(capsys, takes, "-o", BUNDLED, "--overwrite")
    assert (BUNDLED / "onset.safetensors").stat().st_mtime_ns == before


def test_the_preset_to_go_on_from_stays(preset, takes, capsys):
    said = refused(capsys, takes, "--preset", preset, "-o", preset)
    assert "choose another folder" in said


def test_one_clip_and_a_missing_one_leave_nothing_behind(preset, takes, tmp_path, capsys):
    output = tmp_path / "mine"
    for path in (takes / "a.mp4", takes / "gone.mp4"):
        said = refused(capsys, path, "--preset", preset, "-o", output)
        assert said.count("\n") == 1
    assert not output.exists()


def test_a_preset_without_kept_motion_is_one_sentence(preset, takes, tmp_path, capsys):
    bare = tmp_path / "bare"
    shutil.copytree(preset, bare)
    (bare / "onset-kept.npz").unlink()
    said = refused(capsys, takes, "--preset", bare, "-o", tmp_path / "mine")
    assert "no kept motion" in said
    assert not (tmp_path / "mine").exists()
