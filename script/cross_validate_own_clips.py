"""What corrected clips teach: half of each session is learned, the other half measured."""

import argparse
from pathlib import Path

from syncfusion.command import run_command
from syncfusion.onset import Decoding
from syncfusion.places import logs_folder
from syncfusion.training import describe_teaching, validate_teaching


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as Greatest Hits")
    parser.add_argument("--folds", type=Path, help="of script/cross-validate-onset.sh")
    parser.add_argument("--cache", type=Path, help="of computed motion")
    parser.add_argument("--threshold", type=float, default=0.32, help="default: %(default)s")
    parser.add_argument("--steps", type=int, default=200, help="default: %(default)s")
    options = parser.parse_args()
    found = validate_teaching(
        options.data,
        options.folds or logs_folder() / "cross-validation",
        cache=options.cache or logs_folder() / "motion",
        decoding=Decoding(threshold=options.threshold),
        steps=options.steps,
        report=lambda sentence: print(sentence, flush=True),
    )
    print(describe_teaching(found))


if __name__ == "__main__":
    run_command(main)
