from pathlib import Path

import pytest
import torch

from helpers.places import BUNDLED
from helpers.shard_files import CountingEncoder, write_processed
from syncfusion.cli.app import main
from syncfusion.hashing import file_hash
from syncfusion.media.audio import Waveform
from syncfusion.preprocess.annotations import annotate
from syncfusion.preprocess.processing import Processing
from syncfusion.preprocess.videos import Target, preprocess_video
from syncfusion.prompt.compact.encoder import CompactPromptEncoder
from syncfusion.shards.chunks import Slicing
from syncfusion.shards.data import ShardData
from syncfusion.shards.recording import read_recordings

CLIPS = ("2015-02-22-14-54-54", "2015-09-24-14-41-06-436", "2015-10-06-18-10-08-498")


@pytest.fixture
def processed(tmp_path):
    return write_processed(tmp_path / "processed", train="a b c", val="d", test="e")


def run(*words):
    main(["shards", *map(str, words)])


def test_the_published_set_is_written_under_the_data_folder(
    processed, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DIR_DATA", str(tmp_path / "data"))
    run(processed)
    folder = tmp_path / "data" / "DIFF-SFX-webdataset" / "greatest_hits"
    names = [f"train_shard_{n}.tar" for n in (1, 2, 3)] + ["val_shard_1.tar", "test_shard_1.tar"]
    assert capsys.readouterr().out.splitlines() == [str(folder / name) for name in names]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_the_folder_of_preprocessing_is_the_default(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DIR_DATA", str(tmp_path))
    write_processed(tmp_path / "greatest-hits" / "mic-mp4-processed", train="a b c")
    run("-o", tmp_path / "out")
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_predictions_make_the_shards_of_tables_two_and_three(processed, tmp_path):
    for folder, time in (("plain", 0.1), ("augment", 0.2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "e.times.pred.csv").write_text(f"{time},\n")
    folders = ("--predictions", tmp_path / "plain", "--augment-predictions", tmp_path / "augment")
    run(processed, "-o", tmp_path / "out", *folders)
    times = {}
    for name in ("test_onset_preds", "test_onset_augment_preds"):
        [recording] = read_recordings(str(tmp_path / "out" / f"{name}.tar"))
        times[name] = recording.predicted.times
    assert times == {"test_onset_preds": (0.1,), "test_onset_augment_preds": (0.2,)}


def test_embeddings_are_those_of_the_bundled_encoder(processed, tmp_path):
    run(processed, "-o", tmp_path / "out", "--embeddings", "compact")
    [recording] = read_recordings(str(tmp_path / "out" / "val_shard_1.tar"))
    stored, encoder = recording.embeddings, CompactPromptEncoder.load(BUNDLED)
    assert stored.encoder == ("compact", file_hash(BUNDLED / "prompt.safetensors"))
    first = Waveform(recording.waveform.samples[:, 960:3360], 48_000)
    torch.testing.assert_close(stored.hits[0], encoder.embed(first))
    torch.testing.assert_close(stored.texts["wood hit"], encoder.embed("wood hit"))


def test_embeddings_by_clap_are_computed_by_the_back_end_named(
    processed, tmp_path, monkeypatch, clap_folder
):
    asked = []

    def load(name, clap):
        asked.append((name, clap.back_end))
        return CountingEncoder()

    weights = clap_folder / "630k-audioset-best.pt"
    monkeypatch.setattr("syncfusion.shards.prompt_source.CLAP_WEIGHTS", weights)
    monkeypatch.setattr("syncfusion.prompt.load_prompt_encoder", load)
    run(processed, "-o", tmp_path / "out", "--embeddings", "clap", "--back-end", "laion")
    assert asked == [("clap", "laion")]
    [recording] = read_recordings(str(tmp_path / "out" / "val_shard_1.tar"))
    assert recording.embeddings.encoder == ("clap", file_hash(weights))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("--embeddings nowhere", "there is no nowhere/prompt.safetensors"),
        ("--predictions nowhere", "e.times.pred.csv is missing"),
    ],
)
def test_bad_input_is_one_sentence(processed, tmp_path, capsys, words, reason):
    with pytest.raises(SystemExit) as end:
        run(processed, "-o", tmp_path / "out", *words.split())
    assert end.value.code == 2
    assert reason in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.slow
def test_real_clips_become_batches(greatest_hits: Path, tmp_path):
    for name in CLIPS:
        files = ("videos", f"{name}_mic.mp4"), ("times", f"{name}_times.txt")
        video, times = (greatest_hits / folder / file for folder, file in files)
        processing = Processing(video_width=16, video_height=16)
        annotate(times, preprocess_video(name, video, Target(tmp_path / "processed"), processing))
    for split, name in zip(("train", "val", "test"), CLIPS, strict=True):
        (tmp_path / "processed" / f"{split}.txt").write_text(name)
    run(tmp_path / "processed", "-o", tmp_path / "out", "--embeddings", "compact")
    shards = [str(tmp_path / "out" / f"{split}_shard_*.tar") for split in ("train", "val", "test")]
    data = ShardData(*shards, encoder="compact", slicing=Slicing())
    batches = [next(iter(data.train_dataloader())), *data.test_dataloader()]
    for batch in batches:
        assert batch.waveform.shape[1:] == batch.impulses.shape[1:] == (1, 2**18)
        assert batch.waveform.abs().amax((1, 2)).min() > 0.01
        assert batch.impulses.sum((1, 2)).min() >= 1
        torch.testing.assert_close(batch.embedding.norm(dim=-1).min(), torch.tensor(1.0))
