"""The command ``syncfusion generate``: a video with its sound."""

import argparse
from pathlib import Path

from syncfusion.cli.export import add_start_option
from syncfusion.cli.generate_project import generate_project
from syncfusion.cli.generate_video import check_prompts, generate_video
from syncfusion.cli.models import add_model_options
from syncfusion.cli.videos import add_videos, each_video, find_videos, one_video
from syncfusion.constants import PROJECT_FILE
from syncfusion.errors import InputError
from syncfusion.options import Parser, add_overwrite, number, whole

ONSETS = (
    "onsets to use instead of detecting them: csv, or any format of syncfusion export; of many "
    "videos the folder of their NAME.onsets.csv"
)
OUTPUT = "name of the result; of many videos the folder, by default that of each video"
RENDER = "every event by itself, or the track as a whole; default: the preset's"
BY_LABEL = "the label of an event is its prompt"
ROUND_ROBIN = "render K takes a sound and vary them, for tracks of hundreds of events"
STEMS = "write OUT.stems/NAME.wav for each prompt; they add up to the sound"
LIBRARY = "folder of your own recordings, which stand wherever one suits"
ROOM = "dry, small, hall, or the file of an impulse response; stems stay dry"
AMBIENCE = "room tone under the sound, RMS in dBFS; %(const)s without a number"
PROJECT = "one or more, or the folder clip.syncfusion that the studio keeps of one"
POPS = "a tone two seconds before the first picture and after the last, in sound and stems"
NAMES = "names of stems and exports: {video}_FOLEY_{group}_v{take}, also {date}, {rate}, {start}"
VARIATIONS = "number of takes with other seeds; a ranking is printed"


def add_generate(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("generate", help="make the sound of videos")
    command.set_defaults(run=_generate)
    add_videos(command, "VIDEO|PROJECT", PROJECT)
    prompt = command.add_mutually_exclusive_group()
    prompt.add_argument("--prompt", metavar="TEXT", help='what it sounds like: "metal hit"')
    prompt.add_argument(
        "--reference", type=Path, metavar="WAV", help="reference sound to imitate; a video's too"
    )
    add = command.add_argument
    add("--onsets", type=Path, metavar="FILE", help=ONSETS)
    add("--export", metavar="FORMAT[,FORMAT]", help="further files of onsets; syncfusion export")
    add_start_option(command)
    add("-o", "--output", type=Path, metavar="OUT.mp4", help=OUTPUT)
    add("--reencode", action="store_true", help="encode the pictures anew as H.264, do not copy")
    add("--render", choices=("events", "track"), help=RENDER)
    add("--library", type=Path, metavar="FOLDER", help=LIBRARY)
    add("--room", default="dry", metavar="ROOM", help=ROOM)
    level = number(-120, 0)
    add("--ambience", type=level, nargs="?", const=-60.0, metavar="DB", help=AMBIENCE)
    add("--by-label", action="store_true", help=BY_LABEL)
    add("--round-robin", type=whole(1), default=0, metavar="K", help=ROUND_ROBIN)
    add("--stems", action="store_true", help=STEMS)
    add("--pops", action="store_true", help=POPS)
    add("--name-template", metavar="NAME", help=NAMES)
    steps = command.add_mutually_exclusive_group()
    steps.add_argument(
        "--steps", type=whole(1), metavar="N", help="sampling steps; more are finer and slower"
    )
    steps.add_argument(
        "--draft", action="store_true", help="fast preview: fewest steps that keep the timing"
    )
    add("--guidance", type=number(), metavar="G", help="how strongly the sound follows the prompt")
    add("--seed", type=whole(0), default=0, metavar="S", help="another seed gives another take")
    add("--variations", type=whole(1), default=1, metavar="N", help=VARIATIONS)
    add_overwrite(command)
    add_model_options(command)


def _generate(options: argparse.Namespace) -> int | None:
    videos = find_videos(options)
    if not videos.alone:
        projects = [path for path in videos.paths if (path / PROJECT_FILE).is_file()]
        if projects:
            raise InputError(f"{projects[0]} is a project; generate it by itself")
        if options.onsets is not None and not options.onsets.is_dir():
            raise InputError(
                f"{options.onsets} holds the onsets of one video; give the folder of all, or run "
                "this video by itself"
            )
        if options.export and "{video}" not in (options.name_template or "{video}"):
            raise InputError("exports of many videos need names of their own; use {video} in them")
        check_prompts(options, None)
        return each_video(options, videos, generate_video)
    [video] = videos.paths
    if (video / PROJECT_FILE).is_file():
        return generate_project(options, video)
    return one_video(options, video, generate_video)
