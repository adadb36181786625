"""Jobs of the studio whose process that decodes is killed: one sentence, and the next job works."""

import pytest

from helpers.decoder_deaths import decoders, kill_decoders
from helpers.media_files import make_video, regular
from helpers.studio_client import ended, opened, post, until, worker
from syncfusion.studio.job import Job

pytestmark = pytest.mark.slow
KILLED = "was killed, perhaps for lack of memory; free some, or export the file smaller"


@pytest.fixture
def video(tmp_path):
    """One that no browser plays, so that a copy of it is made."""
    size = (480, 360)
    return make_video(tmp_path / "clip.avi", regular(25, 200), size=size, codec="mpeg4")


def test_a_job_whose_decoder_is_killed_fails_in_a_sentence_and_the_next_one_works(video):
    with opened(video, worker()) as client:
        [first] = client.get("api/jobs").json()["jobs"]
        until(lambda: client.get(f"api/jobs/{first['id']}").json()["done"] > 0)
        process = client.jobs.runner.worker.pid
        assert kill_decoders(process) > 0
        failed = ended(client, first["id"])
        assert failed["state"] == "failed"
        assert failed["message"].startswith(f"the decoder of {video} {KILLED}")
        assert "\n" not in failed["message"]
        left = [path.name for path in client.workspace.folder.path.iterdir()]
        assert not [name for name in left if name.startswith(".syncfusion-")]
        assert "proxy.mp4" not in left
        assert ended(client, post(client, kind="detect"))["state"] == "done"
        again = client.jobs.submit(Job(client.workspace, "open"))
        assert ended(client, again.id)["state"] == "done"
        assert client.get("media/video").status_code == 200
        assert client.jobs.runner.worker.pid == process, "the worker itself lives on"


def test_a_decoder_that_is_killed_between_two_jobs_is_not_noticed(video):
    with opened(video, worker()) as client:
        [first] = client.get("api/jobs").json()["jobs"]
        assert ended(client, first["id"])["state"] == "done"
        process = client.jobs.runner.worker.pid
        assert decoders(process)
        kill_decoders(process)
        again = client.jobs.submit(Job(client.workspace, "open"))
        assert ended(client, again.id)["state"] == "done"
