"""Wall and CPU time of preprocessing beside the published way: two ffmpeg processes a video.

All ways process the same videos with as many workers, by turns; CPU time is that of all processes,
also of those that decode for a worker. Last, how long the frames of a
2 s window take to load from the two forms. The ffmpeg on PATH is used, else that of the package
imageio-ffmpeg.
"""

import argparse
import contextlib
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

import history
import numpy as np
from PIL import Image

from syncfusion.clip_files import ClipFiles
from syncfusion.onset.data.frames import PackedFrames
from syncfusion.preprocess import (
    VIDEO_SUFFIX,
    VIDEOS,
    Processing,
    Target,
    dataset_folder,
    find_files,
    preprocess_video,
    process_videos,
)
from syncfusion.synthetic import synthesize

N_VIDEOS = 6
WINDOW = 30  # frames
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
PUBLISHED = "published: two ffmpeg a video"

Videos = dict[str, Path]
Way = Callable[[Path], object]  # processes all videos into a folder


def find_ffmpeg() -> str:
    """Return an ffmpeg program; that there is none ends the benchmark."""
    found = shutil.which("ffmpeg")
    if found is None:
        try:
            from imageio_ffmpeg import get_ffmpeg_exe  # pyright: ignore[reportMissingImports]
        except ImportError:
            sys.exit("no ffmpeg to compare with; install one, or: pip install imageio-ffmpeg")
        found = get_ffmpeg_exe()
    return found


def published_video(ffmpeg: str, name: str, video: Path, output: Path) -> None:
    """Let one ffmpeg write the sound, then another the frames."""
    files = ClipFiles(output / name, name)
    files.audio.parent.mkdir(parents=True)
    files.jpegs.mkdir()
    begin = [ffmpeg, "-i", str(video), "-loglevel", "error"]
    sound = ["-ar", "48000", "-ac", "1", "-c:a", "pcm_f32le", "-y", str(files.audio)]
    frames = ["-filter:v", "fps=fps=15,scale=320:240", "-y"]
    for options in (sound, [*frames, str(files.jpegs / f"{name}.frame_%06d.jpg")]):
        subprocess.run([*begin, *options], check=True)


def published_way(ffmpeg: str, videos: Videos, n_workers: int, output: Path) -> None:
    """Process videos as published, so many at once."""
    with ThreadPoolExecutor(n_workers) as pool:
        jobs = [pool.submit(published_video, ffmpeg, *video, output) for video in videos.items()]
        for job in jobs:
            job.result()


def our_way(videos: Videos, n_workers: int, processing: Processing, output: Path) -> None:
    """Process videos as script/gh_preprocess_videos.py does."""
    failures = process_videos(videos, Target(output), processing, n_workers=n_workers)
    if failures:
        sys.exit(f"these videos failed: {failures}")


def measure(way: Way, folder: Path) -> tuple[float, float, float]:
    """Return seconds on the clock, seconds of computing, and MB written."""
    with tempfile.TemporaryDirectory(dir=folder) as output:
        began, before = time.perf_counter(), os.times()
        way(Path(output))
        wall = time.perf_counter() - began
        _wait_for_all()
        after = os.times()
        size = sum(path.stat().st_size for path in Path(output).rglob("*") if path.is_file())
    return wall, sum(after[:4]) - sum(before[:4]), size / 1e6


