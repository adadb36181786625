import os

import pytest
import torch
from jsonargparse import ArgumentParser
from torchvision.transforms import v2

from helpers.onset_clips import write_clip, write_root
from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.onset.data.batch import OnsetBatch
from syncfusion.onset.data.clips import open_split
from syncfusion.onset.data.module import OnsetData
from syncfusion.onset.data.sampling import Chunks, Windows
from syncfusion.onset.data.splits import Root, training_clips
from syncfusion.onset.data.transforms import ColourJitter

AUGMENTED = [v2.RandomCrop(12), ColourJitter(0.4, 0.2, 0.4, 0.1), v2.RandomHorizontalFlip()]


@pytest.fixture
def root(tmp_path):
    return write_root(tmp_path / "data", ("one", "two", "three"), n_frames=65)


def data(root, *, stage="fit", **options):
    """Data of one root, set up; chunks unless told otherwise."""
    if "windows" not in options:
        options.setdefault("chunks", Chunks())
    options.setdefault("batch_size", 2)
    built = OnsetData([Root(folder=root)], **options)
    built.setup(stage)
    return built


def joined(batches):
    frames, labels = zip(*batches, strict=True)
    return OnsetBatch(torch.cat(frames), torch.cat(labels))


def test_an_epoch_of_chunks_shows_all_of_them_in_batches(root):
    batches = list(data(root, target_widening_frames=0.0).train_dataloader())
    assert [batch.frames.shape for batch in batches] == [(2, 30, 16, 16, 3)] * 3
    assert sorted(joined(batches).labels.sum(1).tolist()) == [0, 0, 0, 1, 1, 1]
    assert joined(batches).frames.dtype == torch.uint8


def test_less_than_a_batch_is_a_batch(root):
    (batch,) = data(root, batch_size=100).train_dataloader()
    assert len(batch.frames) == 6


@pytest.mark.parametrize(
    "sampling", [{"chunks": Chunks()}, {"windows": Windows(frames=8)}], ids=str
)
def test_the_same_seed_gives_the_same_batches_with_any_number_of_workers(
    root, sampling, monkeypatch
):
    monkeypatch.setattr("syncfusion.onset.data.module.n_cores", lambda: 2)
    epochs = []
    for num_workers in (0, 1, 2):
        built = data(root, transforms=AUGMENTED, num_workers=num_workers, **sampling)
        epochs.append(joined(built.train_dataloader()))
    torch.testing.assert_close(epochs[1], epochs[0])
    torch.testing.assert_close(epochs[2], epochs[0])
    other = joined(data(root, transforms=AUGMENTED, seed=1, **sampling).train_dataloader())
    assert not torch.equal(other.frames, epochs[0].frames)


def test_more_workers_than_cores_are_not_started(root):
    assert data(root, num_workers=500).num_workers <= os.cpu_count()


def test_validation_and_test_see_whole_clips_never_augmented(root):
    built = data(root, transforms=AUGMENTED, frame_size=(12, 14))
    built.setup("test")
    for loader, name in (
        (built.val_dataloader(), "validated"),
        (built.test_dataloader(), "tested"),
    ):
        (clip,) = loader
        assert clip.name == name
        once, again = (torch.cat(list(clip.batches())) for _ in range(2))
        assert once.shape == (65, 12, 14, 3)
        torch.testing.assert_close(once, again)


def test_training_frames_have_a_size_of_their_own(root):
    built = data(root, frame_size=(10, 14), train_frame_size=(12, 12))
    assert next(iter(built.train_dataloader())).frames.shape == (2, 30, 12, 12, 3)


def test_clips_stay_where_they_are_and_batches_move(root):
    built = data(root)
    (clip,) = built.val_dataloader()
    assert built.transfer_batch_to_device(clip, torch.device("meta"), 0) is clip
    batch = next(iter(built.train_dataloader()))
    built.trainer = None
    moved = built.transfer_batch_to_device(batch, torch.device("meta"), 0)
    assert {tensor.device.type for tensor in moved} == {"meta"}


