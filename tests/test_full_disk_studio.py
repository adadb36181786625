"""A full disk under an open studio: nothing is lost, and it goes on where there is room again."""

import os
from contextlib import contextmanager

import pytest

from helpers.full_disk import SIZE, contents, small_disk
from helpers.media_files import make_video, regular
from helpers.studio_client import ended, opened, post, worker

pytestmark = pytest.mark.slow
GROUPS = [{"id": "g1", "name": "wood", "prompt": "wood hit"}]
EVENTS = [{"id": "e1", "time": 0.5, "group": "g1", "seed": 1}]
MORE = [*EVENTS, {"id": "e2", "time": 1.25, "group": "g1", "seed": 2}]
FULL = "No space left on device"
KEPT = ("project.json", "curve.json", "takes/", "exports/")


@pytest.fixture
def studio(tmp_path, monkeypatch):
    """A client of a project on a small disk, one event rendered and exported."""
    disk = tmp_path / "disk"
    disk.mkdir()
    make_video(disk / "clip.mp4", regular(25, 50))
    monkeypatch.setenv("XDG_STATE_HOME", str(disk / "state"))
    with small_disk(disk, SIZE // 2), opened(disk / "clip.mp4", worker()) as client:
        client.disk = disk
        [first] = client.get("api/jobs").json()["jobs"]
        assert ended(client, first["id"])["state"] == "done"
        assert save(client, events=EVENTS, groups=GROUPS, seed=0).status_code == 200
        for request in WORK.values():
            assert done(client, **request)["state"] == "done"
        yield client


WORK = {
    "detect": {"kind": "detect"},
    "render": {"kind": "render", "events": ["e1"]},
    "export": {"kind": "export", "formats": ["midi"], "mix": True, "video": True},
}


def save(client, **changes):
    state = client.get("api/project").json()
    headers = {"If-Match": f'"{state["revision"]}"'}
    return client.put("api/project", json=state["project"] | changes, headers=headers)


def done(client, **request):
    return ended(client, post(client, **request))


@contextmanager
def full(disk):
    """Leave no room on a disk."""
    ballast = disk / ".ballast"  # as full_disk calls it: it is no content
    with ballast.open("r+b") as file:
        free = os.statvfs(disk)
        os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size + free.f_bfree * 4096)
    yield
    ballast.unlink()


def kept(client):
    """What must not be lost, and hidden files, which must not be left."""
    folder = client.workspace.folder.path
    found = contents(folder)
    return {
        name: content
        for name, content in found.items()
        if name.startswith(KEPT) or ".syncfusion-" in name
    }


def one_sentence(message, disk):
    assert FULL in message, message
    assert str(disk) in message
    assert "\n" not in message
    assert ".syncfusion-" not in message
    assert "inside the program" not in message


def test_a_project_on_a_full_disk_stays_as_it_was_saved_and_is_saved_when_there_is_room(studio):
    before, state = kept(studio), studio.get("api/project").json()
    with full(studio.disk):
        for _ in range(2):
            answer = save(studio, events=MORE)
            assert answer.status_code == 422
            one_sentence(answer.json()["message"], studio.disk)
        assert studio.get("api/project").json() == state
        assert kept(studio) == before
    assert save(studio, events=MORE).json() == {"revision": state["revision"] + 1}


@pytest.mark.parametrize("path", ["api/import", "api/references", "api/videos"])
def test_a_file_that_is_uploaded_to_a_full_disk_is_refused_and_nothing_of_it_left(studio, path):
    content = b"0.5,wood hit\n" * 20_000

    def upload():
        return studio.post(path, params={"name": "a.csv"}, content=content)

    before = contents(studio.disk)
    with full(studio.disk):
        answer = upload()
        assert answer.status_code == 422
        one_sentence(answer.json()["message"], studio.disk)
        assert contents(studio.disk) == before
    assert upload().status_code == 202


@pytest.mark.parametrize("kind", WORK)
def test_a_job_on_a_full_disk_fails_in_a_sentence_and_works_when_there_is_room(studio, kind):
    request = WORK[kind]
    if kind == "render":  # a take that is not there yet
        assert save(studio, events=MORE).status_code == 200
        request = request | {"events": ["e1", "e2"]}
    before, process = kept(studio), studio.jobs.runner.worker.pid
    with full(studio.disk):
        for _ in range(2):
            job = done(studio, **request)
            assert job["state"] == "failed"
            one_sentence(job["message"], studio.disk)
        assert kept(studio) == before
        assert studio.get("media/video").status_code == 200
    assert done(studio, **request)["state"] == "done"
    assert kept(studio).keys() >= before.keys()
    assert studio.jobs.runner.worker.pid == process
