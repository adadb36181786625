"""The command ``syncfusion generate``: a video with its sound."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from syncfusion.cli.detect import add_model_options
from syncfusion.cli.export import add_start_option, check_exports, export_paths, write_exports
from syncfusion.cli.output import write_lines
from syncfusion.errors import InputError
from syncfusion.options import Parser, add_overwrite, number, whole

if TYPE_CHECKING:
    from syncfusion.product import Delivery, EventOptions, Prompt
    from syncfusion.track import OnsetTrack

SILENT = "no onsets, so the sound is silent; lower --threshold or give your own times by --onsets"
ONSETS = "onsets to use instead of detecting them: csv, or any format of syncfusion export"
RENDER = "every event by itself, or the track as a whole; default: the preset's"
BY_LABEL = "the label of an event is its prompt"
ROUND_ROBIN = "render K takes a sound and vary them, for tracks of hundreds of events"
STEMS = "write OUT.stems/NAME.wav for each prompt; they add up to the sound"
VARIATIONS = "number of takes, each with its own seed"


def add_generate(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("generate", help="make the sound of a video")
    command.set_defaults(run=_generate)
    command.add_argument("video", type=Path, metavar="VIDEO")
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
    from syncfusion.exchange import picture_timeline, read_events
    from syncfusion.media import check_container, default_output, probe

    # all inputs are checked before the models are loaded
    video = probe(options.video)
    timeline = picture_timeline(video.path, options.start_tc)
    given = options.onsets and read_events(options.onsets, video.duration, timeline)
    prompt, events = _read_prompt(options, given), _event_options(options)
    output = options.output or default_output(video, reencode=options.reencode)
    takes = _checked_takes(output, options, given)
    check_container(video, output, reencode=options.reencode)

    from syncfusion.product import load, without_seeds
    from syncfusion.progress import bars

    pipeline = load(options.preset, device=options.device)
    steps = pipeline.preset.settings.draft_steps if options.draft else options.steps
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


def _event_options(options: argparse.Namespace) -> "EventOptions":
    from syncfusion.product import EventOptions

    folder = options.onsets.parent if options.onsets else None
    by_label, takes = options.by_label, options.round_robin
    return EventOptions(folder=folder, by_label=by_label, round_robin=takes)


def _read_prompt(options: argparse.Namespace, given: "OnsetTrack | None") -> "Prompt":
    from syncfusion.media import read_audio
    from syncfusion.product import find_preset
    from syncfusion.prompt import unknown_prompt_warning

    if options.prompt is None and options.reference is None and not given:
        raise InputError(
            "there is nothing to render from; give --prompt or --reference, or events with prompts "
            "of their own by --onsets"
        )
    if find_preset(options.preset).settings.prompt == "compact":
        own = {extra.get("prompt") for extra in given.extras} if given else set()
        warnings = map(unknown_prompt_warning, sorted({*own, options.prompt} - {None, ""}))
        sys.stderr.writelines(f"{warning}\n" for warning in warnings if warning is not None)
    return options.prompt if options.reference is None else read_audio(options.reference)
