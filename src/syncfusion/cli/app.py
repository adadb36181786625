"""The command line: ``syncfusion …`` or ``python -m syncfusion …``."""

import argparse
import itertools
import os
import sys
from collections.abc import Sequence

from syncfusion.cli.checkpoints import add_checkpoints
from syncfusion.cli.detect import add_detect
from syncfusion.cli.draw import add_draw
from syncfusion.cli.evaluate import add_evaluate
from syncfusion.cli.export import add_export
from syncfusion.cli.generate import add_generate
from syncfusion.cli.output import announce
from syncfusion.cli.preprocess import add_preprocess
from syncfusion.cli.shards import add_shards
from syncfusion.cli.studio import add_studio
from syncfusion.cli.synthesize import add_synthesize
from syncfusion.cli.train import add_train
from syncfusion.command import run_command
from syncfusion.errors import InputError
from syncfusion.options import Parser
from syncfusion.published import renamed_script

COMMANDS = ("train",)  # of ours whose names are those of published scripts, too


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; bad input ends with one sentence on stderr and exit code 2.

    Args:
        arguments: the command and its options; None for those of the process.
    """

    def run() -> int | None:
        words = sys.argv[1:] if arguments is None else arguments
        _answer_old_names(words)
        _answer_names_of_files(words)
        options = build_parser().parse_args(arguments)
        announce(options)
        return options.run(options)

    run_command(run)


def _answer_old_names(words: Sequence[str]) -> None:
    """Raise InputError with the command that has taken a published script's place, if one has."""
    named = words[: 2 if words[:1] in (["train"], ["evaluate"], ["preprocess"]) else 1]
    answers = [renamed_script(word) for word in named if word not in COMMANDS]
    for sentence in filter(None, answers):
        raise InputError(f"{sentence}; docs/published.md lists all names")


def _answer_names_of_files(words: Sequence[str]) -> None:
    """Raise InputError where the name of a file that is there would be read as an option."""
    options = itertools.takewhile(lambda word: word != "--", words)
    for word in options:
        if word.startswith("-") and os.path.isfile(word):
            raise InputError(f"{word} would be read as an option; write it as ./{word}")


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = Parser(
        prog="syncfusion", description="Sound for silent videos, exactly where things happen."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_generate(commands)
    add_studio(commands)
    add_detect(commands)
    add_export(commands)
    add_draw(commands)
    add_synthesize(commands)
    add_preprocess(commands)
    add_shards(commands)
    add_train(commands)
    add_evaluate(commands)
    add_checkpoints(commands)
    return parser
