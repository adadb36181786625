import errno
import os
import stat

import pytest

from syncfusion.errors import InputError
from syncfusion.media.atomic import temporary_sibling


def test_the_name_appears_only_when_the_block_ends(tmp_path):
    path = tmp_path / "new" / "folder" / "sound.wav"
    with temporary_sibling(path) as temporary:
        temporary.write_text("whole")
        assert temporary.suffix == ".wav"
        assert not path.exists()
    assert path.read_text() == "whole"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "sound.wav"
    path.write_text("old")

    def write_half():
        with temporary_sibling(path) as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(InputError, match="cannot write to the folder .*file"),
        temporary_sibling(tmp_path / "file" / "sound.wav"),
    ):
        pass


def test_a_folder_is_not_written_over(tmp_path):
    with pytest.raises(InputError, match="is a folder"), temporary_sibling(tmp_path):
        pass


def test_the_file_is_as_readable_as_any_other(tmp_path):
    (tmp_path / "other").touch()
    with temporary_sibling(tmp_path / "sound.wav"):
        pass
    assert (tmp_path / "sound.wav").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_file_that_a_library_put_in_its_place_is_as_readable_too(tmp_path):
    plain, path = tmp_path / "plain", tmp_path / "weights.safetensors"
    plain.touch()
    with temporary_sibling(path) as temporary:
        private = tmp_path / "private"
        private.touch(0o600)
        private.replace(temporary)
    assert path.stat().st_mode == plain.stat().st_mode


def test_the_content_is_on_the_disk_before_the_name_and_the_name_before_the_end(
    tmp_path, monkeypatch
):
    steps = []
    own = {"fsync": os.fsync, "replace": os.replace}

    def fsync(descriptor):
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        own["fsync"](descriptor)

    def replace(*paths):
        steps.append("name")
        own["replace"](*paths)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    with temporary_sibling(tmp_path / "a.txt") as temporary:
        temporary.write_text("whole")
    assert steps == ["file", "name", "folder"]


def test_an_error_of_writing_names_the_file(tmp_path):
    path = tmp_path / "a.csv"
    with pytest.raises(OSError, match="No space left") as full, temporary_sibling(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert full.value.filename == str(path)
