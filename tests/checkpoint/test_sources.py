"""The servers' lists are recorded in shape; their numbers are made up."""

import pytest

from syncfusion.checkpoint import records
from syncfusion.checkpoint.records import Record, zenodo_files
from syncfusion.checkpoint.remote import Remote
from syncfusion.checkpoint.sources import (
    CLAP_REPOSITORY,
    PAPER,
    PINNED,
    SHARD_NAMES,
    choose,
    files_of,
)
from syncfusion.cli.app import main
from syncfusion.errors import InputError

RECORD = {
    "id": 12634630,
    "metadata": {"title": "SyncFusion"},
    "files": [
        {
            "id": "7f1f9d0c-63ad-4a0e-9f6d-1f1c4c9d0a11",
            "key": key,
            "size": size,
            "checksum": "md5:9e107d9d372bb6826bd81d3542a419d6",
            "links": {"self": f"https://zenodo.org/api/records/12634630/files/{key}/content"},
        }
        for key, size in (("onset.ckpt", 376_000_000), ("diffusion.ckpt", 3_200_000_000))
    ],
}


@pytest.fixture
def servers(monkeypatch):
    """Zenodo, which answers with the list above."""
    monkeypatch.setattr(records, "fetch_json", lambda url: RECORD)


def test_a_record_lists_its_files_with_size_and_md5():
    onset, _ = zenodo_files(RECORD)
    assert onset == Remote(
        "onset.ckpt",
        "https://zenodo.org/api/records/12634630/files/onset.ckpt/content",
        "md5:9e107d9d372bb6826bd81d3542a419d6",
        376_000_000,
    )


def test_files_of_the_hub_have_a_pinned_checksum_and_size():
    files = {remote.name: remote for remote, _ in files_of("clap")}
    assert files.keys() == PINNED.keys()
    weights = files["630k-audioset-best.pt"]
    assert weights.url.endswith("lukewys/laion_clap/resolve/main/630k-audioset-best.pt")
    assert (weights.repository, weights.size) == (CLAP_REPOSITORY, 1_863_587_645)
    assert all(len(remote.checksum) == len("sha256:") + 64 for remote in files.values())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("onset", ["onset.ckpt"]),
        ("diffusion", ["diffusion.ckpt"]),
        ("clap", ["630k-audioset-best.pt", "vocab.json", "merges.txt"]),
        (
            "paper",
            ["onset.ckpt", "diffusion.ckpt", "630k-audioset-best.pt", "vocab.json", "merges.txt"],
        ),
    ],
)
@pytest.mark.usefixtures("servers")
def test_a_set_consists_of_these_files(name, expected):
    assert [place.name for _, place in files_of(name)] == expected


@pytest.mark.usefixtures("servers")
def test_a_file_of_the_record_can_be_asked_for_by_its_own_name():
    [(remote, place)] = files_of("diffusion.ckpt")
    assert (remote.size, place) == (3_200_000_000, PAPER / "diffusion.ckpt")


@pytest.mark.usefixtures("servers")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("vggish", "take onset, diffusion, clap, paper, shards"),
        ("a.ckpt", "has onset.ckpt, diffusion"),
    ],
)
def test_an_unknown_name_is_an_error_that_says_what_there_is(name, message):
    with pytest.raises(InputError, match=message):
        files_of(name)


@pytest.mark.parametrize("answer", [[], {}, {"files": [{}]}, {"message": "not found"}])
def test_another_answer_than_a_list_of_files_is_an_error_that_names_the_address(
    monkeypatch, answer
):
    monkeypatch.setattr(records, "fetch_json", lambda url: answer)
    with pytest.raises(InputError, match="zenodo.org/api/records/12634630 is not understood"):
        files_of("onset")


@pytest.mark.parametrize(
    ("names", "onset", "diffusion"),
    [
        (["onset.ckpt", "diffusion.ckpt"], "onset.ckpt", "diffusion.ckpt"),
        (["Onset.ckpt", "onset-augment.ckpt", "diff.ckpt"], "onset-augment.ckpt", "diff.ckpt"),
        (
            ["epoch=9-step=3600-val=1.446.ckpt", "epoch=784-valid_loss=0.008.ckpt", "readme.md"],
            "epoch=9-step=3600-val=1.446.ckpt",
            "epoch=784-valid_loss=0.008.ckpt",
        ),
    ],
)
def test_the_parts_of_the_method_are_told_by_the_files_names(names, onset, diffusion):
    listed = [Remote(name, "") for name in names]
    assert choose(listed, "onset").name == onset
    assert choose(listed, "diffusion").name == diffusion


def test_a_record_that_holds_something_else_is_an_error_that_names_its_files():
    with pytest.raises(InputError, match="readme.md"):
        choose([Remote("readme.md", "")], "onset")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "../../onset.ckpt"},
        {"key": "/onset.ckpt"},
        {"key": ".."},
        {"key": ""},
        {"size": "many"},
        {"size": -1},
        {"size": True},
        {"checksum": "md5"},
        {"checksum": "crc9:00"},
        {"links": {}},
    ],
    ids=str,
)
def test_a_list_that_lies_about_names_sizes_and_checksums_is_refused(monkeypatch, wrong):
    answer = {"files": [RECORD["files"][0] | wrong]}
    monkeypatch.setattr(records, "fetch_json", lambda url: answer)
    with pytest.raises(InputError, match="is not understood"):
        Record(1).files()


def test_the_shards_are_those_of_the_published_readme_in_their_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("DIR_DATA", str(tmp_path))
    file = RECORD["files"][0]
    answer = {"files": [file | {"key": f"{name}.tar"} for name in SHARD_NAMES]}
    monkeypatch.setattr(records, "fetch_json", lambda url: answer)
    folder = tmp_path / "DIFF-SFX-webdataset" / "greatest_hits"
    assert [place for _, place in files_of("shards")] == [
        folder / f"{name}.tar" for name in SHARD_NAMES
    ]
    answer["files"].pop()
    with pytest.raises(InputError, match="records/12634671 has no test_onset_augment_preds.tar"):
        files_of("shards")


def test_offline_no_list_is_read_and_no_checksum_invented(monkeypatch):
    monkeypatch.setattr(records, "fetch_json", None)
    found = files_of("paper", offline=True)
    assert [place.name for _, place in found][:2] == ["onset.ckpt", "diffusion.ckpt"]
    assert [bool(remote.checksum) for remote, _ in found] == [False, False, True, True, True]
    [(remote, _)] = files_of("other.ckpt", offline=True)
    assert (remote.name, remote.checksum) == ("other.ckpt", "")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "not verified: no checksum of it is known"),
        ({"checksum": "md5:" + "0" * 32}, "md5 checked against the server's own list; none of it"),
        (
            {"checksum": "sha256:" + "0" * 64, "is_pinned": True},
            "sha256 checked against the one pinned in this program",
        ),
    ],
)
def test_the_command_states_what_was_fetched_and_what_it_was_compared_with(
    monkeypatch, tmp_path, capsys, known, said
):
    files = [(Remote("a", "http://x/a", **known), tmp_path / "a")]
    monkeypatch.setattr("syncfusion.checkpoint.files_of", lambda name, offline: files)
    monkeypatch.setattr("syncfusion.checkpoint.fetch", lambda remote, target, **_: "f" * 64)
    main(["checkpoints", "download", "clap"])
    assert capsys.readouterr().out.startswith(f"{tmp_path / 'a'}  sha256 {'f' * 64}  {said}")
