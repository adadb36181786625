"""Commands on many videos: named one by one or in a list, each done on its own."""

import argparse
import contextlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from syncfusion.cli.models import check_models, load_models, load_once
from syncfusion.cli.output import write_failures, write_lines
from syncfusion.engines import PROCESSES, Task, add_engine, do_all, one_by_one
from syncfusion.errors import InputError, reading
from syncfusion.options import BAD_INPUT, Parser, whole
from syncfusion.progress import Progress, bars, ignore
from syncfusion.text_encoding import decode_text

MARK = "@"  # before the name of a list
LIST = "further names, one a line; lines that begin with # are left out"
RESUME = "leave out what is there already as syncfusion wrote it"
WORKERS = "processes, each with models of its own; default: one after another in this process"

OneVideo = Callable[[argparse.Namespace], Iterable[object]]  # options of one; lines to print


@dataclass(frozen=True)
class Videos:
    """The videos of a command.

    Args:
        paths: one or more.
        alone: whether it is one that was named by itself: its result may be named, too.
    """

    paths: list[Path]
    alone: bool


def add_videos(command: Parser, metavar: str, text: str) -> None:
    """Add the options that name videos, and those of doing many."""
    add = command.add_argument
    add("videos", type=Path, nargs="*", metavar=metavar, help=f"{text}; @FILE for those of a list")
    add("--list", type=Path, metavar="FILE", help=LIST)
    add("--resume", action="store_true", help=RESUME)
    add("--workers", type=whole(1), default=1, metavar="N", help=WORKERS)
    add_engine(command)


def find_videos(options: argparse.Namespace) -> Videos:
    """Return the videos that a command names.

    Args:
        options: with those of ``add_videos``.

    Returns:
        The videos, in order.

    Raises:
        InputError: if there is none, or a list cannot be read.
    """
    paths: list[Path] = []
    for path in options.videos:
        is_list = str(path).startswith(MARK) and not path.exists()
        paths += _read(Path(str(path).removeprefix(MARK))) if is_list else [path]
    paths += _read(options.list) if options.list is not None else []
    if not paths:
        raise InputError("no video is given; name one or more, or a list of them by @list.txt")
    return Videos(paths, alone=paths == options.videos and len(paths) == 1)


def _read(path: Path) -> list[Path]:
    with reading(f"the list {path}"):
        lines = [line.strip() for line in decode_text(path.read_bytes()).splitlines()]
    return [Path(line) for line in lines if line and not line.startswith("#")]


def each_video(options: argparse.Namespace, videos: Videos, one: OneVideo) -> int | None:
    """Do each of many videos, print what each returns, and a table of those that failed.

    Args:
        options: those of the command; ``output`` is a folder, None for beside each video.
        videos: the videos.
        one: does one, by options with its ``video``, the ``folder`` of its results, and ``load``,
            which returns the models.

    Returns:
        The exit code: None if all are done.

    Raises:
        InputError: if two results would have one name, or there are no such models.
    """
    check_models(options)
    places = _places(videos.paths, options.output)
    load = partial(load_once, options.preset, options.device)
    apart = options.workers > 1 or options.engine != PROCESSES
    tasks: dict[str, Task] = {
        str(video): partial(
            _lines, one, _alone(options, video, folder, load=load, quiet=apart, many=True)
        )
        for video, folder in places.items()
    }
    if apart:
        with bars() as progress:
            failures = do_all(
                tasks,
                engine=options.engine,
                n_workers=options.workers,
                stage="Videos",
                progress=progress,
                on_result=_write,
            )
    else:
        failures = one_by_one(tasks, on_result=_write)
    write_failures(failures)
    write_lines([f"{len(tasks) - len(failures)} of {len(tasks)} videos are done"])
    return BAD_INPUT if failures else None


def one_video(options: argparse.Namespace, video: Path, one: OneVideo) -> None:
    """Do the only video of a command; what goes wrong ends it.

    Args:
        options: those of the command; ``output`` is the name of the result, None for its default.
        video: the video.
        one: as for ``each_video``.
    """
    load = partial(load_models, options.preset, options.device)
    own = {"load": load, "quiet": False, "many": False, "output": options.output}
    for line in one(_alone(options, video, None, **own)):
        write_lines([line])


def _alone(options: argparse.Namespace, video: Path, folder: Path | None, **more: object) -> Any:
    """Return the options of one video."""
    named = {"video": video, "folder": folder, "output": None} | more
    return argparse.Namespace(**vars(options) | named)


def _places(videos: list[Path], output: Path | None) -> dict[Path, Path | None]:
    """Return the folder of each video's results; None for that of the video."""
    if output is not None and output.exists() and not output.is_dir():
        raise InputError(f"{output} is a file; the results of several videos need a folder")
    taken: dict[Path, Path] = {}
    for video in videos:
        result = (output or video.parent).absolute() / video.stem
        if result in taken:
            raise InputError(
                f"the results of {taken[result]} and {video} would have the same names; give one "
                "of them another name, or run them apart"
            )
        taken[result] = video
    return dict.fromkeys(videos, output)


def _lines(one: OneVideo, options: argparse.Namespace) -> list[str]:
    return [str(line) for line in one(options)]


def _write(name: str, lines: Any) -> None:
    write_lines(lines)


def stage_bars(options: argparse.Namespace) -> AbstractContextManager[Progress]:
    """Return a bar for each stage of one video; none where several videos are done at a time."""
    return contextlib.nullcontext(ignore) if options.quiet else bars()
