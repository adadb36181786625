"""Make shards of a folder of sound files: script/own_sounds.py FOLDER --output SHARDS."""

import logging
import sys
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.options import BAD_INPUT, Parser, whole
from syncfusion.recipe import write_own_shards


def main() -> int:
    """Run from the command line."""
    parser = Parser(description=__doc__)
    parser.add_argument("folder", type=Path, help="of <label>/<name>.wav or '<label> 3.wav'")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder of the shards")
    parser.add_argument("--seed", type=whole(0), default=0, help="decides what is held out")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        made = write_own_shards(chosen.folder, chosen.output, seed=chosen.seed)
    except InputError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    for remark in made.remarks:
        print(remark, file=sys.stderr)
    for label, n_hits in sorted(made.hits.items()):
        print(f"{label or 'no label'}: {n_hits} hits")
    print(f"{made.n_files} files, {made.n_held_out} of them held out for validation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
