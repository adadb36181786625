"""The command ``syncfusion synthesize``: impact scenes with exact onsets."""

import argparse
from pathlib import Path

from syncfusion.options import Parser, add_overwrite, number, whole


def add_synthesize(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("synthesize", help="make impact scenes with exact onsets")
    command.set_defaults(run=_synthesize)
    place = command.add_mutually_exclusive_group(required=True)
    place.add_argument("-o", "--output", type=Path, metavar="FOLDER")
    place.add_argument(
        "--sample", type=Path, metavar="FOLDER", help="write the bundled sample clip instead"
    )
    command.add_argument("--scenes", type=whole(1), default=8, metavar="N")
    command.add_argument(
        "--seconds", type=number(), default=20.0, metavar="S", help="length of a scene"
    )
    command.add_argument(
        "--kind",
        choices=["drawn", "strikes"],
        default="drawn",
        help="drawn gestures, or an arm with a stick simulated by MuJoCo, with forces as gains",
    )
    command.add_argument("--seed", type=whole(0), default=0)
    command.add_argument("--num_workers", type=whole(1), default=1, metavar="N", help="processes")
    add_overwrite(command)


def _synthesize(options: argparse.Namespace) -> None:
    from syncfusion.synthetic import STRIKE_CONFIG, synthesize, write_sample

    if options.sample is not None:
        write_sample(options.sample, overwrite=options.overwrite)
        return
    synthesize(
        options.output,
        n_scenes=options.scenes,
        seconds=options.seconds,
        seed=options.seed,
        n_workers=options.num_workers,
        physics=options.kind == "strikes",
        config=STRIKE_CONFIG if options.kind == "strikes" else None,
        overwrite=options.overwrite,
    )
