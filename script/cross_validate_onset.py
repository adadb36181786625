"""Cross-validate the detector of motion on annotated videos; run again, it goes on."""

import argparse
import logging
from pathlib import Path

import yaml

from syncfusion.command import run_command
from syncfusion.places import logs_folder
from syncfusion.training import cross_validate, describe_cross_validation, summarise_folds


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as Greatest Hits")
    parser.add_argument("--config", default="onset-motion", help="file of cfg/, without .yaml")
    parser.add_argument("--splits", nargs="+", default=["train", "val"], help="lists of clips")
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="other settings")
    parser.add_argument("-o", "--output", type=Path, help="folder; a new one for new settings")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    changes = {key: yaml.safe_load(value) for key, value in (s.split("=", 1) for s in options.set)}
    changes |= {"data.root": str(options.data), "data.train_splits": options.splits}
    output = options.output or logs_folder() / "cross-validation"
    held, trained = cross_validate(
        options.config,
        changes,
        output,
        n_folds=options.folds,
        report=lambda t: print(t, flush=True),
    )
    table = describe_cross_validation(summarise_folds(held, trained), held)
    (output / "table.md").write_text(table + "\n")
    print(table)


if __name__ == "__main__":
    run_command(main)
