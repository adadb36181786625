"""Tasks whose process that decodes is killed: one sentence, and the others are done."""

from functools import partial

import pytest

from helpers.decoder_deaths import count_pictures
from helpers.media_files import make_video, regular
from syncfusion.engines import PROCESSES, do_all


@pytest.fixture
def tasks(tmp_path):
    video = make_video(tmp_path / "clip.mp4", regular(25, 200), size=(320, 240))
    work = partial(count_pictures, video)
    return video, {
        "first": partial(work, dies=False),
        "killed": partial(work, dies=True),
        "next": partial(work, dies=False),
    }


@pytest.mark.slow
def test_a_worker_whose_decoder_is_killed_does_its_next_task(tasks):
    video, work = tasks
    results: dict[str, object] = {}
    failures = do_all(
        work, engine=PROCESSES, n_workers=1, stage="tasks", on_result=results.__setitem__
    )
    assert failures == {
        "killed": f"the decoder of {video} was killed, perhaps for lack of memory; free some, or "
        "export the file smaller"
    }
    assert results == {"first": 200, "next": 200}
