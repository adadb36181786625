"""The videos of each split."""

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
        folder: holds ``<id>/``, ``train.txt`` and, for the first root, ``val.txt`` and
            ``test.txt``.
        weight: sampling weight in training, relative to the other roots.
    """

    folder: Path
    weight: float = 1.0


def training_clips(
    roots: Sequence[Root], *, fraction: float = 1.0, seed: int = 0
) -> tuple[list[Clip], list[float]]:
    """Open the training videos of all roots.

    Args:
        roots: folders of processed videos.
        fraction: fraction of each list to use, above 0 and up to 1, at least one video.
        seed: selects the videos; a smaller fraction is a subset of a larger one.

    Returns:
        The clips in the order of the lists, and their sampling weights: they sum to the root's
        weight, in proportion to the clips' lengths.

    Raises:
        InputError: if a list cannot be used, or a video is missing or incomplete.
    """
    clips, weights = [], []
    for root in roots:
        names = split_names(root.folder, "train")
        shuffled = sorted(names)
        random.Random(seed).shuffle(shuffled)
        used = set(shuffled[: max(int(len(names) * fraction), 1)])
        opened = [Clip.open(root.folder / name) for name in names if name in used]
        total = sum(map(len, opened))
        clips += opened
        weights += [root.weight * len(clip) / total for clip in opened]
    return clips, weights


def check_apart(roots: Sequence[Root]) -> None:
    """Check that no training video is also in the validation or test split.

    Args:
        roots: all training roots; the first one may have the lists of validation and test.

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
                    f"{trained[name] / 'train.txt'}; keep it in one of them"
                )


def _names_if_listed(folder: Path, split: str) -> list[str]:
    return split_names(folder, split) if (folder / f"{split}.txt").exists() else []


def check_alike(clips: Sequence[Clip]) -> None:
    """Check that all clips have the same frame rate.

    Args:
        clips: all clips of training and validation.

    Raises:
        InputError: naming two that differ.
    """
    for clip in clips:
        if clip.fps != clips[0].fps:
            raise InputError(
                f"{clips[0].folder} has {clips[0].fps:g} frames/s and {clip.folder} {clip.fps:g}; "
                "process all videos with the same --video_fps"
            )
