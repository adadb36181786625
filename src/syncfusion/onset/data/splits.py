"""Which videos training sees and which judge it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from syncfusion.clip_files import split_names
from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip


@dataclass(frozen=True, kw_only=True)
class Root:
    """A folder of processed videos with its split lists.

    Args:
        folder: holds ``<id>/``, ``train.txt`` and, where it is the first, ``val.txt`` and
            ``test.txt``.
        share: how often training draws from it, relative to the other roots.
    """

    folder: Path
    share: float = 1.0


def training_clips(
    roots: Sequence[Root], *, fraction: float = 1.0, seed: int = 0
) -> tuple[list[Clip], list[float]]:
    """Open the training videos of all roots.

    Args:
        roots: folders of processed videos.
        fraction: how much of each list is used, more than 0 up to 1, at least one video.
        seed: decides which; a smaller fraction is part of a larger one.

    Returns:
        The clips in the order of the lists, and how often each is to be drawn: a root as often as
        its share says, in it all frames equally often.

    Raises:
        InputError: if a list cannot be used, or a video is not there or not whole.
    """
    clips, shares = [], []
    for root in roots:
        names = split_names(root.folder, "train")
        shuffled = sorted(names)
        random.Random(seed).shuffle(shuffled)
        used = set(shuffled[: max(int(len(names) * fraction), 1)])
        opened = [Clip.open(root.folder / name) for name in names if name in used]
        total = sum(map(len, opened))
        clips += opened
        shares += [root.share * len(clip) / total for clip in opened]
    return clips, shares


def check_apart(roots: Sequence[Root]) -> None:
    """Make sure that no video that is trained on also judges the training.

    Args:
        roots: all are trained on; the first holds what is judged by, as far as it has the lists.

    Raises:
        InputError: naming such a video.
    """
    trained = {
        name: root.folder for root in roots for name in _names_if_listed(root.folder, "train")
    }
    for split in ("val", "test"):
        for name in _names_if_listed(roots[0].folder, split):
            if name in trained:
                raise InputError(
                    f"{name} is in {roots[0].folder / split}.txt and in "
                    f"{trained[name] / 'train.txt'}; a clip is in training or in test, never both"
                )


def _names_if_listed(folder: Path, split: str) -> list[str]:
    return split_names(folder, split) if (folder / f"{split}.txt").exists() else []


def check_alike(clips: Sequence[Clip]) -> None:
    """Make sure that a frame lasts as long in every clip.

    Args:
        clips: all that is trained on and judged by.

    Raises:
        InputError: naming two that differ.
    """
    for clip in clips:
        if clip.fps != clips[0].fps:
            raise InputError(
                f"{clips[0].folder} has {clips[0].fps:g} frames/s and {clip.folder} {clip.fps:g}; "
                "process all videos with the same --video_fps"
            )
