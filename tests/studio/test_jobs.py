"""Jobs: done by the worker, followed, cancelled, and outlived by the studio."""

import json
import os
import signal

import numpy as np
import pytest

from helpers.media_files import make_video, regular
from helpers.studio_client import HOST, ended, opened, post, until, worker
from syncfusion.studio.job import Job

STEP = 1.2  # seconds of a slow worker's step; fifty of them take a minute


@pytest.fixture
def video(tmp_path):
    return make_video(tmp_path / "clip.mp4", regular(25, 50))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Of a project that these tests share."""
    video = make_video(tmp_path_factory.mktemp("shared") / "clip.mp4", regular(25, 50))
    with opened(video, worker()) as client:
        assert opening(client)["state"] == "done"
        yield client


@pytest.fixture
def slow_client(video):
    with opened(video, worker(STEP)) as client:
        assert opening(client)["state"] == "done"
        yield client


def opening(client):
    """The end of the job that every project begins with."""
    return ended(client, client.get("api/jobs").json()["jobs"][0]["id"])


def running(client, **request):
    """Post a job, and wait until it reports progress of the models."""
    job = post(client, **request)
    until(lambda: client.get(f"api/jobs/{job}").json()["stage"] == "Looking for onsets")
    return job


def test_a_video_that_is_opened_has_its_facts_and_what_the_page_shows(client):
    project = client.get("api/project").json()["project"]
    assert project["duration"] == pytest.approx(2.0)
    assert project["frame_rate"] == [25, 1]
    strip = client.get("api/filmstrip").json()
    assert strip["count"] == 8
    assert client.get(strip["url"]).headers["Content-Type"] == "image/jpeg"
    part = client.get("media/video", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")


def test_a_clip_without_sound_has_no_peaks(client):
    assert client.get("api/peaks").status_code == 404
    assert client.get("media/original.wav").status_code == 404


def test_detection_gives_the_curve_and_its_peaks(client):
    job = ended(client, post(client, kind="detect"))
    events = job["result"]["events"]
    assert [event["time"] for event in events] == pytest.approx([0.5, 1.25], abs=0.005)
    assert all(event["confidence"] > 0.7 for event in events)
    curve = client.get("api/curve").json()
    assert len(curve["times"]) == len(curve["probabilities"]) == 60
    assert len(curve["strengths"]) == 60
    assert [event["gain"] for event in events] == [0.5, 2.0]
    assert client.get("api/project").json()["detected"]


def test_a_job_that_is_cancelled_stops_at_its_next_step(slow_client):
    job = running(slow_client, kind="detect")
    assert slow_client.delete(f"api/jobs/{job}").status_code == 204
    assert ended(slow_client, job)["state"] == "cancelled"
    assert not slow_client.get("api/project").json()["detected"]


def test_a_job_in_the_queue_is_cancelled_before_it_begins(slow_client):
    first = running(slow_client, kind="detect")
    second = post(slow_client, kind="detect")
    slow_client.delete(f"api/jobs/{second}")
    assert slow_client.get(f"api/jobs/{second}").json()["state"] == "cancelled"
    assert slow_client.get(f"api/jobs/{first}").json()["state"] == "running"


@pytest.mark.slow
def test_a_job_that_does_not_stop_is_ended_with_its_worker(video):
    with opened(video, worker(60), grace=0.3) as client:
        opening(client)
        job, before = running(client, kind="detect"), client.jobs.runner.worker.pid
        client.delete(f"api/jobs/{job}")
        assert ended(client, job)["state"] == "cancelled"
        assert until(lambda: client.jobs.runner.worker).pid != before


@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_and_its_job_reported(slow_client):
    job = running(slow_client, kind="detect")
    os.kill(slow_client.jobs.runner.worker.pid, signal.SIGKILL)
    shown = ended(slow_client, job)
    assert shown["state"] == "failed"
    assert "SIGKILL" in shown["message"]
    assert running(slow_client, kind="detect") != job


@pytest.mark.slow
def test_a_job_that_takes_too_much_memory_is_ended(video):
    with opened(video, worker(STEP)) as client:
        opening(client)
        job = running(client, kind="detect")
        client.jobs.runner._memory = 2**20
        assert "1 MiB of memory" in ended(client, job)["message"]


def test_the_queue_has_an_end(slow_client):
    running(slow_client, kind="detect")
    answers = [slow_client.post("api/jobs", json={"kind": "detect"}) for _ in range(33)]
    assert [answer.status_code for answer in answers] == [202] * 32 + [429]
    assert "too many" in answers[-1].json()["message"]


@pytest.mark.parametrize("request_", [{"kind": "erase"}, {}, {"kind": "detect", "path": "/"}, []])
def test_jobs_that_are_not_known_are_refused(client, request_):
    answer = client.post("api/jobs", json=request_)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_a_video_that_is_none_is_one_sentence(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"no pictures" * 1000)
    with opened(path, worker()) as client:
        job = opening(client)
        assert job["state"] == "failed"
        assert "not a video" in job["message"]
        assert client.get("media/video").status_code == 404


def test_a_project_whose_video_is_another_kind_of_file_does_not_serve_it(tmp_path, video):
    folder = video.with_suffix(".syncfusion")
    folder.mkdir()
    values = {"version": 1, "name": "x", "video": "/etc/passwd"}
    (folder / "project.json").write_text(json.dumps(values))
    with opened(video, worker()) as client:
        assert opening(client)["state"] == "failed"
        assert client.get("media/video").status_code == 404


def test_the_health_of_the_studio_is_shown(client):
    health = client.get("api/health").json()
    assert health["worker"] in ("starting", "loading", "ready")
    assert health["memory_mib"] > 0
    assert health["worker_memory_mib"] > 0


def test_prompts_and_formats_are_listed(client):
    assert "wood hit" in client.get("api/prompts").json()["prompts"]
    assert "midi" in [row["name"] for row in client.get("api/formats").json()["formats"]]
    assert client.get(f"http://{HOST}/other/api/formats").status_code == 403


@pytest.mark.slow
def test_a_job_in_the_background_makes_way_and_is_done_afterwards(slow_client):
    background = Job(slow_client.workspace, "detect", in_background=True)
    slow_client.portal.call(slow_client.jobs.submit, background)
    until(lambda: slow_client.get(f"api/jobs/{background.id}").json()["stage"])
    job = running(slow_client, kind="detect")
    assert slow_client.get(f"api/jobs/{background.id}").json()["state"] == "cancelled"
    slow_client.delete(f"api/jobs/{job}")
    again = until(lambda: slow_client.get("api/jobs").json()["jobs"][-1])
    assert again["state"] in ("queued", "running")


@pytest.mark.slow
def test_a_clip_with_sound_has_its_wav_and_its_peaks(tmp_path):
    sound = np.sin(np.arange(96_000) / 20) / 2
    video = make_video(tmp_path / "clip.mp4", regular(25, 50), sound=sound)
    with opened(video, worker()) as client:
        assert opening(client)["state"] == "done"
        peaks = client.get("api/peaks")
        assert peaks.headers["X-Samples-Per-Peak"] == "256"
        assert len(peaks.content) == 2 * 96_000 // 256
        assert client.get("media/original.wav").content[:4] == b"RIFF"
