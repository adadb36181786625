import json
import pickle

import numpy as np
import pytest
import torch
from PIL import Image

from helpers.onset_clips import moving_picture, write_clip, write_jpegs
from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip
from syncfusion.onset.data.frames import PackedFrames, ResizedFrames


def files_of(folder):
    return ClipFiles(folder, folder.name)


def edit_metadata(folder, **changes):
    path = files_of(folder).metadata
    processed = json.loads(path.read_text())["processed"] | changes
    path.write_text(json.dumps({"processed": processed}))


@pytest.fixture
def real(tmp_path):
    """A clip in both forms, with something to see in it."""
    folder = write_clip(tmp_path, "real", n_frames=12, times=(0.2,), size=(48, 64))
    np.save(files_of(folder).frames, moving_picture(12, 48, 64))
    write_jpegs(files_of(folder), moving_picture(12, 48, 64))
    return folder


def test_jpegs_are_the_packed_frames_up_to_their_compression(real):
    packed = Clip.open(real).frames(slice(None)).int()
    files_of(real).frames.unlink()
    jpegs = Clip.open(real).frames(slice(None)).int()
    assert (packed - jpegs).abs().float().mean() < 3


def test_the_packed_form_is_read_where_there_are_both(real):
    assert isinstance(Clip.open(real).pixels, PackedFrames)


@pytest.mark.parametrize("form", ["packed", "jpg"])
@pytest.mark.parametrize("indices", [slice(2, 5), np.array([4, 4, 0, 11])], ids=["slice", "array"])
def test_frames_come_in_the_order_asked_for(real, form, indices):
    if form == "jpg":
        files_of(real).frames.unlink()
    clip = Clip.open(real)
    torch.testing.assert_close(clip.frames(indices), clip.frames(slice(None))[indices])


def test_an_area_is_part_of_the_frames(real):
    clip = Clip.open(real)
    area = (slice(3, 9), slice(40, 60))
    torch.testing.assert_close(clip.frames(slice(2), area=area), clip.frames(slice(2))[:, *area])


@pytest.mark.parametrize("form", ["packed", "jpg"])
def test_reading_in_batches_gives_every_frame_once(real, form):
    if form == "jpg":
        files_of(real).frames.unlink()
    clip = Clip.open(real)
    torch.testing.assert_close(torch.cat(list(clip.batches(5))), clip.frames(slice(None)))


def test_a_clip_handed_to_another_process_carries_no_frames(real):
    assert len(pickle.dumps(Clip.open(real))) < 2000


def test_resizing_bytes_is_resizing_floats_up_to_rounding(real):
    """What the published dataset does: ToTensor, Resize((112, 112), antialias=True)."""
    from torchvision.transforms.functional import resize

    clip = Clip.open(real)
    ours = ResizedFrames.of(clip.pixels, (20, 30))[:].permute(0, 3, 1, 2) / 255
    floats = clip.frames(slice(None)).permute(0, 3, 1, 2) / 255
    reference = resize(floats, [20, 30], antialias=True)
    torch.testing.assert_close(ours, reference, atol=1.01 / 255, rtol=0)


def test_a_single_size_is_that_of_the_shorter_side(real):
    assert ResizedFrames.of(Clip.open(real).pixels, 24)[:2].shape == (2, 24, 32, 3)


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def test_a_packed_file_cut_short_is_named(real):
    cut(files_of(real).frames)
    with pytest.raises(InputError, match=r"real\.frames\.npy is broken"):
        Clip.open(real)


@pytest.mark.parametrize(
    "array",
    [np.zeros((12, 48, 64, 3), np.float32), np.zeros((12, 48, 64), np.uint8)],
    ids=["type", "shape"],
)
def test_a_packed_file_of_something_else_is_named(real, array):
    np.save(files_of(real).frames, array)
    with pytest.raises(InputError, match=r"real\.frames\.npy holds"):
        Clip.open(real)


def test_a_broken_jpeg_is_named_where_it_is_read(real):
    files_of(real).frames.unlink()
    cut(files_of(real).jpegs / "real.frame_000007.jpg")
    with pytest.raises(InputError, match=r"real\.frame_000007\.jpg cannot be read"):
        Clip.open(real).frames(slice(None))


@pytest.mark.parametrize("damage", [cut, lambda path: path.write_bytes(b"")], ids=["cut", "empty"])
def test_a_broken_jpeg_is_named_before_it_is_read(real, damage):
    files_of(real).frames.unlink()
    pixels = Clip.open(real).pixels
    pixels.check_whole()
    damage(files_of(real).jpegs / "real.frame_000007.jpg")
    with pytest.raises(InputError, match=r"real\.frame_000007\.jpg is truncated"):
        pixels.check_whole()


def test_a_missing_jpeg_is_named(real):
    (files_of(real).jpegs / "real.frame_000005.jpg").unlink()
    with pytest.raises(InputError, match=r"has no real\.frame_000005\.jpg"):
        Clip.open(real)


def test_a_folder_without_jpegs_is_named(real):
    for path in files_of(real).jpegs.iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"has no real\.frame_000001\.jpg"):
        Clip.open(real)


def test_a_jpeg_of_another_size_is_named(real):
    files_of(real).frames.unlink()
    small = Image.fromarray(np.zeros((16, 16, 3), np.uint8))
    small.save(files_of(real).jpegs / "real.frame_000003.jpg")
    with pytest.raises(InputError, match=r"real\.frame_000003\.jpg has"):
        Clip.open(real).frames(slice(None))


def test_forms_that_disagree_are_named(real):
    np.save(files_of(real).frames, moving_picture(11, 48, 64))
    with pytest.raises(InputError, match="delete the one that is out of date"):
        Clip.open(real)


def test_a_video_without_frames_is_named(real):
    files_of(real).frames.unlink()
    for path in files_of(real).jpegs.iterdir():
        path.unlink()
    files_of(real).jpegs.rmdir()
    with pytest.raises(InputError, match="real holds no frames"):
        Clip.open(real)


@pytest.mark.parametrize(
    "changes", [{"video_num_frames": 14}, {"video_duration": 2.0}, {"width": 32}], ids=str
)
def test_metadata_that_disagrees_with_the_frames_is_named(real, changes):
    edit_metadata(real, **changes)
    with pytest.raises(InputError, match=r"real\.metadata\.json has"):
        Clip.open(real)


def test_the_published_count_of_frames_may_be_one_off(real):
    edit_metadata(real, video_num_frames=11, video_duration=0.81)
    assert len(Clip.open(real)) == 12


@pytest.mark.parametrize("changes", [{"video_frame_rate": 0}, {"video_duration": -1.0}], ids=str)
def test_a_rate_or_duration_that_cannot_be_is_named(real, changes):
    edit_metadata(real, **changes)
    with pytest.raises(InputError, match=r"real\.metadata\.json has"):
        Clip.open(real)


def test_metadata_without_its_numbers_is_named(real):
    files_of(real).metadata.write_text('{"processed": {"video_frame_rate": 15}}')
    with pytest.raises(InputError, match=r"real is not a processed video.*video_duration"):
        Clip.open(real)


def test_an_onset_past_the_end_is_named(real):
    files_of(real).times.write_text("0.8,wood hit\n")
    with pytest.raises(InputError, match=r"real\.times\.csv: onset 1 at 0.8 s is past the end"):
        Clip.open(real)


def test_missing_annotations_are_named(real):
    files_of(real).times.unlink()
    with pytest.raises(InputError, match=r"real\.times\.csv is missing"):
        Clip.open(real)
