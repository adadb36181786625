"""The command ``syncfusion preprocess``: Greatest Hits, or videos like it, ready for training."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import fields
from itertools import islice
from pathlib import Path

from syncfusion.cli.output import write_failures, write_lines
from syncfusion.engines import add_engine
from syncfusion.options import Parser, number, whole

DEFAULT = "default: %(default)s"  # in an option's help
N_TEST = 5  # files of a trial run
VIDEOS_HELP = "process videos into the frames, sound and metadata that training reads"
ANNOTATIONS_HELP = "write every video's annotation into its folder of processed files"
SPLIT_HELP = "divide the videos into train.txt, val.txt and test.txt, alike on every machine"
FORMS_HELP = "one array, 3.5 MB a second at the default size, that loads fast, or a JPEG a frame"


def add_preprocess(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command; each step describes its options when it is run."""
    command = commands.add_parser("preprocess", help="prepare videos and annotations for training")
    steps = command.add_subparsers(required=True, metavar="STEP")
    for name, text, run in (
        ("videos", VIDEOS_HELP, _videos),
        ("annotations", ANNOTATIONS_HELP, _annotations),
        ("split", SPLIT_HELP, _split),
    ):
        steps.add_parser(name, help=text, pass_on=True).set_defaults(run=run)


def _videos(options: argparse.Namespace) -> int:
    chosen = _video_parser().parse_args(options.arguments)
    from syncfusion.preprocess import Processing, Target, check_output, find_files, process_videos
    from syncfusion.progress import bars

    videos = find_files(chosen.input_dir_videos, chosen.videos_suffix, option="--input_dir_videos")
    check_output(chosen.output_dir)
    videos = dict(islice(videos.items(), chosen.n_files))
    target = Target(chosen.output_dir, chosen.flatten, chosen.input_dir_times)
    processing = Processing(**{f.name: getattr(chosen, f.name) for f in fields(Processing)})
    with bars() as progress:
        failures = process_videos(
            videos,
            target,
            processing,
            n_workers=chosen.num_workers,
            engine=chosen.engine,
            progress=progress,
        )
    return _report(failures, len(videos), chosen.output_dir)


def _annotations(options: argparse.Namespace) -> int:
    chosen = _annotation_parser().parse_args(options.arguments)
    from syncfusion.preprocess import annotate_videos, check_output, find_files

    found = find_files(chosen.input_dir_times, chosen.times_suffix, option="--input_dir_times")
    check_output(chosen.output_dir)
    annotations = dict(islice(found.items(), chosen.n_files))
    failures = annotate_videos(annotations, chosen.output_dir, flatten=chosen.flatten)
    return _report(failures, len(annotations), chosen.output_dir)


def _split(options: argparse.Namespace) -> None:
    from syncfusion.preprocess import (
        PUBLISHED_SPLIT,
        draw_split,
        find_files,
        read_lists,
        write_lists,
    )

    chosen = _split_parser().parse_args(options.arguments)
    videos = find_files(chosen.input_dir_videos, chosen.videos_suffix, option="--input_dir_videos")
    lists = PUBLISHED_SPLIT if chosen.published_split else chosen.from_lists
    if lists:
        split = read_lists(lists, videos)
    else:
        ratios = (chosen.train_split_ratio, chosen.val_split_ratio, chosen.test_split_ratio)
        split = draw_split(videos, ratios, seed=chosen.seed)
    write_lists(split, chosen.output_dir)
    write_lines(f"{name}: {len(names)}" for name, names in split.items())


def _report(failures: Mapping[str, str], n_files: int, output: Path) -> int:
    """Print how many files are done, after a table of those that failed; return the exit code."""
    write_failures(failures)
    write_lines([f"{n_files - len(failures)} of {n_files} are in {output}"])
    return 1 if failures else 0


def _parser(step: str, text: str) -> tuple[Callable[..., object], Parser, Path]:
    from syncfusion.preprocess import dataset_folder

    parser = Parser(prog=f"syncfusion preprocess {step}", description=text)
    return parser.add_argument, parser, dataset_folder()