def test_roots_are_sampled_by_their_weights(tmp_path):
    roots = [
        Root(folder=write_root(tmp_path / "real"), weight=1.0),
        Root(folder=write_root(tmp_path / "synthetic", ("a", "b", "c")), weight=3.0),
    ]
    clips, weights = training_clips(roots)
    assert [clip.name for clip in clips] == ["one", "two", "a", "b", "c"]
    assert weights == pytest.approx([0.5, 0.5, 1.0, 1.0, 1.0])
    built = OnsetData(roots, windows=Windows(frames=8))
    built.setup("fit")
    assert [clip.folder.parent.name for clip in built.val_dataloader()] == ["real"]


def test_a_smaller_fraction_of_the_data_is_part_of_a_larger_one(tmp_path):
    root = Root(folder=write_root(tmp_path, tuple("abcdefgh")))
    chosen = [
        {clip.name for clip in training_clips([root], fraction=fraction, seed=3)[0]}
        for fraction in (0.01, 0.25, 0.5, 1.0)
    ]
    assert [len(names) for names in chosen] == [1, 2, 4, 8]
    assert all(less < more for less, more in zip(chosen, chosen[1:], strict=False))
    assert len(open_split(root.folder, "val")) == 1


def test_another_seed_uses_other_data(tmp_path):
    root = Root(folder=write_root(tmp_path, tuple("abcdefgh")))
    first, second = (
        [clip.name for clip in training_clips([root], fraction=0.5, seed=seed)[0]]
        for seed in (0, 1)
    )
    assert first != second


def test_lightnings_parser_builds_everything_from_plain_values(root):
    parser = ArgumentParser(exit_on_error=False)
    parser.add_class_arguments(OnsetData, "data")
    settings = {
        "roots": [{"folder": str(root)}],
        "chunks": {"seconds": 1, "hop_seconds": 0.5},
        "frame_size": [10, 14],
        "train_frame_size": 12,
        "transforms": [
            {"class_path": "torchvision.transforms.v2.RandomCrop", "init_args": {"size": 8}},
            {"class_path": "torchvision.transforms.v2.RandomHorizontalFlip"},
        ],
    }
    built = parser.instantiate_classes(parser.parse_object({"data": settings})).data
    built.setup("fit")
    assert built.sampling == Chunks(seconds=1.0, hop_seconds=0.5)
    assert built.examples[next(iter(built.sampler))][0].shape == (15, 8, 8, 3)


def test_one_composed_transform_is_as_good_as_a_list(root):
    parser = ArgumentParser(exit_on_error=False)
    parser.add_class_arguments(OnsetData, "data")
    crop = {"class_path": "torchvision.transforms.v2.RandomCrop", "init_args": {"size": 8}}
    composed = {
        "class_path": "torchvision.transforms.v2.Compose",
        "init_args": {"transforms": [crop]},
    }
    settings = {"roots": [{"folder": str(root)}], "chunks": {}, "transforms": composed}
    built = parser.instantiate_classes(parser.parse_object({"data": settings})).data
    built.setup("fit")
    assert built.examples[next(iter(built.sampler))][0].shape == (30, 8, 8, 3)


# What cannot be used is named at the start


def refused(root, match, *, stage="fit", **options):
    with pytest.raises(InputError, match=match):
        data(root, stage=stage, **options)


@pytest.mark.parametrize("split", ["train", "val"])
def test_a_missing_split_is_named(root, split):
    (root / f"{split}.txt").unlink()
    refused(root, f"there is no list .*data/{split}.txt")


@pytest.mark.parametrize("split", ["train", "val"])
def test_an_empty_split_is_named(root, split):
    (root / f"{split}.txt").write_text("\n\n")
    refused(root, f"{split}.txt names no video")


def test_a_missing_folder_is_named(tmp_path):
    refused(tmp_path / "nowhere", "there is no folder .*nowhere")


@pytest.mark.parametrize("option", ["frame_size", "train_frame_size"])
@pytest.mark.parametrize("size", [0, (0, 10), (10, -1)], ids=str)
def test_impossible_sizes_are_refused(root, option, size):
    refused(root, "sides of 1 or more", **{option: size})


