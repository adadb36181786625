"""Commands that are killed at a random moment, and run again. All of them: docs/scale.md."""

import random

import pytest

from helpers.kill_points import prepared, try_job

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["preprocessing", "shards, with embeddings"])
def test_the_same_command_again_ends_as_an_undisturbed_run(tmp_path, name):
    with prepared(tmp_path) as jobs:
        [job] = [job for job in jobs if job.name == name]
        outcome = try_job(job, tmp_path / "work", 2, random.Random(0))
    assert outcome.problems == []
    assert outcome.n_recovered == 2
