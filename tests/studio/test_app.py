"""The web application: who may read and write, and what it answers."""

import json
import os
import re
import subprocess
import sys

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from helpers.studio_client import HOST, ORIGIN
from syncfusion.errors import InputError
from syncfusion.studio.app import PAGE, create_app
from syncfusion.studio.folder import ProjectFolder
from syncfusion.studio.jobs import Jobs
from syncfusion.studio.routes.page import page_routes
from syncfusion.studio.workspace import Studio, Workspace

GROUP = {"id": "g1", "name": "wood", "prompt": "wood hit"}


@pytest.fixture
def workspace(tmp_path):
    video = tmp_path / "clip.mp4"
    video.write_bytes(b"pictures")
    opened = Workspace(ProjectFolder.for_video(video))
    opened.learn({"duration": 2.0, "frame_rate": [25, 1]})
    return opened


@pytest.fixture
def studio(workspace):
    studio = Studio()
    studio.add(workspace)
    return studio


@pytest.fixture
def stranger(studio):
    app = create_app(studio, Jobs(studio, ["sleep", "60"]))
    with TestClient(app, base_url=f"http://{HOST}") as client:
        yield client


@pytest.fixture
def client(stranger, workspace):
    """A browser that has the cookie."""
    stranger.get(workspace.address)
    stranger.base_url = f"http://{HOST}/{workspace.id}/"
    return stranger


def put(client, revision, **values):
    body = json.dumps({"name": "clip", "video": "clip.mp4"} | values)
    return client.put("api/project", content=body, headers=ORIGIN | {"If-Match": f'"{revision}"'})


def test_the_address_with_its_token_opens_the_project(client):
    state = client.get("api/project")
    assert state.headers["ETag"] == '"2"'
    assert state.json()["project"]["duration"] == 2.0
    assert state.json()["detected"] is False


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(stranger, workspace):
    cookie = stranger.get(workspace.address).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path=/{workspace.id}/" in cookie


@pytest.mark.parametrize("path", ["", "?token=", "?token=wrong", "api/project", "media/video"])
def test_nothing_is_shown_without_the_token(stranger, workspace, path):
    answer = stranger.get(f"/{workspace.id}/{path}")
    assert answer.status_code == 403
    assert "address" in answer.json()["message"]
    assert "Set-Cookie" not in answer.headers


