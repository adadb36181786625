"""Commands that are killed at a random moment, and run again. All of them: docs/scale.md."""

import random
import sys

import pytest

from helpers.kill_jobs import Job
from helpers.kill_points import prepared, try_job

pytestmark = pytest.mark.slow
HALF_WRITTEN = """
import sys, time
from pathlib import Path
path = Path(sys.argv[1], "made.bin")
if not path.exists():
    path.write_text("half")
    time.sleep(2)
    path.write_text("whole")
"""


@pytest.mark.parametrize("name", ["preprocessing", "shards, with embeddings"])
def test_the_same_command_again_ends_as_an_undisturbed_run(tmp_path, name):
    with prepared(tmp_path) as jobs:
        [job] = [job for job in jobs if job.name == name]
        outcome = try_job(job, tmp_path / "work", 2, random.Random(0))
    assert outcome.problems == []
    assert outcome.n_recovered == 2


def test_a_command_that_keeps_what_it_had_half_written_is_found(tmp_path):
    job = Job("bad", lambda out: [sys.executable, "-c", HALF_WRITTEN, str(out)])
    outcome = try_job(job, tmp_path, 1, random.Random(0))
    assert outcome.n_recovered == 0
    assert "bytes differ: ['made.bin']" in outcome.problems[0]


def test_a_command_that_fails_when_left_alone_is_not_killed(tmp_path):
    code = "raise SystemExit('no room')"
    outcome = try_job(
        Job("bad", lambda _: [sys.executable, "-c", code]), tmp_path, 1, random.Random(0)
    )
    assert (outcome.n_points, outcome.problems) == (0, ["left alone: exit code 1: no room"])
