"""All videos of a data set: processed and annotated, each on its own."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from syncfusion.engines import PROCESSES, do_all
from syncfusion.errors import InputError
from syncfusion.media import check_writable
from syncfusion.preprocess.annotations import annotate
from syncfusion.preprocess.layout import clip_files
from syncfusion.preprocess.processing import Processing
from syncfusion.preprocess.videos import Target, preprocess_video
from syncfusion.progress import Progress, ignore


def check_output(folder: Path) -> None:
    """Fail at once, with an InputError, if a folder cannot be made or written to."""
    check_writable(folder / "any")


def process_videos(
    videos: Mapping[str, Path],
    target: Target,
    processing: Processing,
    *,
    n_workers: int,
    engine: str = PROCESSES,
    progress: Progress = ignore,
) -> dict[str, str]:
    """Process videos, several at a time; one that fails does not stop the others.

    Args:
        videos: the files by id, one or more.
        target: where the results go; finished videos are left as they are.
        processing: rates, sizes and forms.
        n_workers: processes, 1 or more.
        engine: what runs them, see ``engines.do_all``.
        progress: called after every video.

    Returns:
        Why videos failed, by id.
    """
    tasks = {
        name: partial(preprocess_video, name, path, target, processing)
        for name, path in videos.items()
    }
    return do_all(tasks, engine=engine, n_workers=n_workers, stage="videos", progress=progress)


def annotate_videos(
    annotations: Mapping[str, Path], output: Path, *, flatten: bool = False
) -> dict[str, str]:
    """Write the annotation of every video beside its processed files.

    Args:
        annotations: the files by id.
        output: folder of all processed videos.
        flatten: whether all files lie in it, rather than in a folder per video.

    Returns:
        Why annotations failed, by id.
    """
    failures = {}
    for name, path in annotations.items():
        try:
            annotate(path, clip_files(output, name, flatten=flatten))
        except InputError as error:
            failures[name] = str(error)
    return failures
