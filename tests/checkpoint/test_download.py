import hashlib
import http.server
import threading

import pytest

from syncfusion.checkpoint import download
from syncfusion.checkpoint.download import fetch, fetch_json
from syncfusion.checkpoint.remote import Remote
from syncfusion.errors import InputError

CONTENT = bytes(range(256)) * 5000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(http.server.BaseHTTPRequestHandler):
    """Serves ``CONTENT``, by ranges if it can; breaks off after ``limit`` bytes."""

    limit = len(CONTENT)
    knows_ranges = True
    ranges: list[str]

    def do_GET(self):
        asked = self.headers.get("Range", "")
        self.ranges.append(asked)
        if self.path.startswith("/to="):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to="))
            self.end_headers()
            return
        if self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CONTENT + b"more")
            return
        if self.path == "/gone":
            self.send_error(404)
            return
        asked = asked if self.knows_ranges else ""
        start = int(asked.removeprefix("bytes=").rstrip("-") or 0)
        if start >= len(CONTENT):
            self.send_error(416)
            return
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        self.wfile.write(CONTENT[start : start + self.limit])

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(download, "SCHEMES", ("https://", "http://127.0.0.1"))

    class Handler(Server):
        ranges: list[str] = []

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield Handler, f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


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


def test_a_server_without_ranges_is_read_from_the_start(server, tmp_path):
    server[0].knows_ranges = False
    (tmp_path / "a.part").write_bytes(b"x" * 1000)
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256


def test_a_part_that_is_already_whole_is_fetched_anew(server, tmp_path):
    (tmp_path / "a.part").write_bytes(CONTENT)
    assert fetch(Remote("a", f"{server[1]}/a"), tmp_path / "a") == SHA256


@pytest.mark.parametrize("wrong", [{"checksum": "md5:00"}, {"size": len(CONTENT) - 5}], ids=str)
def test_what_is_not_the_published_file_leaves_nothing(server, tmp_path, wrong):
    with pytest.raises(InputError, match="(came damaged|sends more than).*run it again"):
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
