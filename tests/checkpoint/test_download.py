import shutil
from collections import namedtuple

import pytest

from helpers.full_disk import limited_files
from helpers.lying_server import CONTENT, SHA256, lying_server
from syncfusion.checkpoint import https, room, transfer
from syncfusion.checkpoint.download import fetch
from syncfusion.checkpoint.https import fetch_json
from syncfusion.checkpoint.remote import Remote
from syncfusion.checkpoint.room import check_room
from syncfusion.errors import InputError


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(https, "SCHEMES", ("https://", "http://127.0.0.1", "http://localhost"))
    with lying_server() as running:
        yield running


def test_a_file_is_fetched_whole_and_nothing_else_is_left(server, tmp_path):
    told = []
    found = fetch(
        Remote("a", f"{server[1]}/a", f"sha256:{SHA256}"),
        tmp_path / "in" / "a",
        on_progress=lambda *pair: told.append(pair),
    )
    assert found == SHA256
    assert (tmp_path / "in" / "a").read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["a"]
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_what_an_earlier_try_left_is_not_fetched_again(server, tmp_path):
    (tmp_path / "a.part").write_bytes(CONTENT[:1000])
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256
    assert server[0].ranges == ["bytes=1000-"]


def test_a_server_that_breaks_off_is_asked_for_the_rest(server, tmp_path):
    server[0].limit = len(CONTENT) // 2 + 1
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256
    assert server[0].ranges == ["", f"bytes={len(CONTENT) // 2 + 1}-"]


def test_a_server_that_stops_for_good_leaves_what_came_for_the_next_try(server, tmp_path):
    server[0].limit = 0
    (tmp_path / "a.part").write_bytes(CONTENT[:1000])
    with pytest.raises(InputError, match="run it again to go on"):
        fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a")
    assert not (tmp_path / "a").exists()
    server[0].limit = len(CONTENT)
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256
    assert set(server[0].ranges) == {"bytes=1000-"}


