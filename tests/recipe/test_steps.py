import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from syncfusion.recipe.steps import Ledger, Step, StepFailed, run_steps

WRITES = "import sys; open(sys.argv[1], 'a').write(sys.argv[2])"
FAILS = "import sys; sys.exit({code})"


def appending(folder: Path, text: str, **options) -> Step:
    """A step that adds to a file."""
    return Step(text, [("-c", WRITES, str(folder / "file"), text)], **options)


def failing(name: str, code: int = 1, **options) -> Step:
    return Step(name, [("-c", FAILS.format(code=code))], **options)


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
    assert told[-2:] == ["[1/2] a: done\n", "[2/2] b: done\n"]


def test_a_failed_step_is_run_again_and_those_before_it_are_not(tmp_path, ledger, told):
    first = appending(tmp_path, "a")
    with pytest.raises(StepFailed, match="'b' failed") as stopped:
        run_steps([first, failing("b", 3), appending(tmp_path, "c")], ledger, told.append)
    assert stopped.value.code == 3
    run_steps([first, appending(tmp_path, "b"), appending(tmp_path, "c")], ledger, told.append)
    assert (tmp_path / "file").read_text() == "abc"


def test_steps_behind_one_whose_commands_changed_are_run_again(tmp_path, ledger, told):
    run_steps([appending(tmp_path, "a"), appending(tmp_path, "b")], ledger, told.append)
    run_steps([failing("a", 0), appending(tmp_path, "b")], ledger, told.append)
    assert (tmp_path / "file").read_text() == "abb"


def test_a_step_that_is_over_is_over_on_another_machine(tmp_path, ledger, told):
    for n_cores in ("1", "2"):
        run_steps([appending(tmp_path, "a", machine=(n_cores,))], ledger, told.append)
    assert (tmp_path / "file").read_text() == "a"


def test_bad_input_of_an_optional_step_is_noted_and_not_tried_again(tmp_path, ledger, told):
    steps = [failing("a", 2, optional=True), appending(tmp_path, "b")]
    for _ in range(2):
        run_steps(steps, ledger, told.append)
    assert (tmp_path / "file").read_text() == "b"
    assert "[1/2] a: failed\n" in told


def test_an_optional_step_may_not_crash(ledger, told):
    with pytest.raises(StepFailed):
        run_steps([failing("a", 1, optional=True)], ledger, told.append)


def test_a_step_that_can_go_on_is_told_where_from(tmp_path, ledger, told):
    command = ("-c", "import sys; sys.exit(len(sys.argv) - 1)")
    checkpoint = tmp_path / "last.ckpt"
    step = Step("a", [command], resume=(checkpoint, ("--from", "last")))
    run_steps([step], ledger, told.append)
    checkpoint.write_text("")
    with pytest.raises(StepFailed) as stopped:
        run_steps([failing("z", 0), step], ledger, told.append)
    assert stopped.value.code == 2


def test_figures_are_kept_and_shown(ledger, told):
    step = Step("a", [("-c", "print('F: 0.5 ± 0.1')")], has_figures=True)
    run_steps([step], ledger, told.append)
    assert ledger.log(step).read_text() == "F: 0.5 ± 0.1\n"
    assert "F: 0.5 ± 0.1\n" in "".join(told)


DRIVER = """
import signal, sys
from pathlib import Path
from syncfusion.recipe.steps import Ledger, Step, run_steps
signal.signal(signal.SIGTERM, signal.default_int_handler)
waits = f'''
import time, pathlib
pathlib.Path({sys.argv[1]!r}, "begun").touch()
try:
    time.sleep(60)
except KeyboardInterrupt:
    pathlib.Path({sys.argv[1]!r}, "ended").touch()
'''
folder = Path(sys.argv[1])
try:
    run_steps([Step("a", [("-c", waits)])], Ledger(folder / "steps"), print)
except KeyboardInterrupt:
    sys.exit(130)
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
    assert driver.wait(60) == 130
    assert (tmp_path / "ended").exists()
    record = json.loads((tmp_path / "steps" / "a.json").read_text())
    assert record["outcome"] == ""
    assert record["seconds"] > 0
