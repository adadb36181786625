"""Splitting a data set into training, validation and test videos: lists of their names."""

import math
import random
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from syncfusion.clip_files import SPLITS, read_ids
from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.preprocess.dataset_files import first_few

PUBLISHED_SPLIT = Path(__file__).with_name("published_split")  # the paper's lists: 683, 98, 196
TOLERANCE = 1e-6  # 0.7 + 0.1 is a little less than 0.8


Split = Mapping[str, Sequence[str]]  # the names of each of SPLITS


def draw_split(names: Collection[str], ratios: Sequence[float], *, seed: int) -> Split:
    """Divide names at random; the same names and seed give the same split on any machine.

    Args:
        names: ids of videos, in any order.
        ratios: shares of train, val and test, that sum to 1.
        seed: of the shuffle.

    Returns:
        The names of each split, sorted.

    Raises:
        InputError: if the ratios do not sum to 1, or a split would stay empty.
    """
    if min(ratios) < 0 or abs(sum(ratios) - 1) > TOLERANCE:
        raise InputError(
            f"the split ratios {tuple(ratios)} are not 0 or more and 1 in sum; "
            "give for example 0.7, 0.1 and 0.2"
        )
    shuffled = sorted(set(names))
    random.Random(seed).shuffle(shuffled)
    ends = [math.floor(len(shuffled) * sum(ratios[:n]) + TOLERANCE) for n in range(4)]
    parts = [sorted(shuffled[begin:end]) for begin, end in zip(ends, ends[1:], strict=False)]
    for split, ratio, part in zip(SPLITS, ratios, parts, strict=True):
        if ratio and not part:
            raise InputError(
                f"{len(shuffled)} videos are too few for a {split} split of {ratio:g}; "
                "give more videos or other ratios"
            )
    return dict(zip(SPLITS, parts, strict=True))


def read_lists(folder: Path, videos: Collection[str]) -> Split:
    """Read a split that was made elsewhere.

    Args:
        folder: holds ``train.txt``, ``val.txt`` and ``test.txt``, one id per line.
        videos: ids of the videos that are there.

    Returns:
        The names of each split, in their order.

    Raises:
        InputError: if a list is missing or empty, names a video twice, or one that is not there.
    """
    split = {name: read_ids(folder / f"{name}.txt") for name in SPLITS}
    listed = [name for names in split.values() for name in names]
    repeated = sorted({name for name in listed if listed.count(name) > 1})
    if repeated:
        raise InputError(f"{folder} lists {first_few(repeated)} more than once; list a video once")
    missing = sorted(set(listed) - set(videos))
    if missing:
        raise InputError(
            f"{folder} lists videos that are not there: {first_few(missing)}; fetch them, or "
            "give their folder by --input_dir_videos"
        )
    return split


def write_lists(split: Split, folder: Path) -> None:
    """Write ``train.txt``, ``val.txt`` and ``test.txt``, one name per line.

    Args:
        split: the names.
        folder: made where it is missing; older lists are replaced.

    Raises:
        InputError: if the folder cannot be written to.
    """
    for name, names in split.items():
        with temporary_sibling(folder / f"{name}.txt") as temporary:
            temporary.write_text("".join(f"{video}\n" for video in names))
