"""The command ``syncfusion evaluate``: tables 2 and 3, and folders of ready sounds."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from syncfusion.cli.output import write_lines
from syncfusion.options import Parser

if TYPE_CHECKING:
    from syncfusion.evaluation import Evaluation

COMPARE, ONSET = "compare", "onset"
DESCRIPTION = """\
Make the sounds of a test set and score them. exp/evaluate.yaml holds the settings; change some by
  syncfusion evaluate +experiment=table2_audio preset=compact shards=FOLDER output=FOLDER
  syncfusion evaluate 'rows=[table2_audio,table2_text]' protocol=whole
or score sounds that are there, or an onset detector (table 1):
  syncfusion evaluate compare --help
  syncfusion evaluate onset --help"""


DETECTOR = """\
Score an onset detector on whole clips (table 1), by LightningCLI; cfg/test-onset.yaml holds the
settings:
  syncfusion evaluate onset -c cfg/data/data-onset-greatesthit.yaml -c cfg/test-onset.yaml
  syncfusion evaluate onset test --help    lists all of them"""


def add_evaluate(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser(
        "evaluate",
        help="score the sounds of a preset on a test set, or any folder of sounds",
        description=DESCRIPTION,
    )
    command.set_defaults(run=_run)
    command.add_argument(
        "changes", nargs=argparse.REMAINDER, metavar="CHANGE", help="group=choice or key=value"
    )


def _run(options: argparse.Namespace) -> None:
    if options.changes[:1] == [COMPARE]:
        _compare(_compare_parser().parse_args(options.changes[1:]))
    elif options.changes[:1] == [ONSET]:
        _onset(_onset_parser().parse_args(options.changes[1:]).arguments)
    else:
        _evaluate(options.changes)


def _onset_parser() -> Parser:
    usage = f"syncfusion evaluate {ONSET} [test|validate] [-c FILE.yaml ...] [--KEY VALUE ...]"
    return Parser(usage=usage, description=DETECTOR, pass_on=True)


def _onset(arguments: Sequence[str]) -> None:
    from syncfusion.evaluation import format_table
    from syncfusion.training import evaluate_onset

    test = evaluate_onset(arguments).model
    write_lines(["", test.checkpoint, "", format_table(test.table), ""])
    write_lines([test.note] if test.note else [])
    write_lines([f"{test.output} holds the report"])


def _evaluate(changes: Sequence[str]) -> None:
    from syncfusion.composition import compose
    from syncfusion.experiments import TableRow, make_table
    from syncfusion.progress import bars

    config = compose(changes)
    configs = [compose([f"+experiment={name}", *changes]) for name in config["rows"]] or [config]
    rows = [TableRow.from_config(each) for each in configs]
    with bars() as progress:
        found = make_table(
            rows,
            title=config["title"],
            vggish=config["vggish"] and Path(config["vggish"]),
            about={"changes": list(changes)},
            progress=progress,
        )
    _write_settings(configs, rows[0].output)
    _report(found, rows[0].output, report=bool(config["report"]))


def _write_settings(configs: "Sequence[dict]", output: Path) -> None:
    import json

    from syncfusion.media import temporary_sibling

    with temporary_sibling(output / "settings.json") as temporary:
        temporary.write_text(json.dumps({"rows": configs}, indent=2) + "\n", encoding="utf-8")


def _compare_parser() -> Parser:
    parser = Parser(
        prog=f"syncfusion evaluate {COMPARE}",
        description="Score folders of sounds. Files are matched by name:\n"
        "1_mic.mp4, 1_times.txt and 1.wav belong to the clip 1.",
    )
    parser.add_argument(
        "--target",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="videos or recordings",
    )
    parser.add_argument(
        "--annotation",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="onsets as csv or txt",
    )
    parser.add_argument(
        "--sounds", type=_named_folder, nargs="+", required=True, metavar="NAME=FOLDER"
    )
    parser.add_argument("--vggish", type=Path, metavar="FILE", help="weights of torchvggish")
    parser.add_argument(
        "--no-report", dest="report", action="store_false", help="do not write report.html"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    return parser


def _named_folder(text: str) -> tuple[str, Path]:
    name, given, folder = text.partition("=")
    if not (name and given and folder):
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=FOLDER")
    return name, Path(folder)


def _compare(options: argparse.Namespace) -> None:
    from syncfusion.errors import InputError
    from syncfusion.experiments import compare_folders
    from syncfusion.progress import bars

    sounds = dict(options.sounds)
    if len(sounds) < len(options.sounds):
        raise InputError("two folders of sounds have the same name; rename one")
    with bars() as progress:
        found = compare_folders(
            options.target, options.annotation, sounds, vggish=options.vggish, progress=progress
        )
    _report(found, options.output, report=options.report)


def _report(found: "Evaluation", output: Path, *, report: bool) -> None:
    from syncfusion.evaluation import format_evaluation
    from syncfusion.experiments import write_evaluation

    written = write_evaluation(found, output, report=report)
    sys.stdout.write(f"{format_evaluation(found)}\n\n")
    sys.stdout.writelines(f"{path}\n" for path in written)