def _adopt() -> None:
    """Become the parent of processes whose parent ends, such as the decoders of workers."""
    with contextlib.suppress(AttributeError, TypeError):  # Linux alone has it
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_all() -> None:
    """Wait for all child processes: the system counts their time when they are waited for."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def compare(ways: dict[str, Way], folder: Path, rounds: int) -> dict[str, float]:
    """Let the ways take turns; print their medians and the ratios to the first, return seconds."""
    metrics = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            metrics[name].append(measure(way, folder))
    medians = {
        name: [median(column) for column in zip(*rows, strict=True)]
        for name, rows in metrics.items()
    }
    reference = medians[PUBLISHED]
    print(f"{'':32}{'wall s':>8}{'CPU s':>8}{'MB':>8}{'× wall':>8}{'× CPU':>8}")
    for name, (wall, cpu, size) in medians.items():
        print(
            f"{name:32}{wall:8.2f}{cpu:8.2f}{size:8.0f}"
            f"{reference[0] / wall:8.2f}{reference[1] / cpu:8.2f}"
        )
    return {f"{name}, wall s": medians[name][0] for name in medians} | {
        f"{name}, CPU s": medians[name][1] for name in medians
    }


def compare_loading(name: str, video: Path, folder: Path, rounds: int) -> dict[str, float]:
    """Print and return how long the frames of a 2 s window take to load from JPEGs, and packed."""

    def natural(path: Path) -> list[str | int]:
        return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", str(path))]

    with tempfile.TemporaryDirectory(dir=folder) as output:
        for form in ("packed", "jpg"):
            files = preprocess_video(name, video, Target(Path(output)), Processing(frames=form))
        packed = PackedFrames.open(files.frames)
        seconds: dict[str, list[float]] = {"JPEGs, as published": [], "packed": []}
        for start in list(range(0, len(packed) - WINDOW, WINDOW)) * rounds:
            began = time.perf_counter()
            paths = sorted(files.jpegs.glob("*.jpg"), key=natural)[start : start + WINDOW]
            np.stack([np.asarray(Image.open(path).convert("RGB")) for path in paths])
            between = time.perf_counter()
            packed[start : start + WINDOW]
            seconds["JPEGs, as published"].append(between - began)
            seconds["packed"].append(time.perf_counter() - between)
    jpegs, _ = medians = [median(taken) for taken in seconds.values()]
    print(f"\n{'loading 30 frames of 320x240':32}{'ms':>8}{'×':>8}")
    for name, taken in zip(seconds, medians, strict=True):
        print(f"{name:32}{1e3 * taken:8.2f}{jpegs / taken:8.1f}")
    return {f"loading from {n}, ms": 1e3 * t for n, t in zip(seconds, medians, strict=True)}


def find_videos(folder: Path, suffix: str, work: Path) -> Videos:
    """Return the data set's videos, or synthetic ones where there is none."""
    if not folder.is_dir():
        synthesize(work, n_scenes=N_VIDEOS, seconds=10)
        folder = work / "videos"
    return find_files(folder, suffix, option="--input_dir_videos")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-iv", "--input_dir_videos", type=Path, default=dataset_folder() / VIDEOS)
    parser.add_argument("-vs", "--videos_suffix", default=VIDEO_SUFFIX)
    parser.add_argument("-nw", "--num_workers", type=int, default=8, help="of every way")
    parser.add_argument("--n_videos", type=int, default=N_VIDEOS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="on the disk to write to")
    options = parser.parse_args()
    ffmpeg = find_ffmpeg()
    _adopt()
    with tempfile.TemporaryDirectory(dir=options.folder) as work:
        found = find_videos(options.input_dir_videos, options.videos_suffix, Path(work))
        videos = dict(islice(found.items(), options.n_videos))
        inputs = (videos, options.num_workers)
        small = Processing(video_width=112, video_height=112)
        ways: dict[str, Way] = {
            PUBLISHED: partial(published_way, ffmpeg, *inputs),
            "ours, packed": partial(our_way, *inputs, Processing()),
            "ours, --frames jpg": partial(our_way, *inputs, Processing(frames="jpg")),
            "ours, packed, 112x112": partial(our_way, *inputs, small),
        }
        print(f"{len(videos)} videos, {options.num_workers} workers on {os.cpu_count()} cores")
        figures = compare(ways, Path(work), options.rounds)
        figures |= compare_loading(*next(iter(videos.items())), Path(work), options.rounds)
    history.keep("preprocess", figures, options)


if __name__ == "__main__":
    main()
