"""Process videos into the frames, sound and metadata that training reads.

Run it again after an interruption: finished videos are skipped.
"""

import argparse
import logging
import sys
from dataclasses import fields
from functools import partial
from itertools import islice
from pathlib import Path

from syncfusion.options import Parser, whole
from syncfusion.preprocess import (
    DEFAULT,
    FORMS,
    SUBTYPES,
    VIDEO_SUFFIX,
    VIDEOS,
    Processing,
    Target,
    add_output_options,
    check_output,
    find_files,
    in_parallel,
    outcome,
    preprocess_video,
    run,
)
from syncfusion.progress import bars

FORMS_HELP = "one array, 3.5 MB a second at the default size, that loads fast, or a JPEG a frame"


def main(dataset: Path) -> int:
    """Run from the command line; the exit code is 1 if any video failed."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    chosen = _options(dataset)
    videos = find_files(chosen.input_dir_videos, chosen.videos_suffix, option="--input_dir_videos")
    check_output(chosen.output_dir)
    target = Target(chosen.output_dir, chosen.flatten, chosen.input_dir_times)
    processing = Processing(**{f.name: getattr(chosen, f.name) for f in fields(Processing)})
    jobs = {
        name: partial(preprocess_video, name, path, target, processing)
        for name, path in islice(videos.items(), chosen.n_files)
    }
    with bars() as draw:
        failures = in_parallel(jobs, n_workers=chosen.num_workers, stage="videos", progress=draw)
    print(outcome(failures, len(jobs), target.output))
    return 1 if failures else 0


def _options(dataset: Path) -> argparse.Namespace:
    parser = Parser(description=__doc__)
    add, ours = parser.add_argument, Processing()
    add("-iv", "--input_dir_videos", type=Path, default=dataset / VIDEOS, help=DEFAULT)
    add("-vs", "--videos_suffix", default=VIDEO_SUFFIX, help=f"of file names, {DEFAULT}")
    add_output_options(parser, dataset)
    add("-nw", "--num_workers", type=whole(1), default=8, help=f"at most one a core, {DEFAULT}")
    add("-asr", "--audio_sample_rate", type=whole(1), default=ours.audio_sample_rate, help=DEFAULT)
    add(
        "-abd",
        "--audio_bitdepth",
        type=int,
        choices=SUBTYPES,
        default=ours.audio_bitdepth,
        help=DEFAULT,
    )
    add("-adn", "--audio_denoise", action="store_true", help="write the sound without noise, too")
    add("-ao", "--audio_onsets", action="store_true", help="write the onsets as a sound, too")
    add("--input_dir_times", type=Path, help="where -ao finds onsets that have no times.csv yet")
    add("-vfps", "--video_fps", type=whole(1), default=ours.video_fps, help=DEFAULT)
    add("-vw", "--video_width", type=whole(1), default=ours.video_width, help=DEFAULT)
    add("-vh", "--video_height", type=whole(1), default=ours.video_height, help=DEFAULT)
    add("--frames", choices=FORMS, default=ours.frames, help=f"{FORMS_HELP}, {DEFAULT}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(run(main))
