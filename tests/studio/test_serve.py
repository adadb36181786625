"""The command ``syncfusion studio``: a real server with its worker."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx2
import pytest

from helpers.media_files import make_video, regular
from helpers.studio_client import until

LIGHT_MIB = 150


@pytest.fixture
def video(tmp_path):
    return make_video(tmp_path / "clip.mp4", regular(25, 50))


@contextmanager
def studio(*words, **environment):
    """Yield the process, and a client that has opened the address that it printed."""
    command = [sys.executable, "-m", "syncfusion", "studio", *map(str, words)]
    options = ["--no-browser", "--port", "0"]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, text=True, env=os.environ | environment
    )
    try:
        address = process.stdout.readline().strip()
        root = re.fullmatch(r"(http://127\.0\.0\.1:\d+)/\w+/\?token=.+", address)[1]
        page = address.partition("?")[0]
        with httpx2.Client(base_url=page, headers={"Origin": root}, timeout=60) as client:
            client.get(address)
            yield process, client
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def messages(client):
    """The messages of the stream, as they come."""
    with client.stream("GET", "api/stream") as answer:
        for line in answer.iter_lines():
            if line.startswith("data:"):
                yield json.loads(line.removeprefix("data:"))


def put(client, **changes):
    state = client.get("api/project").json()
    headers = {"If-Match": f'"{state["revision"]}"', "X-Page": "mine"}
    return client.put("api/project", json=state["project"] | changes, headers=headers)


def worker_of(process):
    children = subprocess.run(["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True)
    return [int(pid) for pid in children.stdout.split() if _is_running(int(pid))]


def _is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_stream_begins_with_the_state_and_goes_on_with_what_happens(video):
    with studio(video) as (_, client):
        until(lambda: client.get("api/project").json()["project"]["duration"])
        stream = messages(client)
        first = next(stream)
        assert first["type"] == "hello"
        assert first["jobs"][0]["kind"] == "open"
        revision = put(client, seed=1).json()["revision"]
        saved = next(message for message in stream if message["type"] == "project")
        assert saved == {"type": "project", "revision": revision, "page": "mine"}


@pytest.mark.slow
def test_a_project_is_as_it_was_after_the_server_was_killed(video):
    with studio(video) as (process, client):
        until(lambda: client.get("api/project").json()["project"]["duration"])
        assert put(client, threshold=0.25).status_code == 200
        [worker] = until(lambda: worker_of(process))
        os.kill(process.pid, signal.SIGKILL)
        until(lambda: not _is_running(worker))  # it does not outlive the server
    with studio(video.with_suffix(".syncfusion")) as (_, client):
        assert client.get("api/project").json()["project"]["threshold"] == 0.25


@pytest.mark.slow
def test_ctrl_c_ends_server_and_worker_at_once_though_a_page_listens(video):
    with studio(video) as (process, client):
        until(lambda: client.get("api/project").json()["project"]["duration"])
        [worker] = until(lambda: worker_of(process))
        stream = messages(client)
        next(stream)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert list(stream) == []
        until(lambda: not _is_running(worker))


@pytest.mark.slow
def test_hours_of_edits_leave_the_web_process_small(video):
    with studio(video) as (_, client):
        until(lambda: client.get("api/project").json()["project"]["duration"])
        groups = [{"id": "g1", "prompt": "wood hit"}]
        events = [{"id": f"e{n}", "time": n / 600, "group": "g1"} for n in range(1000)]

        def edit(times):
            for n in range(times):
                events[0]["gain"] = 1 + n / 1000
                assert put(client, groups=groups, events=events).status_code == 200
            return client.get("api/health").json()["memory_mib"]

        first = edit(30)
        assert edit(200) - first < 15
        assert first < LIGHT_MIB


@pytest.mark.slow
def test_the_first_answer_comes_soon_and_the_web_process_stays_small(video):
    begin = time.monotonic()
    with studio(video) as (_, client):
        assert client.get("api/project").status_code == 200
        seconds = time.monotonic() - begin
        until(lambda: client.get("api/filmstrip").status_code == 200)
        assert client.get("api/health").json()["memory_mib"] < LIGHT_MIB
        assert seconds < 10  # 2 on a machine that does nothing else


def test_without_a_video_the_sample_is_opened(tmp_path):
    with studio(XDG_STATE_HOME=str(tmp_path)) as (_, client):
        state = client.get("api/project").json()
        assert state["sample"]
        assert state["project"]["name"] == "sample"
        assert until(lambda: client.get("media/video").status_code == 200)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["none.mp4"], "there is no video none.mp4"),
        (["clip.mp4", "--preset", "none"], "there is no preset 'none'"),
        (["clip.mp4", "--host", "192.0.2.1"], "cannot listen on 192.0.2.1:7860"),
        (["clip.mp4", "--port", "-1"], "no whole number"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(video, words, sentence):
    command = [sys.executable, "-m", "syncfusion", "studio", *words, "--no-browser"]
    ended = subprocess.run(command, cwd=video.parent, capture_output=True, text=True)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_project_of_a_newer_program_is_left_alone(video):
    folder = video.with_suffix(".syncfusion")
    folder.mkdir()
    (folder / "project.json").write_text('{"version": 9}')
    command = [sys.executable, "-m", "syncfusion", "studio", folder, "--no-browser"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "install a newer one" in ended.stderr
    assert (folder / "project.json").read_text() == '{"version": 9}'
