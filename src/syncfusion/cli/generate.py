"""The command ``syncfusion generate``: a video with its sound."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from syncfusion.cli.detect import add_model_options
from syncfusion.cli.export import add_start_option, check_exports, export_paths, write_exports
from syncfusion.cli.generate_project import generate_project
from syncfusion.cli.output import write_lines
from syncfusion.constants import PROJECT_FILE
from syncfusion.errors import InputError
from syncfusion.extras import missing_extra
from syncfusion.options import Parser, add_overwrite, number, whole

if TYPE_CHECKING:
    from syncfusion.product import Delivery, EventOptions, Pipeline, Prompt, Surroundings
    from syncfusion.prompt import PromptEncoder
    from syncfusion.track import OnsetTrack

SILENT = "no onsets, so the sound is silent; lower --threshold or give your own times by --onsets"
ONSETS = "onsets to use instead of detecting them: csv, or any format of syncfusion export"
RENDER = "every event by itself, or the track as a whole; default: the preset's"
BY_LABEL = "the label of an event is its prompt"
ROUND_ROBIN = "render K takes a sound and vary them, for tracks of hundreds of events"
STEMS = "write OUT.stems/NAME.wav for each prompt; they add up to the sound"
LIBRARY = "folder of your own recordings, which stand wherever one suits"
ROOM = "dry, small, hall, or the file of an impulse response; stems stay dry"
AMBIENCE = "room tone under the sound, RMS in dBFS; %(const)s without a number"
PROJECT = "a video, or the folder clip.syncfusion that the studio keeps of one"
VARIATIONS = "number of takes with other seeds; a ranking is printed"


def add_generate(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("generate", help="make the sound of a video")
    command.set_defaults(run=_generate)
    command.add_argument("video", type=Path, metavar="VIDEO|PROJECT", help=PROJECT)
    prompt = command.add_mutually_exclusive_group()
    prompt.add_argument("--prompt", metavar="TEXT", help='what it sounds like: "metal hit"')
    prompt.add_argument(
        "--reference", type=Path, metavar="WAV", help="reference sound to imitate; a video's too"
    )
    add = command.add_argument
    add("--onsets", type=Path, metavar="FILE", help=ONSETS)
    add("--export", metavar="FORMAT[,FORMAT]", help="further files of onsets; syncfusion export")
    add_start_option(command)
    add("-o", "--output", type=Path, metavar="OUT.mp4")
    add("--reencode", action="store_true", help="encode the pictures anew as H.264, do not copy")
    add("--render", choices=("events", "track"), help=RENDER)
    add("--library", type=Path, metavar="FOLDER", help=LIBRARY)
    add("--room", default="dry", metavar="ROOM", help=ROOM)
    level = number(-120, 0)
    add("--ambience", type=level, nargs="?", const=-60.0, metavar="DB", help=AMBIENCE)
    add("--by-label", action="store_true", help=BY_LABEL)
    add("--round-robin", type=whole(1), default=0, metavar="K", help=ROUND_ROBIN)
    add("--stems", action="store_true", help=STEMS)
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


def _generate(options: argparse.Namespace) -> None:
    if (options.video / PROJECT_FILE).is_file():
        return generate_project(options)
    from syncfusion.exchange import picture_timeline, read_events
    from syncfusion.media import check_container, default_output, probe

    # all inputs are checked before the models are loaded
    video = probe(options.video)
    timeline = picture_timeline(video.path, options.start_tc)
    given = options.onsets and read_events(options.onsets, video.duration, timeline)
    prompt, around = _read_prompt(options, given), _surroundings(options)
    output = options.output or default_output(video, reencode=options.reencode)
    takes = _checked_takes(output, options, given)
    check_container(video, output, reencode=options.reencode)

    from syncfusion.product import load, without_seeds
    from syncfusion.progress import bars

    pipeline = load(options.preset, device=options.device)
    steps = pipeline.preset.settings.draft_steps if options.draft else options.steps
    events = _event_options(options, pipeline)
    by_events, seed = pipeline.preset.mode(options.render) == "events", options.seed
    for files, exports in takes:
        with bars() as progress:
            made = pipeline.generate(
                video,
                prompt,
                files.video,
                onsets=given,
                threshold=options.threshold,
                gains=options.gains,
                mode=options.render,
                options=events,
                stems=options.stems,
                surroundings=around,
                seed=seed,
                steps=steps,
                guidance=options.guidance,
                reencode=options.reencode,
                overwrite=options.overwrite,
                progress=progress,
            )
        write_exports(exports, made, timeline, overwrite=options.overwrite)
        write_lines([*files.names, *made.stems.values(), *exports.values()])
        given = without_seeds(given or made.track)
        seed += max(len(given), 1) if by_events else 1
    write_lines([f"{len(given)} onsets" if len(given) else SILENT])
    if len(takes) > 1:
        write_lines(_ranking([files for files, _ in takes], given, prompt, pipeline.prompts))


def _ranking(
    takes: "list[Delivery]", track: "OnsetTrack", prompt: "Prompt", encoder: "PromptEncoder"
) -> list[str]:
    """Return a line a take, the best first; one line where what scores them is not installed."""
    from syncfusion.media import read_audio

    try:
        from syncfusion.evaluation import rank_variations

        sounds = [read_audio(files.sound) for files in takes]
        found = rank_variations(sounds, track, prompt, encoder)
    except ModuleNotFoundError as error:
        return [f"not ranked: {missing_extra(error) or error}"]
    return [
        f"{place}. {takes[each.place].video.name}: onset F {each.onset_f:.2f}"
        + ("" if each.similarity is None else f", prompt similarity {each.similarity:.2f}")
        for place, each in enumerate(found, 1)
    ]


def _checked_takes(
    output: Path, options: argparse.Namespace, given: "OnsetTrack | None"
) -> "list[tuple[Delivery, dict[str, Path]]]":
    """Return the files of each take and its exports, all of which may be written."""
    from syncfusion.product import Delivery, check_outputs

    inputs = [options.video] + ([options.reference] if options.reference else [])
    takes = [Delivery(output).take(number) for number in range(1, options.variations + 1)]
    with_exports = [(files, export_paths(files.onsets, options.export)) for files in takes]
    for files, exports in with_exports:
        check_outputs(files, inputs, onsets=given, overwrite=options.overwrite)
        check_exports(exports, [*inputs, options.onsets], overwrite=options.overwrite)
    return with_exports


def _event_options(options: argparse.Namespace, pipeline: "Pipeline") -> "EventOptions":
    """Return where events get their sounds; the library is read, or what has changed in it."""
    from syncfusion.product import EventOptions
    from syncfusion.progress import bars

    folder, library = options.onsets.parent if options.onsets else None, None
    if options.library is not None:
        with bars() as progress:
            library = pipeline.open_library(options.library, progress=progress)
    return EventOptions(
        folder=folder,
        by_label=options.by_label,
        round_robin=options.round_robin,
        library=library,
    )


def _surroundings(options: argparse.Namespace) -> "Surroundings":
    """Return room and room tone; an unknown room is refused here."""
    from syncfusion.product import Surroundings

    around = Surroundings(room=options.room, ambience_db=options.ambience)
    around.check()
    return around


def _read_prompt(options: argparse.Namespace, given: "OnsetTrack | None") -> "Prompt":
    from syncfusion.media import read_audio
    from syncfusion.product import find_preset
    from syncfusion.prompt import unknown_prompt_warning

    nothing = options.prompt is None and options.reference is None
    if nothing and not given and options.library is None:
        raise InputError(
            "there is nothing to render from; give --prompt, --reference or --library, or events "
            "with prompts of their own by --onsets"
        )
    if options.library is not None and options.render == "track":
        raise InputError("a library has hits of events; leave --render track out")
    if find_preset(options.preset).settings.prompt == "compact":
        own = {extra.get("prompt") for extra in given.extras} if given else set()
        warnings = map(unknown_prompt_warning, sorted({*own, options.prompt} - {None, ""}))
        sys.stderr.writelines(f"{warning}\n" for warning in warnings if warning is not None)
    return options.prompt if options.reference is None else read_audio(options.reference)
