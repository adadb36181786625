"""Keep some motion of the clips a detector was trained on, for syncfusion train onset --from."""

import argparse
from pathlib import Path

from syncfusion.command import run_command
from syncfusion.onset import KEPT, clip_names, kept_clips, write_kept
from syncfusion.places import logs_folder


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as Greatest Hits")
    parser.add_argument("--splits", nargs="+", default=["train", "val"], help="lists of clips")
    parser.add_argument("--cache", type=Path, help="of computed motion")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder of the preset")
    options = parser.parse_args()
    names = clip_names(options.data, options.splits)
    cache = options.cache or logs_folder() / "motion"
    file = options.output / KEPT
    write_kept(kept_clips(options.data, names, cache=cache), file)
    print(f"{file}: {len(names)} clips, {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    run_command(main)
