"""Tasks whose process that decodes is killed: one sentence, and the others are done."""

from functools import partial

import pytest

from helpers.decoder_deaths import count_pictures
from helpers.media_files import make_video, regular
from helpers.ray_cluster import two_nodes
from syncfusion.engines import PROCESSES, RAY, do_all


@pytest.fixture
def tasks(tmp_path):
    video = make_video(tmp_path / "clip.mp4", regular(25, 200), size=(320, 240))
    work = partial(count_pictures, video)
    return video, {
        "first": partial(work, dies=False),
        "killed": partial(work, dies=True),
        "next": partial(work, dies=False),
    }


def check(engine, video, work):
    results: dict[str, object] = {}
    failures = do_all(
        work, engine=engine, n_workers=1, stage="tasks", on_result=results.__setitem__
    )
    assert failures == {
        "killed": f"the decoder of {video} was killed, perhaps for lack of memory; free some, or "
        "export the file smaller"
    }
    assert results == {"first": 200, "next": 200}


@pytest.mark.slow
def test_a_worker_whose_decoder_is_killed_does_its_next_task(tasks):
    check(PROCESSES, *tasks)


@pytest.mark.slow
def test_so_do_the_workers_of_a_cluster(tasks):
    pytest.importorskip("ray")
    with two_nodes():
        check(RAY, *tasks)