def test_a_disk_that_is_full_on_the_way_keeps_what_came_for_the_next_try(server, tmp_path):
    with limited_files(tmp_path, len(CONTENT) // 2) as release:
        with pytest.raises(OSError, match="File too large") as full:
            fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a")
        assert full.value.filename == str(tmp_path / "a.part")
        assert (tmp_path / "a.part").stat().st_size == len(CONTENT) // 2
        assert server[0].ranges == [""]  # it is not tried again
        release()
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256
    assert server[0].ranges == ["", f"bytes={len(CONTENT) // 2}-"]


def test_a_server_without_ranges_is_read_from_the_start(server, tmp_path):
    server[0].knows_ranges = False
    (tmp_path / "a.part").write_bytes(b"x" * 1000)
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256


def test_a_part_that_is_already_whole_is_fetched_anew(server, tmp_path):
    (tmp_path / "a.part").write_bytes(CONTENT)
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"checksum": "md5:00"}, "came damaged .* and was deleted; run it again"),
        ({"size": len(CONTENT) - 5}, "announces 1280000 bytes, and the published file has 1279995"),
    ],
)
def test_what_is_not_the_published_file_leaves_nothing(server, tmp_path, wrong, message):
    with pytest.raises(InputError, match=message):
        fetch(Remote("a", f"{server[1]}/a", **wrong), tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_not_fetched_but_checked(server, tmp_path):
    (tmp_path / "a").write_bytes(CONTENT)
    known = Remote("a", f"{server[1]}/a", f"sha256:{SHA256}", len(CONTENT))
    assert fetch(known, tmp_path / "a") == SHA256
    assert server[0].ranges == []


def test_another_file_of_that_name_is_an_error_and_stays(server, tmp_path):
    (tmp_path / "a").write_bytes(b"my own")
    with pytest.raises(InputError, match="another file than the published one; move it away"):
        fetch(Remote("a", f"{server[1]}/a", f"sha256:{SHA256}"), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"my own"


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(InputError, match="cannot write to the folder .*taken"):
        fetch(Remote("a", "http://127.0.0.1:9/a"), tmp_path / "taken" / "a")


def test_a_stream_is_cut_at_the_size_announced(server, tmp_path):
    with pytest.raises(InputError, match=f"sends more than the {len(CONTENT)} bytes announced"):
        fetch(Remote("a", f"{server[1]}/endless", size=len(CONTENT)), tmp_path / "a")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://example.org/a", "ftp://a/b"])
def test_an_address_that_is_not_https_is_not_opened(server, tmp_path, url):
    for wrong in (url, f"{server[1]}/to={url}"):
        with pytest.raises(InputError, match="is not https, so it is not opened|is not allowed"):
            fetch(Remote("a", wrong), tmp_path / "a")
        with pytest.raises(InputError, match="is not https, so it is not opened|is not allowed"):
            fetch_json(wrong)
    assert not list(tmp_path.iterdir())


def test_an_address_of_the_allowed_kind_may_lead_to_another(server, tmp_path):
    assert fetch(Remote("a", f"{server[1]}/to={server[1]}/a"), tmp_path / "a") == SHA256


@pytest.mark.parametrize("url", ["{}/gone", "http://127.0.0.1:9/a"])
def test_a_server_that_does_not_give_it_is_an_error_that_says_where_to_put_it(
    server, tmp_path, url
):
    with pytest.raises(InputError, match="put it at"):
        fetch(Remote("a", url.format(server[1])), tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_an_answer_that_is_no_json_is_an_error_that_names_the_address(server):
    with pytest.raises(InputError, match=f"cannot read {server[1]}/list"):
        fetch_json(f"{server[1]}/list")


@pytest.mark.parametrize("text", ["[" * 100_000, "{}" + " " * (16 * 2**20)], ids=["deep", "large"])
def test_a_list_that_is_a_bomb_is_one_sentence(server, text):
    server[0].content, server[0].limit = text.encode(), 2**25
    with pytest.raises(InputError, match=f"cannot read {server[1]}/list"):
        fetch_json(f"{server[1]}/list")


@pytest.mark.parametrize("lie", [{"shift": -7}, {"shift": 7}, {"is_silent_about_ranges": True}])
def test_a_range_that_begins_elsewhere_is_not_appended(server, tmp_path, lie):
    for name, value in lie.items():
        setattr(server[0], name, value)
    (tmp_path / "a.part").write_bytes(CONTENT[:1000])
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256
    assert server[0].ranges == ["bytes=1000-", ""]


def test_a_range_that_hides_another_beginning_is_found_by_the_checksum(server, tmp_path):
    (tmp_path / "a.part").write_bytes(CONTENT[1:1001])
    with pytest.raises(InputError, match="came damaged"):
        fetch(Remote("a", f"{server[1]}/a", f"sha256:{SHA256}"), tmp_path / "a")
    assert not list(tmp_path.iterdir())
    assert fetch(Remote("a", f"{server[1]}/a", f"sha256:{SHA256}"), tmp_path / "a") == SHA256


@pytest.mark.parametrize("announced", [len(CONTENT) + 1, 10, 2**62])
def test_another_size_than_the_published_one_is_refused_before_a_byte_is_kept(
    server, tmp_path, announced
):
    server[0].announced = announced
    with pytest.raises(InputError, match=f"announces {announced} bytes, and the published file"):
        fetch(Remote("a", f"{server[1]}/a", size=len(CONTENT)), tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_a_server_that_stalls_is_given_up_and_what_came_stays(server, tmp_path, monkeypatch):
    monkeypatch.setattr(https, "TIMEOUT_SECONDS", 0.1)
    server[0].pause = 60
    (tmp_path / "a.part").write_bytes(CONTENT[:1000])
    with pytest.raises(InputError, match="timed out.*run it again to go on"):
        fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a")
    assert len(server[0].ranges) == transfer.TRIES
    assert (tmp_path / "a.part").read_bytes() == CONTENT[:1000]


def test_a_server_that_trickles_is_given_up(server, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "WINDOW_SECONDS", 0.1)
    server[0].pause = 0.02
    with pytest.raises(InputError, match="under 1000 bytes a second came"):
        fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a")
    assert 0 < (tmp_path / "a.part").stat().st_size < 1000


def test_a_redirect_to_another_host_keeps_the_range_and_ends_where_it_turns_in_circles(
    server, tmp_path
):
    other = server[1].replace("127.0.0.1", "localhost")
    (tmp_path / "a.part").write_bytes(CONTENT[:1000])
    assert fetch(Remote("a", f"{server[1]}/to={other}/a"), tmp_path / "a") == SHA256
    assert server[0].ranges == ["bytes=1000-"] * 2
    assert server[0].headers_seen[1]["Host"].startswith("localhost")
    with pytest.raises(InputError, match="cannot fetch .*infinite loop"):
        fetch(Remote("b", f"{server[1]}/round"), tmp_path / "b")


def test_a_full_disk_is_one_sentence_before_anything_is_fetched(server, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")(10**9, 0, room.SPARE + len(CONTENT) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    remote = Remote("a", f"{server[1]}/a", size=len(CONTENT))
    with pytest.raises(InputError, match="GB free and .* GB are to be fetched; free some space"):
        fetch(remote, tmp_path / "a")
    assert server[0].ranges == []
    (tmp_path / "a.part").write_bytes(CONTENT[:1000])  # needs no more room
    assert fetch(remote, tmp_path / "a") == SHA256
    with pytest.raises(InputError, match="are to be fetched"):
        check_room([(remote, tmp_path / "b"), (remote, tmp_path / "c")])


def test_a_mirror_is_taken_first_and_its_failure_is_not_the_end(server, tmp_path, caplog):
    known = Remote("a", f"{server[1]}/a", f"sha256:{SHA256}", len(CONTENT))
    none = Remote("a", "https://127.0.0.1:9/a", f"sha256:{SHA256}", len(CONTENT))
    assert fetch(none, tmp_path / "one", mirrors=[f"{server[1]}/folder/"]) == SHA256
    assert fetch(known, tmp_path / "two", mirrors=["https://127.0.0.1:9", "http://far"]) == SHA256
    assert "the next address is tried" in caplog.text
    assert "is not https" in caplog.text


def test_a_mirror_with_another_file_is_passed_over(server, tmp_path, caplog):
    with lying_server() as (other, mirror):
        other.content = CONTENT[::-1]
        known = Remote("a", f"{server[1]}/a", f"sha256:{SHA256}", len(CONTENT))
        assert fetch(known, tmp_path / "a", mirrors=[mirror]) == SHA256
        assert other.ranges == [""]
    assert "came damaged" in caplog.text


def test_what_has_no_checksum_is_not_taken_from_a_mirror(server, tmp_path):
    with pytest.raises(InputError, match="no checksum of a is known"):
        fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a", mirrors=[server[1]])


def test_offline_checks_what_is_there_and_fetches_nothing(server, tmp_path):
    known = Remote("a", f"{server[1]}/a", f"sha256:{SHA256}", len(CONTENT))
    with pytest.raises(InputError, match="--offline forbids fetching it; fetch .* elsewhere"):
        fetch(known, tmp_path / "a", offline=True)
    (tmp_path / "a").write_bytes(CONTENT)
    assert fetch(known, tmp_path / "a", offline=True) == SHA256
    assert server[0].ranges == []
