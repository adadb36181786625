"""``syncfusion generate`` of one video: its takes, the files beside them, and their ranking."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from syncfusion.cli.export import check_exports, export_paths, write_exports
from syncfusion.cli.videos import stage_bars
from syncfusion.errors import InputError
from syncfusion.extras import missing_extra

if TYPE_CHECKING:
    from syncfusion.exchange import Timeline
    from syncfusion.media import VideoInfo
    from syncfusion.product import Delivery, EventOptions, Pipeline, Prompt, Surroundings
    from syncfusion.prompt import PromptEncoder
    from syncfusion.track import OnsetTrack

    Takes = list[tuple[Delivery, dict[str, Path]]]  # with the exports of each, by format

SILENT = "no onsets, so the sound is silent; lower --threshold or give your own times by --onsets"


def generate_video(options: argparse.Namespace) -> Iterator[object]:
    """Write the takes of one video, and yield what is to be printed: names, counts, ranks.

    Args:
        options: those of the command for one video, as ``videos.each_video`` gives them.

    Yields:
        Lines, as soon as what they name is written.

    Raises:
        InputError: if something cannot be used, or a name is taken.
    """
    from syncfusion.exchange import picture_timeline, read_events
    from syncfusion.media import check_container, probe

    # all inputs are checked before the models are loaded
    video = probe(options.video)
    output = options.output or _default_output(video, options)
    if options.resume and _is_done(output, options):
        yield output
        return
    timeline = picture_timeline(video.path, options.start_tc)
    onsets = _onsets_file(options)
    given = onsets and read_events(onsets, video.duration, timeline)
    if not options.many:
        check_prompts(options, given)
    prompt, around = _read_prompt(options), _surroundings(options)
    takes = _checked_takes(output, options, given, timeline)
    check_container(video, output, reencode=options.reencode)
    yield from _written(takes, options, video, prompt, given, around)


def _written(
    takes: "Takes",
    options: argparse.Namespace,
    video: "VideoInfo",
    prompt: "Prompt",
    given: "OnsetTrack | None",
    around: "Surroundings",
) -> Iterator[object]:
    """Write the takes one after another; those of events are rendered with the first."""
    from syncfusion.product import following

    pipeline = options.load()
    steps = pipeline.preset.settings.draft_steps if options.draft else options.steps
    events = _event_options(options, pipeline)
    by_events, seed = pipeline.preset.mode(options.render) == "events", options.seed
    for files, exports in takes:
        with stage_bars(options) as progress:
            made = pipeline.generate(
                video,
                prompt,
                files,
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
        write_exports(exports, made, overwrite=options.overwrite)
        yield from [*files.names, *made.stems.values(), *exports.values()]
        given, next_seed = following(given or made.track, seed)
        seed, events = next_seed if by_events else seed + 1, replace(events, variations=1)
    yield f"{len(given)} onsets" if given else SILENT
    if len(takes) > 1 and given is not None:
        yield from _ranking([files for files, _ in takes], given, prompt, pipeline.prompts)


def _default_output(video: "VideoInfo", options: argparse.Namespace) -> Path:
    from syncfusion.media import default_output

    beside = default_output(video, reencode=options.reencode)
    return options.folder / beside.name if options.folder else beside


def _is_done(output: Path, options: argparse.Namespace) -> bool:
    """Whether all takes are there as they were written."""
    from syncfusion.ownership import are_own
    from syncfusion.product import Delivery

    takes = [Delivery(output).take(number) for number in range(1, options.variations + 1)]
    return are_own(name for files in takes for name in files.names)


def _onsets_file(options: argparse.Namespace) -> Path | None:
    """Return the file of a video's onsets; None if they are to be detected."""
    if options.onsets is None or not options.many:
        return options.onsets
    return options.onsets / options.video.with_suffix(".onsets.csv").name


def _ranking(
    takes: "list[Delivery]", track: "OnsetTrack", prompt: "Prompt", encoder: "PromptEncoder"
) -> list[str]:
    """Return a line a take, the best first; one line where what scores them is not installed."""
    try:
        from syncfusion.evaluation import rank_variations

        sounds = [files.read_sound() for files in takes]
        found = rank_variations(sounds, track, prompt, encoder)
    except ModuleNotFoundError as error:
        return [f"not ranked: {missing_extra(error) or error}"]
    return [
        f"{place}. {takes[each.place].video.name}: onset F {each.onset_f:.2f}"
        + ("" if each.similarity is None else f", prompt similarity {each.similarity:.2f}")
        for place, each in enumerate(found, 1)
    ]


def _checked_takes(
    output: Path, options: argparse.Namespace, given: "OnsetTrack | None", timeline: "Timeline"
) -> "Takes":
    """Return the files of each take and its exports, all of which may be written."""
    from syncfusion.product import Delivery, check_outputs

    inputs = [options.video] + ([options.reference] if options.reference else [])
    first = Delivery.under(
        options.video, output, timeline, template=options.name_template, pops=options.pops
    )
    takes = [first.take(number) for number in range(1, options.variations + 1)]
    with_exports = [(files, export_paths(files, options.export)) for files in takes]
    for files, exports in with_exports:
        check_outputs(files, inputs, onsets=given, overwrite=options.overwrite)
        check_exports(exports, [*inputs, _onsets_file(options)], overwrite=options.overwrite)
    return with_exports


def _event_options(options: argparse.Namespace, pipeline: "Pipeline") -> "EventOptions":
    """Return where events get their sounds; the library is read, or what has changed in it."""
    from syncfusion.product import EventOptions

    onsets, library = _onsets_file(options), None
    if options.library is not None:
        with stage_bars(options) as progress:
            library = pipeline.open_library(options.library, progress=progress)
    return EventOptions(
        folder=onsets.parent if onsets else None,
        by_label=options.by_label,
        round_robin=options.round_robin,
        library=library,
        variations=options.variations,
    )


def _surroundings(options: argparse.Namespace) -> "Surroundings":
    """Return room and room tone; an unknown room is refused here."""
    from syncfusion.product import Surroundings

    around = Surroundings(room=options.room, ambience_db=options.ambience)
    around.check()
    return around


def check_prompts(options: argparse.Namespace, given: "OnsetTrack | None") -> None:
    """Check that there is something to render from, and warn of prompts that are not understood.

    Args:
        options: those of the command.
        given: onsets, whose events may have prompts of their own; None if they are not known yet.

    Raises:
        InputError: if nothing can be rendered.
    """
    from syncfusion.product import find_preset
    from syncfusion.prompt import unknown_prompt_warning

    nothing = options.prompt is None and options.reference is None
    many = given is None and options.onsets is not None
    if nothing and not given and options.library is None and not many:
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


def _read_prompt(options: argparse.Namespace) -> "Prompt":
    from syncfusion.media import read_audio

    return options.prompt if options.reference is None else read_audio(options.reference)
