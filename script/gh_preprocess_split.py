"""Divide the videos into train.txt, val.txt and test.txt; the same on every machine."""

import argparse
import sys
from pathlib import Path

from syncfusion.options import Parser, number, whole
from syncfusion.preprocess import (
    DEFAULT,
    PROCESSED,
    VIDEO_SUFFIX,
    VIDEOS,
    draw_split,
    find_files,
    read_lists,
    run,
    write_lists,
)


def main(dataset: Path) -> int:
    """Run from the command line."""
    chosen = _options(dataset)
    videos = find_files(chosen.input_dir_videos, chosen.videos_suffix, option="--input_dir_videos")
    if chosen.from_lists:
        split = read_lists(chosen.from_lists, videos)
    else:
        ratios = (chosen.train_split_ratio, chosen.val_split_ratio, chosen.test_split_ratio)
        split = draw_split(videos, ratios, seed=chosen.seed)
    write_lists(split, chosen.output_dir)
    for name, names in split.items():
        print(f"{name}: {len(names)}")
    return 0


def _options(dataset: Path) -> argparse.Namespace:
    parser = Parser(description=__doc__)
    add = parser.add_argument
    add("-iv", "--input_dir_videos", type=Path, default=dataset / VIDEOS, help=DEFAULT)
    add("-vs", "--videos_suffix", default=VIDEO_SUFFIX, help=f"of file names, {DEFAULT}")
    add("-o", "--output_dir", type=Path, default=dataset / PROCESSED, help=DEFAULT)
    add("-trs", "--train_split_ratio", type=number(0, 1), default=0.7, help=DEFAULT)
    add("-vls", "--val_split_ratio", type=number(0, 1), default=0.1, help=DEFAULT)
    add("-tss", "--test_split_ratio", type=number(0, 1), default=0.2, help=DEFAULT)
    add("--seed", type=whole(0), default=42, help=f"of the shuffle, {DEFAULT}")
    add("--from_lists", type=Path, help="a folder; take its three lists as they are")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(run(main))
