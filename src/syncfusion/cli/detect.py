"""The command ``syncfusion detect``: a video's onsets as a file to edit."""

import argparse
from pathlib import Path

from syncfusion.cli.output import write_lines
from syncfusion.constants import DEVICES, GAINS
from syncfusion.errors import InputError
from syncfusion.options import Parser, add_overwrite, number

NONE_FOUND = "no onsets; lower --threshold, or write your own times into the file"

EQUAL = "how loud detected events are: by the strength of the motion, or all alike"


def add_detect(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("detect", help="find the onsets of a video")
    command.set_defaults(run=_detect)
    command.add_argument("video", type=Path, metavar="VIDEO")
    command.add_argument("-o", "--output", type=Path, metavar="ONSETS.csv")
    add_overwrite(command)
    add_model_options(command)


def add_model_options(command: Parser) -> None:
    """Add the options of every command that runs a preset's detector."""
    command.add_argument(
        "--threshold", type=number(0, 1), metavar="P", help="lowest probability of an onset"
    )
    command.add_argument("--gains", choices=GAINS, default=GAINS[0], help=EQUAL)
    command.add_argument("--preset", default="compact", help="a preset's name or folder")
    command.add_argument("--device", default="auto", choices=DEVICES)


def _detect(options: argparse.Namespace) -> None:
    from syncfusion.media import probe

    video = probe(options.video)  # before the models are loaded
    output = options.output or options.video.with_suffix(".onsets.csv")
    if output.exists() and output.samefile(options.video):
        raise InputError(f"{output} is the video itself; choose another name for the onsets")

    from syncfusion.media import temporary_sibling
    from syncfusion.ownership import results
    from syncfusion.product import load
    from syncfusion.progress import bars

    with (
        results([output], overwrite=options.overwrite),
        temporary_sibling(output) as temporary,
    ):
        pipeline = load(options.preset, device=options.device)
        with bars() as progress:
            track = pipeline.detect(
                video, threshold=options.threshold, gains=options.gains, progress=progress
            )
        temporary.write_text(track.to_csv(), encoding="utf-8")
    write_lines([output, f"{len(track)} onsets" if len(track) else NONE_FOUND])
