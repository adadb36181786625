"""Takes that nothing refers to: counted, and removed where that is requested."""

import json

import pytest
from fastapi.testclient import TestClient

from helpers.studio_client import HOST, ORIGIN
from syncfusion.studio import Job, Jobs, ProjectFolder, Studio, Workspace, create_app

CHOSEN, OTHER, HISTORY, OLD = (letter * 64 for letter in "abcd")


@pytest.fixture
def workspace(tmp_path):
    video = tmp_path / "clip.mp4"
    video.write_bytes(b"pictures")
    opened = Workspace(ProjectFolder.for_video(video))
    event = {"id": "e1", "time": 0.5, "group": "g1", "take": CHOSEN, "takes": [CHOSEN, OTHER]}
    project = opened.state()["project"] | {"groups": [{"id": "g1"}], "events": [event]}
    opened.learn({"duration": 2.0})
    opened.edit(json.dumps(project | {"duration": 2.0}).encode(), opened.folder.revision)
    folder = opened.folder.file("takes")
    folder.mkdir()
    for key in (CHOSEN, OTHER, HISTORY, OLD):
        (folder / f"{key}.wav").write_bytes(b"12345678")
        (folder / f"{key}.json").write_text("{}")
    return opened


@pytest.fixture
def jobs(workspace):
    studio = Studio()
    studio.add(workspace)
    return Jobs(studio, ["sleep", "60"])


@pytest.fixture
def client(workspace, jobs):
    studio = Studio()
    studio.add(workspace)
    app = create_app(studio, jobs)
    with TestClient(app, base_url=f"http://{HOST}", headers=ORIGIN) as client:
        client.get(workspace.address)
        client.base_url = f"http://{HOST}/{workspace.id}/"
        yield client


def left(workspace):
    return {path.stem for path in workspace.folder.file("takes").iterdir()}


def test_old_takes_are_counted_before_anything_is_removed(client, workspace):
    answer = client.post("api/old-takes", json={"kept": [HISTORY]})
    assert answer.json() == {"takes": 1, "bytes": 10}
    assert left(workspace) == {CHOSEN, OTHER, HISTORY, OLD}


def test_only_what_no_event_and_no_history_has_is_removed(client, workspace):
    answer = client.post("api/old-takes", json={"kept": [HISTORY], "remove": True})
    assert answer.json() == {"takes": 1, "bytes": 10}
    assert left(workspace) == {CHOSEN, OTHER, HISTORY}


def test_nothing_is_removed_while_takes_are_made(client, workspace, jobs):
    client.portal.call(jobs.submit, Job(workspace, "render"))
    answer = client.post("api/old-takes", json={"kept": [], "remove": True})
    assert answer.status_code == 409
    assert len(left(workspace)) == 4


def test_a_key_that_is_none_is_refused(client):
    assert client.post("api/old-takes", json={"kept": ["../project"]}).status_code == 422
