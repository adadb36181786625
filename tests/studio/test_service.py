"""A studio behind a proxy, and what it offers to programs and to those who watch it."""

import asyncio
import errno
import signal
import time

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from helpers.own_loop import finished
from helpers.studio_client import until
from syncfusion.errors import InputError
from syncfusion.studio.app import create_app
from syncfusion.studio.folder import ProjectFolder
from syncfusion.studio.jobs import Jobs
from syncfusion.studio.proxy import Front
from syncfusion.studio.render import ENDED
from syncfusion.studio.renders import GLANCE, Renders
from syncfusion.studio.workspace import Studio, Workspace

TOKEN = "a-token-of-twenty-two"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
FRONT = Front("https://sound.example.org/foley", ("10.0.0.0/8",))


@pytest.fixture
def serve(tmp_path, tiny_preset):
    """Open a client of a server: from an address, with or without a proxy before it."""
    clients = []

    def open_client(base="http://127.0.0.1", *, source="127.0.0.1", front=None, memory=2**34):
        studio = Studio()
        video = tmp_path / f"clip{len(clients)}.mp4"
        video.write_bytes(b"pictures")
        workspace = studio.add(Workspace(ProjectFolder.for_video(video)))
        models = ("--preset", str(tiny_preset), "--device", "cpu")
        renders = Renders(tmp_path / "renders", models, memory=memory)
        app = create_app(
            studio, Jobs(studio, ["sleep", "60"]), front=front, renders=renders, token=TOKEN
        )
        client = TestClient(app, base_url=base, client=(source, 50000))
        client.__enter__()
        client.workspace, client.renders = workspace, renders
        clients.append(client)
        return client

    yield open_client
    for client in clients:
        client.__exit__(None, None, None)


def test_behind_a_proxy_the_public_address_opens_the_project(serve):
    client = serve("https://sound.example.org", front=FRONT, source="10.1.2.3")
    opened = client.get(f"/foley{client.workspace.address}")
    assert opened.status_code == 200
    assert f"Path=/foley/{client.workspace.id}/;" in opened.headers["set-cookie"]
    page = f"/foley/{client.workspace.id}/api/project"
    assert client.get(page).json()["project"]["name"] == "clip0"
    state = client.get(page).json()
    headers = {"If-Match": f'"{state["revision"]}"', "Origin": "https://sound.example.org"}
    assert client.put(page, json=state["project"], headers=headers).status_code == 200


def test_a_proxy_that_takes_the_path_off_is_served_as_well(serve):
    client = serve("https://sound.example.org", front=FRONT)
    opened = client.get(client.workspace.address)
    assert f"Path=/foley/{client.workspace.id}/;" in opened.headers["set-cookie"]


@pytest.mark.parametrize(("source", "status"), [("10.1.2.3", 200), ("192.0.2.7", 421)])
def test_forwarded_hosts_count_from_trusted_proxies_alone(serve, source, status):
    client = serve("http://inside:7860", front=FRONT, source=source)
    forwarded = {"X-Forwarded-Host": "sound.example.org", "X-Forwarded-Proto": "https"}
    assert client.get("/health", headers=forwarded).status_code in (status, 503)
    assert client.get(client.workspace.address, headers=forwarded).status_code == status


def test_other_names_are_refused_behind_a_proxy_too(serve):
    client = serve("https://evil.example.org", front=FRONT, source="10.1.2.3")
    assert client.get(client.workspace.address).status_code == 421


@pytest.mark.parametrize(
    ("url", "proxies", "reason"),
    [("foley", (), "no address of a web page"), (None, ("proxy.local",), "named by its address")],
)
def test_a_front_that_is_misspelled_is_refused(url, proxies, reason):
    with pytest.raises(InputError, match=reason):
        Front(url, proxies)


def test_health_needs_no_token_and_metrics_do(serve):
    client = serve()
    assert until(lambda: client.get("/health").json()["worker"] == "starting")
    assert client.get("/health").status_code == 200
    assert client.get("/metrics").status_code == 401
    found = client.get("/metrics", headers=BEARER).text
    samples = {s.name: s.value for f in text_string_to_metric_families(found) for s in f.samples}
    assert samples["syncfusion_projects"] == 1
    assert samples["syncfusion_renders_waiting"] == 0


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_programs_without_the_token_are_refused(serve, headers):
    client = serve()
    for request in (client.get("/api/openapi.json", headers=headers),):
        assert request.status_code == 401
    posted = client.post("/api/render", params={"prompt": "wood"}, content=b"x", headers=headers)
    assert posted.status_code == 401


def rendered(client, id):
    def ended():
        shown = client.get(f"/api/render/{id}", headers=BEARER).json()
        return shown if shown["state"] in ("done", "failed") else None

    return until(ended)


