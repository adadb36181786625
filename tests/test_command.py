"""However a command ends: one sentence or silence, an exit code, and nothing left behind."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from syncfusion.command import run_command
from syncfusion.errors import CommandFailed, InputError

WAITING = """
import sys, time
from syncfusion.command import run_command
from syncfusion.media.atomic import temporary_folder, temporary_sibling
def work():
    with temporary_sibling(sys.argv[1]) as path, temporary_folder(sys.argv[1]) as folder:
        path.write_text("half")
        (folder / "raw.wav").write_text("half")
        print("ready", flush=True)
        time.sleep(60)
run_command(work)
"""


def first_line(process: subprocess.Popen) -> str:
    """Wait for what a process prints first."""
    return process.stdout.readline() if process.stdout else ""


def start(code: str, *arguments: object, **options) -> subprocess.Popen:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, text=True, **options)


def test_signals_leave_nothing_behind(tmp_path):
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = signal.Signals[name]
        process = start(WAITING, tmp_path / "x.csv", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert first_line(process) == "ready\n"
        process.send_signal(number)
        _, text = process.communicate(timeout=30)
        assert process.returncode == 128 + number
        assert text.strip() == "syncfusion: stopped; no unfinished file is left; run it again"
        assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path):
    process = start(WAITING, tmp_path / "x.csv", stdout=subprocess.PIPE)
    assert first_line(process) == "ready\n"
    running = list(tmp_path.iterdir())
    from syncfusion.media.atomic import temporary_sibling

    with temporary_sibling(tmp_path / "y.csv"):
        assert set(running) < set(tmp_path.iterdir()), "it is in use"
    process.kill()
    process.wait()
    with temporary_sibling(tmp_path / "y.csv"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["y.csv"]


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (InputError("there is no a.mp4; give another"), 2, "there is no a.mp4; give another"),
        (CommandFailed("half of it failed", 7), 7, "half of it failed"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/a.wav"), 2, "free some space there"),
        (OSError(errno.EROFS, "Read-only file system", "/x"), 2, "/x: Read-only file system; choo"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 2, "or allow access"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "aaa"), 2, "a shorter name by -o"),
        (OSError(errno.EIO, "Input/output error"), 2, "the system: Input/output error; mend that"),
    ],
)
def test_an_error_is_one_sentence_and_a_code(capsys, error, code, sentence):
    def fail() -> None:
        raise error

    with pytest.raises(SystemExit) as ending:
        run_command(fail)
    written = capsys.readouterr().err
    assert ending.value.code == code
    assert sentence in written
    assert written.count("\n") == 1


def test_a_fault_of_ours_keeps_its_traceback():
    def fail() -> None:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        run_command(fail)


PRINT = "from syncfusion.command import run_command; run_command(lambda: print('☃ ' * 99999))"


def test_a_reader_that_left_is_silence():
    process = start(PRINT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()  # type: ignore[union-attr]
    assert process.stderr.read() == ""  # type: ignore[union-attr]
    assert process.wait() == 128 + signal.SIGPIPE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_output_to_a_full_disk_is_one_sentence():
    with open("/dev/full", "w") as full:
        process = start(PRINT, stdout=full, stderr=subprocess.PIPE)
        _, text = process.communicate()
    assert process.returncode == 2
    assert "No space left on device; free some space there" in text
    assert text.count("\n") == 1


def test_terminals_that_lack_a_character_get_an_escape():
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    process = start(PRINT, stdout=subprocess.PIPE, env=environment)
    text, _ = process.communicate()
    assert process.returncode == 0
    assert text.startswith("\\u2603 ")


def test_closed_streams_are_no_error():
    ended = subprocess.run(
        f'{sys.executable} -c "{PRINT}" >&- 2>&-', shell=True, check=False, timeout=60
    )
    assert ended.returncode == 0


def test_ignored_signals_stay_ignored():
    process = start(
        "import time; from syncfusion.command import run_command;"
        "run_command(lambda: (print('ready', flush=True), time.sleep(1), None)[2])",
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert first_line(process) == "ready\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGHUP)
    assert process.wait() == 0
