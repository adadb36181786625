"""The hub's library is real; its answers are made up."""

import hashlib
import http.server
import threading

import pytest

from syncfusion.checkpoint import hub
from syncfusion.checkpoint.download import fetch
from syncfusion.checkpoint.remote import Remote
from syncfusion.errors import InputError

CONTENT = bytes(range(256)) * 50
SHA256 = hashlib.sha256(CONTENT).hexdigest()
COMMIT = "1" * 40
FILE = Remote("a.pt", "https://huggingface.co/o/r/a.pt", f"sha256:{SHA256}", len(CONTENT), "o/r")


class Hub(http.server.BaseHTTPRequestHandler):
    """Serves ``CONTENT`` as the hub does a large file, with what it was asked by."""

    asked: list[tuple[str, str]]

    def do_HEAD(self):
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        if self.path != f"/o/r/resolve/main/{FILE.name}" and COMMIT not in self.path:
            self.send_error(404)
            return
        self.send_response(200)
        for name, value in (
            ("ETag", f'"{SHA256}"'),
            ("X-Repo-Commit", COMMIT),
            ("Content-Length", str(len(CONTENT))),
        ):
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(CONTENT)

    def log_message(self, *_):
        pass


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A mirror of the hub, and an empty cache; returns what is asked of it."""

    class Handler(Hub):
        asked = []

    for name in hub.TOKENS:
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{running.server_port}"
        # as HF_ENDPOINT and HF_HOME set them, which the library reads once per process
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
        template = address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "none"))
        yield Handler.asked
        running.shutdown()


def offline(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def test_a_file_comes_by_the_hubs_library_and_then_from_its_cache(mirror, tmp_path, monkeypatch):
    assert fetch(FILE, tmp_path / "one" / "a.pt") == SHA256
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["a.pt"]
    assert (tmp_path / "one" / "a.pt").read_bytes() == CONTENT
    offline(monkeypatch)
    assert fetch(FILE, tmp_path / "two" / "a.pt") == SHA256


def test_without_links_the_file_is_copied(mirror, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("no links here")

    monkeypatch.setattr(hub.os, "link", fail)
    assert fetch(FILE, tmp_path / "a.pt") == SHA256


def test_offline_without_the_file_is_one_sentence(mirror, tmp_path, monkeypatch):
    offline(monkeypatch)
    with pytest.raises(InputError, match="cannot fetch .*put it at .*a.pt") as failure:
        fetch(FILE, tmp_path / "out" / "a.pt")
    assert "\n" not in str(failure.value)
    assert list((tmp_path / "out").iterdir()) == mirror == []


@pytest.mark.parametrize("name", hub.TOKENS)
def test_a_token_is_sent_by_either_name(mirror, tmp_path, monkeypatch, name):
    monkeypatch.setenv(name, "hf_secret")
    fetch(FILE, tmp_path / "a.pt")
    assert {token for _, token in mirror} == {"Bearer hf_secret"}


def test_a_file_that_is_not_there_is_one_sentence(mirror, tmp_path):
    with pytest.raises(InputError, match="cannot fetch .*gone.pt .*404") as failure:
        fetch(FILE._replace(name="gone.pt", url="https://huggingface.co/gone.pt"), tmp_path / "b")
    assert "\n" not in str(failure.value)
    assert not (tmp_path / "b").exists()


def test_another_file_than_the_pinned_one_is_refused_and_not_kept(mirror, tmp_path):
    other = FILE._replace(checksum="sha256:" + "0" * 64)
    with pytest.raises(InputError, match="came damaged .* and was deleted"):
        fetch(other, tmp_path / "a.pt")
    assert not (tmp_path / "a.pt").exists()
    assert fetch(FILE, tmp_path / "a.pt") == SHA256
