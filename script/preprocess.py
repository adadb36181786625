"""Process annotated videos into the folders that training reads."""

import argparse
import logging
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from syncfusion.constants import FRAME_RATE
from syncfusion.errors import InputError
from syncfusion.preprocess.annotations import AnnotatedVideo, find_annotated
from syncfusion.preprocess.videos import Processing, preprocess_video

SPLITS = ("train.txt", "val.txt", "test.txt")


def main() -> int:
    """Run from the command line; the exit code is 1 if any video failed."""
    logging.basicConfig(level=logging.INFO)
    options = _options()
    try:
        sources = find_annotated(options.videos, options.times)
    except InputError as error:
        sys.exit(str(error))
    options.output.mkdir(parents=True, exist_ok=True)
    for name in SPLITS:
        if (options.split / name).is_file():
            shutil.copyfile(options.split / name, options.output / name)
    processing = Processing(fps=options.fps, width=options.frame_size, height=options.frame_size)
    if options.frame_size == 0:
        processing = Processing(fps=options.fps)
    failures = _process(sources, options.output, processing, options.num_workers)
    for name, reason in failures.items():
        print(f"{name:40} {reason}")
    print(f"{len(sources) - len(failures)} of {len(sources)} videos are in {options.output}")
    return 1 if failures else 0


def _process(
    sources: list[AnnotatedVideo], output: Path, processing: Processing, num_workers: int
) -> dict[str, str]:
    """Process every video and return the reasons of those that failed, by name."""
    failures = {}
    with ProcessPoolExecutor(num_workers) as pool:
        jobs = {s.name: pool.submit(preprocess_video, s, output, processing) for s in sources}
        for name, job in jobs.items():
            error = job.exception()
            if error is not None:
                failures[name] = f"{type(error).__name__}: {error}"
    return failures


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=Path, required=True, help="folder of <id>_mic.mp4")
    parser.add_argument("--times", type=Path, required=True, help="folder of <id>_times.txt")
    parser.add_argument("--output", type=Path, required=True, help="folder to write to")
    parser.add_argument("--split", type=Path, help="folder of train.txt, val.txt and test.txt")
    parser.add_argument("--num_workers", type=int, default=2)
    parser.add_argument("--fps", type=float, default=FRAME_RATE)
    parser.add_argument("--frame_size", type=int, default=0, help="square side; 0 for 320x240")
    options = parser.parse_args()
    options.split = options.split or options.videos.parent
    return options


if __name__ == "__main__":
    sys.exit(main())
