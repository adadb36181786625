"""Write the annotation of every video into its folder of processed files, as training reads it."""

import argparse
import logging
import sys
from itertools import islice
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.options import Parser
from syncfusion.preprocess import (
    DEFAULT,
    TIMES,
    TIMES_SUFFIX,
    add_output_options,
    annotate,
    check_output,
    clip_files,
    find_files,
    outcome,
    run,
)


def main(dataset: Path) -> int:
    """Run from the command line; the exit code is 1 if any annotation failed."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    chosen = _options(dataset)
    found = find_files(chosen.input_dir_times, chosen.times_suffix, option="--input_dir_times")
    check_output(chosen.output_dir)
    annotations, failures = dict(islice(found.items(), chosen.n_files)), {}
    for name, path in annotations.items():
        try:
            annotate(path, clip_files(chosen.output_dir, name, flatten=chosen.flatten))
        except InputError as error:
            failures[name] = str(error)
    print(outcome(failures, len(annotations), chosen.output_dir))
    return 1 if failures else 0


def _options(dataset: Path) -> argparse.Namespace:
    parser = Parser(description=__doc__)
    add = parser.add_argument
    add("-it", "--input_dir_times", type=Path, default=dataset / TIMES, help=DEFAULT)
    add("-ts", "--times_suffix", default=TIMES_SUFFIX, help=f"of file names, {DEFAULT}")
    add_output_options(parser, dataset)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(run(main))