@pytest.mark.slow
def test_a_video_is_sent_rendered_and_fetched(serve, clip):
    client = serve()
    post = {"params": {"prompt": "wood hit", "steps": 2}, "headers": BEARER}
    sent = client.post("/api/render", content=clip.read_bytes(), **post)
    assert sent.status_code == 202
    broken = client.post("/api/render", content=b"no video", **post).json()
    made = rendered(client, sent.json()["id"])
    assert made["files"] == ["out.json", "out.mp4", "out.onsets.csv", "out.wav"]
    sound = client.get(f"/api/render/{made['id']}/out.wav", headers=BEARER)
    assert sound.content[:4] == b"RIFF"
    assert client.get(f"/api/render/{made['id']}/job.json", headers=BEARER).status_code == 404
    failed = rendered(client, broken["id"])
    assert failed["state"] == "failed"
    assert "is not a video" in failed["message"]
    metrics = client.get("/metrics", headers=BEARER).text
    assert 'syncfusion_renders_total{state="done"} 1.0' in metrics
    assert 'syncfusion_renders_total{state="failed"} 1.0' in metrics
    assert client.delete(f"/api/render/{made['id']}", headers=BEARER).status_code == 204
    assert client.get(f"/api/render/{made['id']}", headers=BEARER).status_code == 404
    assert not (client.renders.home / made["id"]).exists()


@pytest.mark.slow
def test_what_a_server_had_not_finished_the_next_one_does(serve, clip):
    first = serve()
    post = {"params": {"prompt": "wood hit", "steps": 2}, "headers": BEARER}
    sent = first.post("/api/render", content=clip.read_bytes(), **post).json()
    first.__exit__(None, None, None)
    second = serve()
    assert rendered(second, sent["id"])["state"] == "done"


def test_a_process_that_cannot_be_started_fails_its_video_alone(tmp_path, monkeypatch):
    renders = Renders(tmp_path, (), memory=2**34)

    async def refuse(*words, **pipes):
        raise BlockingIOError(errno.EAGAIN, "too many processes")

    async def served():
        await renders.start()
        sent = [await renders.submit(renders.new_folder(), "a.mp4", []) for _ in range(2)]
        while any(render.state not in ENDED for render in sent):
            await asyncio.sleep(0.01)
        await renders.close()
        return sent

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)
    sent = finished(served(), 10)
    assert [render.state for render in sent] == ["failed", "failed"]
    assert sent[1].message == "its process cannot be started: too many processes"


def test_a_video_that_is_removed_while_it_begins_is_stopped_and_leaves_nothing(
    tmp_path, monkeypatch
):
    renders, started = Renders(tmp_path, (), memory=2**34), asyncio.Queue()
    start = asyncio.create_subprocess_exec

    async def remove_first(*words, **pipes):
        for folder in tmp_path.iterdir():
            renders.remove(renders.find(folder.name))
        process = await start("sleep", "60", **pipes)
        started.put_nowait(process)
        return process

    async def served():
        await renders.start()
        await renders.submit(renders.new_folder(), "a.mp4", [])
        process = await started.get()
        assert await process.wait() == -signal.SIGKILL
        await asyncio.sleep(2 * GLANCE)  # in which its end is noticed
        await renders.close()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", remove_first)
    finished(served(), 10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_render_that_takes_too_much_memory_is_ended(serve, clip):
    client = serve(memory=2**20)
    post = {"params": {"prompt": "wood hit"}, "headers": BEARER}
    sent = client.post("/api/render", content=clip.read_bytes(), **post).json()
    ended = rendered(client, sent["id"])
    assert (ended["state"], "1 MiB of memory" in ended["message"]) == ("failed", True)


@pytest.mark.parametrize(
    ("params", "body", "status"),
    [
        ({}, b"x", 422),
        ({"prompt": ""}, b"x", 422),
        ({"prompt": "wood", "seed": -1}, b"x", 422),
        ({"prompt": "wood", "steps": "many"}, b"x", 422),
        ({"prompt": "wood"}, b"", 422),
    ],
)
def test_requests_that_cannot_be_used_leave_nothing(serve, params, body, status):
    client = serve()
    answer = client.post("/api/render", params=params, content=body, headers=BEARER)
    assert answer.status_code == status
    assert not list(client.renders.home.glob("*"))


def test_a_full_queue_answers_at_once(serve, monkeypatch):
    monkeypatch.setattr("syncfusion.studio.renders.MOST_WAITING", 0)
    client = serve()
    began = time.monotonic()
    answer = client.post("/api/render", params={"prompt": "w"}, content=b"x", headers=BEARER)
    assert answer.status_code == 429
    assert time.monotonic() - began < 30


def test_the_interface_describes_itself(serve):
    paths = serve().get("/api/openapi.json", headers=BEARER).json()["paths"]
    assert set(paths) == {"/render", "/render/{id}", "/render/{id}/{file}"}
    assert "application/octet-stream" in paths["/render"]["post"]["requestBody"]["content"]
