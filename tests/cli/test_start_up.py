"""What a command does before its first word: nothing that takes seconds to import."""

import argparse
import io
import subprocess
import sys
from collections.abc import Iterator

import pytest

from syncfusion.cli import main
from syncfusion.cli.app import build_parser

SLOW = ("torch", "ray", "pytorch_lightning", "lightning", "scipy", "librosa", "hydra")
FURTHER = (
    "evaluate onset",
    "evaluate compare",
    "train onset --from folder",
)  # parsers of their own
AT_ONCE = {  # commands that say nothing of loading, and how each is refused or done
    "export": "export none.csv --format midi",
    "checkpoints list": "checkpoints list",
    "checkpoints download": "checkpoints download nothing",
    "studio": "studio none.mp4",
}


def commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, bool]]:
    """Yield every command, and whether it is done at once."""
    yield name, bool(parser.get_default("at_once"))
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, command in action.choices.items():
                yield from commands(command, f"{name} {word}".strip())


def imported(*lines: str) -> str:
    """Return which slow packages a process has imported after some commands."""
    code = (
        "import contextlib, io, sys\n"
        "from syncfusion.cli import main\n"
        f"for line in {lines!r}:\n"
        "    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "        main(line.split())\n"
        f"    found = [name for name in {SLOW} if name in sys.modules]\n"
        "    if found: sys.exit(f'{line}: {found}')\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return "\n".join(line for line in found.stderr.splitlines() if "[" in line)


def test_no_commands_help_imports_what_takes_seconds():
    names = [name for name, _ in commands(build_parser())]
    assert len(names) > 25
    assert imported(*(f"{name} --help" for name in (*names, *FURTHER))) == ""


def test_commands_that_say_nothing_of_loading_import_nothing_slow():
    assert {name for name, at_once in commands(build_parser()) if at_once} == set(AT_ONCE)
    assert imported(*AT_ONCE.values()) == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "first"), [(Terminal, "loading …"), (io.StringIO, "syncfusion: ")]
)
def test_on_a_terminal_the_first_word_comes_before_the_work(stream, first, monkeypatch, tmp_path):
    shown = stream()
    monkeypatch.setattr(sys, "stderr", shown)
    with pytest.raises(SystemExit):
        main(["detect", str(tmp_path / "none.mp4")])
    lines = shown.getvalue().splitlines()
    assert lines[0].startswith(first)
    assert lines[-1].startswith("syncfusion: there is no file")


def test_help_of_the_onset_training_names_both_ways(capsys):
    with pytest.raises(SystemExit) as end:
        main(["train", "onset", "--help"])
    assert not end.value.code
    assert "--from FOLDER" in (shown := capsys.readouterr().out)
    assert "-c cfg/onset-motion.yaml" in shown
