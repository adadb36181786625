"""The published set of shards: the videos of each tar."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from syncfusion.addresses import Place, is_there, upload, within
from syncfusion.clip_files import ClipFiles
from syncfusion.engines import PROCESSES, do_all
from syncfusion.errors import InputError
from syncfusion.ownership import check_replaceable
from syncfusion.progress import Progress, ignore
from syncfusion.shards.writer import Extras, write_shard
from syncfusion.track import OnsetTrack

log = logging.getLogger(__name__)

N_SHARDS = {"train": 3, "val": 1, "test": 1}  # by split
PREDICTIONS, AUGMENT_PREDICTIONS = "test_onset_preds", "test_onset_augment_preds"


class Shard(NamedTuple):
    """A tar to write: its name, the videos in it, the folder of their predicted onsets."""

    name: str
    videos: list[Path]
    predictions: Path | None = None


def write_set(
    processed: Path,
    output: Place,
    extras: Extras | None = None,
    *,
    predictions: Mapping[str, Path] | None = None,
    overwrite: bool = False,
    engine: str = PROCESSES,
    n_workers: int = 1,
    progress: Progress = ignore,
) -> list[Place]:
    """Write ``train_shard_1..3``, ``val_shard_1``, ``test_shard_1`` and predictions' shards.

    Args:
        processed: folder of processed videos with ``train.txt``, ``val.txt`` and ``test.txt``.
        output: folder for the shards, or an address such as ``s3://bucket/shards``, at which
            shards that are there already are left as they are.
        extras: further content of every shard.
        predictions: folders of predicted onsets, by the name of the shard that the test videos
            make with them.
        overwrite: whether shards that others made, or that were changed since, may be replaced.
        engine: what writes them, see ``engines.do_all``.
        n_workers: shards written at a time by processes; 1 writes in this one.
        progress: called after every shard.

    Returns:
        The shards written.

    Raises:
        InputError: if there is no split, one video is in two, a video's files are missing or
            cannot be used, or the output holds shards of another set.
    """
    shards = plan(processed, predictions or {})
    paths = [within(output, f"{shard.name}.tar") for shard in shards]
    if isinstance(output, Path):
        left_over = sorted(set(output.glob("*_shard_*.tar")) - set(paths))
        if left_over:
            raise InputError(
                f"{left_over[0]} belongs to another set of shards; remove it or choose another "
                "folder"
            )
        check_replaceable([Path(path) for path in paths], overwrite=overwrite)
    extras = extras or Extras()
    tasks = {
        str(path): partial(_write, shard, path, extras, overwrite)
        for shard, path in zip(shards, paths, strict=True)
    }
    if engine == PROCESSES and n_workers == 1:
        for number, task in enumerate(tasks.values(), 1):
            task()
            progress("Writing shards", number, len(tasks))
        return paths
    failures = do_all(
        tasks, engine=engine, n_workers=n_workers, stage="Writing shards", progress=progress
    )
    for path, why in failures.items():
        others = f" ({len(failures) - 1} more failed)" if len(failures) > 1 else ""
        raise InputError(f"{path} was not written{others}: {why}")
    return paths


def _write(shard: Shard, place: Place, extras: Extras, overwrite: bool) -> None:
    """Write one shard; one that is at its address already is left as it is."""
    own = replace(extras, predictions=shard.predictions)
    if isinstance(place, Path):
        write_shard(shard.videos, place, own)
        return
    if overwrite or not is_there(place):
        with TemporaryDirectory() as folder:
            write_shard(shard.videos, Path(folder) / "shard.tar", own)
            upload(Path(folder) / "shard.tar", place, overwrite=overwrite)


def plan(processed: Path, predictions: Mapping[str, Path]) -> list[Shard]:
    """Decide which video goes into which shard: those of a split take turns, by name.

    Args:
        processed: as for ``write_set``.
        predictions: as for ``write_set``.

    Returns:
        The shards. A split of fewer videos than shards makes one per video; videos without
        onsets are left out. Both are logged.

    Raises:
        InputError: as ``write_set`` does, as far as splits and lists go.
    """
    splits = _read_splits(processed)
    shards = []
    for split, videos in splits.items():
        n_shards = min(N_SHARDS[split], len(videos))
        if n_shards < N_SHARDS[split]:
            log.warning("%s has %d videos, too few for %d shards", split, n_shards, N_SHARDS[split])
        shards += [
            Shard(f"{split}_shard_{number + 1}", videos[number::n_shards])
            for number in range(n_shards)
        ]
    if predictions and "test" not in splits:
        raise InputError(
            f"{processed} has no test videos for predicted onsets; list them in test.txt"
        )
    return shards + [Shard(name, splits["test"], folder) for name, folder in predictions.items()]


def _read_splits(processed: Path) -> dict[str, list[Path]]:
    splits = {}
    for split in N_SHARDS:
        names = processed / f"{split}.txt"
        if names.is_file():
            splits[split] = sorted({processed / name for name in names.read_text().split()})
    for one, other in combinations(splits, 2):
        shared = sorted(set(splits[one]) & set(splits[other]))
        if shared:
            raise InputError(
                f"{shared[0].name} is in {one}.txt and in {other}.txt of {processed}; "
                "a video belongs to one split"
            )
    splits = {split: list(filter(_has_onsets, videos)) for split, videos in splits.items()}
    if not any(splits.values()):
        raise InputError(f"{processed} holds no train.txt; preprocess with a split first")
    return {split: videos for split, videos in splits.items() if videos}


def _has_onsets(video: Path) -> bool:
    times = ClipFiles(video, video.name).times
    if not times.is_file():
        raise InputError(f"{times} is missing; preprocess the video, or take it out of the split")
    found = len(OnsetTrack.read(times)) > 0
    if not found:
        log.warning("left out, it has no onset: %s", video.name)
    return found
