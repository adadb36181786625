"""The command ``syncfusion detect``: a video's onsets as a file to edit."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from syncfusion.cli.models import add_model_options
from syncfusion.cli.videos import add_videos, each_video, find_videos, one_video, stage_bars
from syncfusion.errors import InputError
from syncfusion.options import Parser, add_overwrite

NONE_FOUND = "no onsets; lower --threshold, or write your own times into the file"
OUTPUT = "name of the onsets; of many videos the folder, by default that of each video"
SUFFIX = ".onsets.csv"


def add_detect(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("detect", help="find the onsets of videos")
    command.set_defaults(run=_detect)
    add_videos(command, "VIDEO", "one or more")
    command.add_argument("-o", "--output", type=Path, metavar="ONSETS.csv", help=OUTPUT)
    add_overwrite(command)
    add_model_options(command)


def _detect(options: argparse.Namespace) -> int | None:
    videos = find_videos(options)
    if videos.alone:
        return one_video(options, videos.paths[0], _detect_one)
    return each_video(options, videos, _detect_one)


def _detect_one(options: argparse.Namespace) -> Iterator[object]:
    from syncfusion.media import probe, temporary_sibling
    from syncfusion.ownership import are_own, check_replaceable

    folder = options.folder or options.video.parent
    output = options.output or folder / options.video.with_suffix(SUFFIX).name
    if options.resume and are_own([output]):
        yield output
        return
    video = probe(options.video)  # before the models are loaded
    if output.exists() and output.samefile(options.video):
        raise InputError(f"{output} is the video itself; choose another name for the onsets")
    check_replaceable([output], overwrite=options.overwrite)
    with temporary_sibling(output, is_result=True) as temporary:
        pipeline = options.load()
        with stage_bars(options) as progress:
            track = pipeline.detect(
                video, threshold=options.threshold, gains=options.gains, progress=progress
            )
        temporary.write_text(track.to_csv(), encoding="utf-8")
    yield output
    yield f"{len(track)} onsets" if len(track) else NONE_FOUND
