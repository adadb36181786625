import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.places import REPOSITORY
from syncfusion.errors import CommandFailed, InputError
from syncfusion.recipe.lock import locked
from syncfusion.recipe.steps import Job, Ledger, Step, run_steps

JOBS = "helpers.recipe_jobs"


@pytest.fixture(autouse=True)
def findable_jobs(monkeypatch):
    """Let the processes of the jobs import the tests' helpers."""
    path = os.pathsep.join([str(REPOSITORY / "tests"), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)


def appending(folder: Path, text: str, **options) -> Step:
    """A step that adds to a file."""
    job = Job(f"{JOBS}:append", {"path": str(folder / "file"), "text": text})
    return Step(text, [job], **options)


def failing(name: str, code: int = 1, **options) -> Step:
    return Step(name, [Job(f"{JOBS}:end", {"code": code})], **options)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "steps")


@pytest.fixture
def told():
    return []


def test_steps_are_run_once(tmp_path, ledger, told):
    steps = [appending(tmp_path, "a"), appending(tmp_path, "b")]
    for _ in range(2):
        run_steps(steps, ledger, told.append)
    assert (tmp_path / "file").read_text() == "ab"
    assert told[-2:] == ["[1/2] a: done", "[2/2] b: done"]


def test_a_failed_step_is_run_again_and_those_before_it_are_not(tmp_path, ledger, told):
    first = appending(tmp_path, "a")
    with pytest.raises(CommandFailed, match="'b' failed") as stopped:
        run_steps([first, failing("b", 3), appending(tmp_path, "c")], ledger, told.append)
    assert stopped.value.code == 3
    run_steps([first, appending(tmp_path, "b"), appending(tmp_path, "c")], ledger, told.append)
    assert (tmp_path / "file").read_text() == "abc"


def test_steps_behind_one_whose_jobs_changed_are_run_again(tmp_path, ledger, told):
    run_steps([appending(tmp_path, "a"), appending(tmp_path, "b")], ledger, told.append)
    run_steps([failing("a", 0), appending(tmp_path, "b")], ledger, told.append)
    assert (tmp_path / "file").read_text() == "abb"


def test_a_step_that_is_over_is_over_on_another_machine(tmp_path, ledger, told):
    for n_cores in (1, 2):
        run_steps([appending(tmp_path, "a", machine={"num_workers": n_cores})], ledger, told.append)
    assert (tmp_path / "file").read_text() == "a"


def test_bad_input_of_an_optional_step_is_noted_and_not_tried_again(tmp_path, ledger, told):
    steps = [failing("a", 2, optional=True), appending(tmp_path, "b")]
    for _ in range(2):
        run_steps(steps, ledger, told.append)
    assert (tmp_path / "file").read_text() == "b"
    assert "[1/2] a: failed" in told


def test_an_optional_step_may_not_crash(ledger, told):
    with pytest.raises(CommandFailed):
        run_steps([failing("a", 1, optional=True)], ledger, told.append)


def test_a_step_that_can_resume_gets_the_arguments_for_it(tmp_path, ledger, told):
    checkpoint = tmp_path / "last.ckpt"
    step = replace(failing("a", 0), resume=(checkpoint, {"start": "it"}))
    run_steps([step], ledger, told.append)
    checkpoint.write_text("")
    with pytest.raises(CommandFailed) as stopped:
        run_steps([failing("z", 0), step], ledger, told.append)
    assert stopped.value.code == 2


def test_metrics_of_a_step_are_kept_until_it_is_run_again(ledger, told):
    step = Step("a", [Job(f"{JOBS}:measure", {})])
    run_steps([step], ledger, told.append)
    assert ledger.metrics(step) == {"F": 0.5}
    run_steps([failing("z", 0), failing("a", 0)], ledger, told.append)
    assert ledger.metrics(step) == {}


@pytest.mark.parametrize("content", ["{", "[]", '{"commands": ["an earlier version"]}'])
def test_a_damaged_record_is_one_sentence(tmp_path, ledger, told, content):
    ledger.folder.mkdir()
    (ledger.folder / "a.json").write_text(content)
    with pytest.raises(
        InputError, match=r"a\.json is damaged, or of an earlier version; delete it"
    ):
        run_steps([appending(tmp_path, "a")], ledger, told.append)


def test_a_folder_is_held_by_one_run_and_by_the_jobs_that_outlive_it(tmp_path):
    with locked(tmp_path) as lock:
        with pytest.raises(InputError, match="another run writes to"), locked(tmp_path):
            pytest.fail("two runs hold the folder")
        command = [sys.executable, "-c", "input()"]
        job = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(lock,))
    with pytest.raises(InputError, match="another run writes to"), locked(tmp_path):
        pytest.fail("a job's folder is free")
    job.communicate(b"\n")
    with locked(tmp_path):
        pass


DRIVER = """
import sys
from pathlib import Path
from syncfusion.command import run_command
from syncfusion.recipe.steps import Job, Ledger, Step, run_steps
folder = Path(sys.argv[1])
step = Step("a", [Job("helpers.recipe_jobs:wait", {"folder": sys.argv[1]})])
run_command(lambda: run_steps([step], Ledger(folder / "steps"), print))
"""


def test_an_interruption_lets_the_command_end_and_keeps_its_time(tmp_path):
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(tmp_path)],
        # a test run started in the background of a script has interruptions ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    waited = time.monotonic()
    while not (tmp_path / "begun").exists() and time.monotonic() < waited + 60:
        time.sleep(0.05)
    driver.send_signal(signal.SIGTERM)
    assert driver.wait(60) == 128 + signal.SIGTERM
    assert (tmp_path / "ended").exists()
    record = json.loads((tmp_path / "steps" / "a.json").read_text())
    assert record["outcome"] == ""
    assert record["seconds"] > 0
