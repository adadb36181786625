"""A browser's requests to a studio, and waiting for its jobs."""

import sys
import time
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from syncfusion.studio.app import create_app
from syncfusion.studio.folder import ProjectFolder
from syncfusion.studio.jobs import Jobs
from syncfusion.studio.workspace import Studio, Workspace

HOST = "127.0.0.1:7860"
ORIGIN = {"Origin": f"http://{HOST}"}
WORKER = Path(__file__).with_name("studio_worker.py")
PATIENCE = 120  # seconds


def worker(seconds: float = 0.0) -> list[str]:
    """The command of a worker with fake models; seconds of each of their steps."""
    return [sys.executable, str(WORKER), str(seconds)]


@contextmanager
def opened(video: Path, command: list[str], **limits):
    """Yield a client that has the cookie of a video's project; its ``workspace`` and ``jobs``."""
    studio = Studio()
    workspace = studio.add(Workspace(ProjectFolder.for_video(video)))
    jobs = Jobs(studio, command, **limits)
    app = create_app(studio, jobs)
    with TestClient(app, base_url=f"http://{HOST}", headers=ORIGIN) as client:
        client.get(workspace.address)
        client.base_url = f"http://{HOST}/{workspace.id}/"
        client.workspace, client.jobs = workspace, jobs
        yield client


def post(client, **request) -> str:
    """Post a job; returns its id."""
    answer = client.post("api/jobs", json=request)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def ended(client, job: str) -> dict:
    """Wait for the end of a job."""
    return until(lambda: _ended(client, job))


def _ended(client, job: str) -> dict | None:
    shown = client.get(f"api/jobs/{job}").json()
    return shown if shown["state"] in ("done", "failed", "cancelled") else None


def until(condition):
    """Wait for a condition to be true; returns its value."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError("nothing came of it")