def _add_output_options(parser: Parser, dataset: Path) -> None:
    from syncfusion.preprocess import PROCESSED

    add = parser.add_argument
    trial = f"take the first {N_TEST} files only"
    add("--test", action="store_const", const=N_TEST, dest="n_files", help=trial)
    add("--flatten", action="store_true", help="write all files into one folder, not one a video")
    add("-o", "--output_dir", type=Path, default=dataset / PROCESSED, help=DEFAULT)


def _video_parser() -> Parser:
    from syncfusion.preprocess import FORMS, SUBTYPES, VIDEO_SUFFIX, VIDEOS, Processing

    add, parser, dataset = _parser("videos", f"{VIDEOS_HELP}; finished videos are skipped")
    ours = Processing()
    add("-iv", "--input_dir_videos", type=Path, default=dataset / VIDEOS, help=DEFAULT)
    add("-vs", "--videos_suffix", default=VIDEO_SUFFIX, help=f"of file names, {DEFAULT}")
    _add_output_options(parser, dataset)
    add("-nw", "--num_workers", type=whole(1), default=8, help=f"at most one a core, {DEFAULT}")
    add_engine(parser)
    add("-asr", "--audio_sample_rate", type=whole(1), default=ours.audio_sample_rate, help=DEFAULT)
    depth = ours.audio_bitdepth
    add("-abd", "--audio_bitdepth", type=int, choices=SUBTYPES, default=depth, help=DEFAULT)
    add("-adn", "--audio_denoise", action="store_true", help="also write the sound without noise")
    add("-ao", "--audio_onsets", action="store_true", help="also write the onsets as a sound")
    add("--input_dir_times", type=Path, help="where -ao finds onsets that have no times.csv yet")
    add("-vfps", "--video_fps", type=whole(1), default=ours.video_fps, help=DEFAULT)
    add("-vw", "--video_width", type=whole(1), default=ours.video_width, help=DEFAULT)
    add("-vh", "--video_height", type=whole(1), default=ours.video_height, help=DEFAULT)
    add("--frames", choices=FORMS, default=ours.frames, help=f"{FORMS_HELP}, {DEFAULT}")
    return parser


def _annotation_parser() -> Parser:
    from syncfusion.preprocess import TIMES, TIMES_SUFFIX

    add, parser, dataset = _parser("annotations", ANNOTATIONS_HELP)
    add("-it", "--input_dir_times", type=Path, default=dataset / TIMES, help=DEFAULT)
    add("-ts", "--times_suffix", default=TIMES_SUFFIX, help=f"of file names, {DEFAULT}")
    _add_output_options(parser, dataset)
    return parser


def _split_parser() -> Parser:
    from syncfusion.preprocess import PROCESSED, VIDEO_SUFFIX, VIDEOS

    add, parser, dataset = _parser("split", SPLIT_HELP)
    add("-iv", "--input_dir_videos", type=Path, default=dataset / VIDEOS, help=DEFAULT)
    add("-vs", "--videos_suffix", default=VIDEO_SUFFIX, help=f"of file names, {DEFAULT}")
    add("-o", "--output_dir", type=Path, default=dataset / PROCESSED, help=DEFAULT)
    add("-trs", "--train_split_ratio", type=number(0, 1), default=0.7, help=DEFAULT)
    add("-vls", "--val_split_ratio", type=number(0, 1), default=0.1, help=DEFAULT)
    add("-tss", "--test_split_ratio", type=number(0, 1), default=0.2, help=DEFAULT)
    add("--seed", type=whole(0), default=42, help=f"of the shuffle, {DEFAULT}")
    lists = parser.add_mutually_exclusive_group()
    lists.add_argument("--from_lists", type=Path, help="use the three lists of a folder")
    lists.add_argument(
        "--published_split", action="store_true", help="use the paper's lists of all 977 videos"
    )
    return parser
