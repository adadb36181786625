"""The command ``syncfusion train strength``: gains of events from motion."""

import argparse
from pathlib import Path

from syncfusion.cli.output import write_lines
from syncfusion.options import Parser, add_overwrite, whole

FILE = "strength.yaml"  # of a preset's folder
STRENGTH = """\
Learn how loud an event is from the motion around it, on recordings with sound, and measure it by
cross-validation over recording sessions. DATA is laid out as Greatest Hits."""


def add_train_strength(actions: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    action = actions.add_parser(
        "strength", help="gains of events from their motion", description=STRENGTH
    )
    action.set_defaults(run=_strength)
    add = action.add_argument
    add("--data", type=Path, required=True, metavar="DATA", help="raw videos with sound")
    add("--splits", nargs="+", default=["train", "val"], metavar="SPLIT", help="clips to fit to")
    add("--others", nargs="*", default=[], metavar="SPLIT", help="splits to measure afterwards")
    add("--folds", type=whole(2), default=6, metavar="N", help="default: %(default)s")
    add("--preset", default="compact", help="whose detected onsets are measured as well")
    add("--cache", type=Path, metavar="FOLDER", help="of computed motion")
    add("-o", "--output", type=Path, metavar="FOLDER", help="preset that gets the model's file")
    add_overwrite(action)


def _strength(options: argparse.Namespace) -> None:
    from syncfusion.ownership import results
    from syncfusion.product import find_preset
    from syncfusion.training import metric_lines, train_strength

    preset = find_preset(options.preset)
    written = [options.output / FILE] if options.output else []
    with results(written, overwrite=options.overwrite):
        metrics = train_strength(
            options.data,
            splits=options.splits,
            others=options.others,
            n_folds=options.folds,
            checkpoint=preset.checkpoint("onset"),
            threshold=preset.threshold(None),
            cache=options.cache,
            output=options.output,
        )
    write_lines(metric_lines(metrics))
