from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from helpers.struck_sounds import TIMES, save, struck
from syncfusion.cli.app import main
from syncfusion.errors import InputError
from syncfusion.media.audio import Waveform
from syncfusion.recipe.own_shards import hold_out, naming_remarks, write_own_shards
from syncfusion.recipe.own_sounds import detect_hits, find_sounds, label_of, read_recording
from syncfusion.shards.recording import read_recordings

FOLDER = Path("sounds")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("metal hit/a.wav", "metal hit"),
        ("metal_hit/take 3.wav", "metal hit"),
        ("metal hit 3.wav", "metal hit"),
        ("plastic-bag hit-12.wav", "plastic-bag hit"),
        ("monday/metal hit (2).wav", "metal hit"),
        ("glass hit/wood.wav", "glass hit"),
        ("squeaky toy/1.wav", "squeaky toy"),
        ("007.wav", ""),
    ],
)
def test_a_file_is_of_what_its_folder_or_its_name_says(name, label):
    assert label_of(FOLDER / name, FOLDER) == label


def test_hits_are_heard_where_they_are():
    heard = detect_hits(struck())
    assert heard.times == pytest.approx(TIMES, abs=0.06)


@pytest.mark.parametrize("start", [0.0, 0.02])
def test_a_hit_that_begins_with_its_file_is_one_hit(start):
    [time] = detect_hits(struck((start,), seconds=0.5)).times
    assert time == pytest.approx(start, abs=0.06)


def test_a_sound_without_a_clear_onset_has_one_where_it_gets_loud():
    swell = torch.sin(torch.arange(24_000) / 50) * torch.linspace(0, 1, 24_000) ** 4
    assert len(detect_hits(Waveform(swell[None], 48_000))) >= 1


@pytest.mark.parametrize(("rate", "n_channels"), [(44_100, 2), (22_050, 1), (96_000, 1)])
def test_any_rate_and_channels_become_48_khz_mono(tmp_path, rate, n_channels):
    path = save(struck(rate=rate), tmp_path / "a.wav", n_channels)
    found = read_recording(path, "metal hit")
    assert found.sound.samples.shape == (1, round(found.sound.duration * 48_000))
    assert found.sound.duration == pytest.approx(struck().duration, abs=0.001)
    assert found.hits == ["metal hit"] * len(TIMES)


@pytest.mark.parametrize("suffix", [".times.txt", ".times.csv"])
def test_times_beside_a_file_are_taken_with_their_own_labels(tmp_path, suffix):
    path = save(struck(), tmp_path / "a.wav")
    path.with_suffix(suffix).write_text("0.3,\n0.8,wood hit\n")
    track = read_recording(path, "metal hit").track
    assert track.times == (0.3, 0.8)
    assert track.labels == ("metal hit", "wood hit")


def test_a_label_of_unknown_words_is_left_to_the_sound(tmp_path):
    path = save(struck(), tmp_path / "a.wav")
    assert set(read_recording(path, "squeaky toy").hits) == {""}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (np.zeros(48_000), "is silent"),
        (np.full(48_000, np.nan, np.float32), "no numbers"),
        (None, "can be read"),
    ],
)
def test_a_file_without_a_hit_is_told_in_a_sentence(tmp_path, content, reason):
    path = tmp_path / "a.wav"
    if content is None:
        path.write_text("no sound")
    else:
        soundfile.write(path, content, 48_000, subtype="FLOAT")
    with pytest.raises(InputError, match=reason) as told:
        read_recording(path, "metal hit")
    assert "\n" not in str(told.value)
    assert "a.wav" in str(told.value)


def test_times_past_the_end_name_their_file(tmp_path):
    path = save(struck(), tmp_path / "a.wav")
    path.with_suffix(".times.txt").write_text("9.0\n")
    with pytest.raises(InputError, match=r"a\.times\.txt: onset 1 at 9 s is past the end"):
        read_recording(path, "")


def test_hidden_and_other_files_are_no_sounds(tmp_path):
    save(struck(), tmp_path / ".hidden" / "a.wav")
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(InputError, match="holds no sound file"):
        find_sounds(tmp_path)


def sounds(folder: Path) -> Path:
    """Six usable files, one of them without a label, and two that are not."""
    for number in range(4):
        save(struck(seed=number), folder / "metal hit" / f"{number}.wav")
    save(struck((0.1,), seconds=0.5), folder / "wood hit.wav")
    save(struck((0.1,), seconds=0.5, seed=9), folder / "1.wav")
    (folder / "broken.wav").write_text("no sound")
    soundfile.write(folder / "silent.wav", np.zeros(480), 48_000)
    return folder


def test_a_folder_becomes_shards_that_training_reads(tmp_path):
    made = write_own_shards(sounds(tmp_path / "in"), tmp_path / "out")
    assert (made.n_files, made.n_held_out) == (6, 1)
    assert made.hits == Counter({"metal hit": 16, "wood hit": 1, "": 1})
    train, validation = (
        list(read_recordings(str(tmp_path / "out" / f"{split}_shard_1.tar")))
        for split in ("train", "val")
    )
    assert [len(train), len(validation)] == [5, 1]
    assert {label for recording in train for label in recording.track.labels} == set(made.hits)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "train_shard_1.tar",
        "val_shard_1.tar",
    ]
    assert [reason in remark for reason, remark in zip(
        ("broken.wav", "silent.wav", "without a label"), made.remarks, strict=True
    )] == [True] * 3  # fmt: skip


def test_few_files_are_all_trained_on(tmp_path):
    save(struck(), tmp_path / "in" / "metal hit.wav")
    assert write_own_shards(tmp_path / "in", tmp_path / "out").n_held_out == 0
    one, other = sorted((tmp_path / "out").iterdir())
    assert one.read_bytes() == other.read_bytes()


def test_a_labels_last_file_is_never_held_out():
    labels = {Path(str(n)): "metal hit" if n < 2 else f"{n}" for n in range(40)}
    for seed in range(10):
        held_out = hold_out(labels, seed)
        assert [labels[video] for video in held_out] == ["metal hit"]


def test_words_that_text_does_not_understand_are_named():
    remarks = naming_remarks(["metal hit", "metal zorp", "squeaky toy", "squeaky toy"])
    assert [remark.split(",")[0] for remark in remarks] == [
        "of 'metal zorp' text prompts will not understand 'zorp'",
        "no word of 'squeaky toy' is known",
    ]
    assert "2 files" in remarks[1]


@pytest.mark.parametrize("content", ["nothing", "empty", "broken"])
def test_nothing_to_learn_from_ends_with_code_2(tmp_path, capsys, content):
    folder = tmp_path / "in"
    if content != "nothing":
        folder.mkdir()
    if content == "broken":
        (folder / "metal hit.wav").write_text("no sound")
    with pytest.raises(SystemExit, match="2"):
        main(["shards", "--sounds", str(folder), "-o", str(tmp_path / "out")])
    assert str(folder) in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.tar"))