def test_a_name_without_files_is_named(root):
    (root / "train.txt").write_text("one\nmissing")
    refused(root, "missing is not a processed video")


def test_a_name_that_stands_twice_in_a_split_is_named(root):
    (root / "train.txt").write_text("one\ntwo\none")
    refused(root, "train.txt names one more than once")


@pytest.mark.parametrize("stage", ["fit", "validate", "test"])
@pytest.mark.parametrize("split", ["val", "test"])
def test_a_clip_in_training_and_in_another_split_is_named(root, split, stage):
    (root / f"{split}.txt").write_text("two")
    refused(root, f"two is in .*{split}.txt.*keep it in one of them", stage=stage)


def test_a_clip_that_another_root_trains_on_is_named(root, tmp_path):
    write_clip(tmp_path / "other", "tested")
    (tmp_path / "other" / "train.txt").write_text("tested")
    roots = [Root(folder=root), Root(folder=tmp_path / "other")]
    with pytest.raises(InputError, match=r"tested is in .*test\.txt.*other"):
        OnsetData(roots, chunks=Chunks()).setup("fit")


def test_testing_needs_only_what_it_tests(root):
    (root / "train.txt").unlink()
    (root / "val.txt").unlink()
    assert [clip.name for clip in data(root, stage="test").test_dataloader()] == ["tested"]


def test_a_video_shorter_than_a_chunk_is_named_at_the_start(root):
    write_clip(root, "short", n_frames=20)
    (root / "train.txt").write_text("one\nshort")
    refused(root, r"short lasts 1\.33 s, a chunk 2 s")


@pytest.mark.parametrize("split", ["train", "val"])
def test_clips_of_another_frame_rate_are_named(root, split):
    folder = write_clip(root, "fast", n_frames=80)
    metadata = ClipFiles(folder, "fast").metadata
    metadata.write_text(
        metadata.read_text()
        .replace('"video_frame_rate": 15', '"video_frame_rate": 20')
        .replace(str(80 / 15), "4.0")
    )
    (root / f"{split}.txt").write_text("fast")
    refused(root, "fast .*20|20.*fast")


def test_frames_of_several_sizes_are_named_unless_they_are_made_equal(root):
    write_clip(root, "wide", n_frames=65, size=(16, 24))
    (root / "train.txt").write_text("one\nwide")
    refused(root, "cannot be batched")
    data(root, frame_size=(12, 12))
    data(root, transforms=v2.RandomCrop(12))


@pytest.mark.parametrize(
    ("transform", "match"),
    [
        (v2.RandomCrop(40), "cannot be applied to frames of .*16, 16"),
        (v2.ToDtype(torch.float32, scale=True), "the model normalises"),
        (v2.Grayscale(), "do not return uint8 RGB"),
    ],
    ids=["crop", "type", "channels"],
)
def test_transforms_that_do_not_fit_are_named(root, transform, match):
    refused(root, match, transforms=transform)


@pytest.mark.parametrize(
    "options",
    [
        {"data_to_use": 0.0},
        {"data_to_use": 1.5},
        {"batch_size": 0},
        {"examples_per_epoch": 0},
        {"target_widening_frames": -1.0},
    ],
    ids=str,
)
def test_numbers_out_of_range_are_refused(root, options):
    refused(root, "cannot train with", **options)


@pytest.mark.parametrize(
    "both", [{}, {"chunks": Chunks(), "windows": Windows()}], ids=["none", "both"]
)
def test_one_way_of_sampling_is_needed(root, both):
    with pytest.raises(InputError, match=r"one of data\.chunks and data\.windows"):
        OnsetData([Root(folder=root)], **both)


def test_chunks_of_roots_with_different_weights_are_refused(root):
    roots = [Root(folder=root, weight=1.0), Root(folder=root, weight=0.4)]
    with pytest.raises(InputError, match="equal weights"):
        OnsetData(roots, chunks=Chunks())
