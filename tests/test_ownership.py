import pytest

from syncfusion.errors import InputError
from syncfusion.ownership import check_replaceable, note_results


@pytest.fixture(autouse=True)
def notes(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNCFUSION_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_result_may_be_replaced_until_it_is_changed(tmp_path):
    path = tmp_path / "take.onsets.csv"
    path.write_text("time\n0.5\n")
    note_results([path])
    check_replaceable([path, tmp_path / "not there"])
    path.write_text("time\n0.75\n")
    with pytest.raises(InputError, match="take.onsets.csv is there already.*--overwrite"):
        check_replaceable([path])
    check_replaceable([path], overwrite=True)


def test_files_of_others_are_kept_and_counted(tmp_path):
    names = [tmp_path / "take.wav", tmp_path / "take.json"]
    for path in names:
        path.write_bytes(b"recorded")
    with pytest.raises(InputError, match=r"take.wav \(and 1 more\) is there already"):
        check_replaceable(names)


def test_a_broken_link_is_no_result(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match="link"):
        check_replaceable([tmp_path / "link"])


def test_notes_that_cannot_be_written_are_a_warning(tmp_path, notes, caplog):
    path = tmp_path / "take.wav"
    path.write_bytes(b"rendered")
    notes.write_text("a file where the folder should be")
    note_results([path])
    assert "set SYNCFUSION_HOME to a folder that can" in caplog.text
    with pytest.raises(InputError, match="take.wav"):
        check_replaceable([path])