def test_the_token_of_one_project_opens_no_other(client, studio, tmp_path):
    video = tmp_path / "other.mp4"
    video.write_bytes(b"pictures")
    other = studio.add(Workspace(ProjectFolder.for_video(video)))
    assert client.get("api/project").status_code == 200
    assert client.get(f"http://{HOST}/{other.id}/api/project").status_code == 403
    token = client.cookies["syncfusion"]
    assert client.get(f"http://{HOST}/{other.id}/?token={token}").status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_host_is_refused(client, host):
    assert client.get("api/project", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1:7860", "[::1]:7860"])
def test_names_of_this_machine_are_allowed(client, host):
    assert client.get("api/project", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:8000", "null", "", "file://127.0.0.1:7860"]
)
def test_a_write_from_another_page_is_refused(client, origin):
    headers = {"Origin": origin, "If-Match": '"2"'}
    answer = client.put("api/project", content=b"{}", headers=headers)
    assert answer.status_code == 403
    assert "own page" in answer.json()["message"]


def test_every_answer_forbids_foreign_scripts_and_frames(client, stranger):
    for answer in (client.get("api/project"), client.get("none"), stranger.get("/")):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_edit_is_saved_with_a_new_revision(client, workspace):
    event = {"id": "e1", "time": 0.5, "group": "g1"}
    answer = put(client, 2, groups=[GROUP], events=[event])
    assert answer.json() == {"revision": 3}
    saved = ProjectFolder.open(workspace.folder.path)
    assert saved.revision == 3
    assert saved.project.events[0].time == 0.5


def test_an_old_edit_is_answered_by_the_newer_state(client, workspace):
    assert put(client, 2, threshold=0.3).status_code == 200
    late = put(client, 2, threshold=0.8)
    assert late.status_code == 409
    assert late.json()["revision"] == 3
    assert late.json()["project"]["threshold"] == 0.3
    assert workspace.folder.project.threshold == 0.3


def test_what_is_read_from_the_video_meanwhile_is_no_conflict(client, workspace):
    workspace.learn({"duration": 3.0, "start_timecode": "01:00:00:00"})
    assert put(client, 2, threshold=0.3).status_code == 200
    project = workspace.folder.project
    assert (project.threshold, project.duration) == (0.3, 3.0)
    assert project.start_timecode == "01:00:00:00"
    workspace.learn({"duration": 2.5})
    assert put(client, 3, seed=1).status_code == 409


def test_an_edit_without_a_revision_is_refused(client):
    assert client.put("api/project", content=b"{}", headers=ORIGIN).status_code == 428


def test_an_edit_cannot_name_another_video(client, workspace):
    put(client, 2, video="/etc/passwd", duration=9.0)
    assert workspace.folder.project.video == "clip.mp4"
    assert workspace.folder.project.duration == 2.0


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"threshold": 2}, "threshold"),
        ({"groups": [GROUP], "events": [{"id": "e", "time": 5, "group": "g1"}]}, "past the end"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_an_edit_that_is_not_understood_changes_nothing(client, workspace, values, named):
    answer = put(client, 2, **values)
    assert answer.status_code == 422
    assert named in answer.json()["message"]
    assert workspace.folder.revision == 2


def test_a_body_of_two_gigabytes_is_refused_by_its_header(client):
    headers = ORIGIN | {"If-Match": '"2"', "Content-Length": str(2**31)}
    answer = client.put("api/project", content=b"{}", headers=headers)
    assert answer.status_code == 413
    assert "16 MB" in answer.json()["message"]


def test_a_body_that_grows_past_its_limit_is_cut_off(client, workspace):
    def endless():
        for _ in range(17):
            yield b" " * 2**20

    answer = client.put("api/project", content=endless(), headers=ORIGIN | {"If-Match": '"2"'})
    assert answer.status_code == 413
    assert workspace.folder.revision == 2


@pytest.mark.parametrize(
    "name", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "/etc/passwd", "%00", "none.js", ""]
)
def test_no_path_leads_out_of_the_page(client, name):
    assert client.get(f"page/{name}").status_code == 404


def test_the_page_names_all_of_its_modules_so_that_they_come_at_once(client):
    html = client.get("").text
    named = re.findall(r'<link rel="modulepreload" href="page/([^"]+)" />', html)
    there = {p.relative_to(PAGE).as_posix() for p in PAGE.rglob("*.js")}
    assert there - set(named) == {"notebook/loader.js", "notebook/timeline.js"}
    assert all(client.get(f"page/{name}").status_code == 200 for name in named)


def test_a_file_of_the_page_that_changes_is_sent_anew(tmp_path):
    (tmp_path / "a.js").write_text("1")
    app = FastAPI()
    app.include_router(page_routes(tmp_path))
    client = TestClient(app)
    assert client.get("page/a.js").text == "1"
    (tmp_path / "a.js").write_text("2")
    os.utime(tmp_path / "a.js", (1, 1))
    assert client.get("page/a.js").text == "2"


def test_a_project_is_open_in_one_studio_only(workspace):
    with pytest.raises(InputError, match="open in another studio"):
        Workspace(ProjectFolder.open(workspace.folder.path))
    workspace.close()
    Workspace(ProjectFolder.open(workspace.folder.path)).close()


def test_the_address_is_there_before_the_application_is_imported():
    code = (
        "import sys; from syncfusion.studio.serve import open_workspace, serve; "
        "print(*{'fastapi', 'uvicorn'} & sys.modules.keys())"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == ""


def test_the_web_process_imports_no_torch():
    code = (
        "import sys; from syncfusion.studio.app import create_app; "
        "from syncfusion.studio.workspace import Studio; from syncfusion.studio.jobs import Jobs; "
        "studio = Studio(); create_app(studio, Jobs(studio, ['worker'])); "
        "print(*{'torch', 'numpy', 'av', 'cv2'} & sys.modules.keys())"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == ""
