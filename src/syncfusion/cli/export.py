"""The command ``syncfusion export``: onsets as files of workstations, and back."""

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from syncfusion.cli.output import write_lines
from syncfusion.errors import InputError
from syncfusion.exchange import CATALOGUE
from syncfusion.options import Parser, add_overwrite

if TYPE_CHECKING:
    from syncfusion.exchange import Timeline
    from syncfusion.product import Delivery, Generated


def add_export(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("export", help="onsets for a DAW or editor, and back")
    command.set_defaults(at_once=True, run=_export)
    command.add_argument(
        "onsets", type=Path, metavar="ONSETS", help="onsets in any of the formats below"
    )
    command.add_argument(
        "--format", required=True, metavar="NAME", choices=CATALOGUE, help=", ".join(CATALOGUE)
    )
    command.add_argument("-o", "--output", type=Path, metavar="FILE")
    command.add_argument(
        "--rate", metavar="R", help="frames per second of the picture: 25, 23.976, 24000/1001"
    )
    add_start_option(command)
    command.add_argument(
        "--video", type=Path, metavar="VIDEO", help="take rate, start and length from the picture"
    )
    sounds = command.add_mutually_exclusive_group()
    sounds.add_argument(
        "--stems", type=Path, metavar="FOLDER", help="sounds by label: wood-hit.wav, …"
    )
    sounds.add_argument("--sound", type=Path, metavar="WAV", help="the whole sound, 24 bit")
    command.add_argument(
        "--original",
        type=Path,
        metavar="ONSETS",
        help="onsets that the file came from: their ids, prompts, seeds and gains are kept",
    )
    add_overwrite(command)


def add_start_option(command: Parser) -> None:
    """Add the option of every command that places events on a picture's timecode."""
    command.add_argument(
        "--start-tc", metavar="TC", help="timecode of the first picture: 01:00:00:00"
    )


def _export(options: argparse.Namespace) -> None:
    from syncfusion.exchange import (
        Session,
        Timeline,
        find_stems,
        read_events,
        returned,
        write_events,
    )

    timeline = _timeline(options)
    duration = _duration(options.video)
    output = options.output or _beside(options.onsets, options.format)
    _check_inputs(output, options)
    lines: list[object] = [output]
    if options.original:
        changes = returned(options.onsets, read_events(options.original, duration), timeline)
        track = changes.track
        lines.append(changes)
    else:
        track = read_events(options.onsets, duration, timeline)
    if timeline is None and CATALOGUE[options.format].needs_rate:
        raise InputError(
            f"{options.format} counts frames; give the picture's rate by --rate, such as 25 or "
            "24000/1001, or the picture by --video"
        )
    session = Session(
        track,
        name=options.onsets.name.partition(".")[0] or "onsets",
        timeline=timeline or Timeline(),
        stems=find_stems(options.stems, track) if options.stems else {},
        sound=options.sound,
        folder=output.parent,
    )
    _write(output, write_events(session, options.format), overwrite=options.overwrite)
    write_lines([*lines, f"{len(track)} onsets"])


def _duration(video: Path | None) -> float | None:
    """Return the seconds of a video; codecs are imported where there is one."""
    if video is None:
        return None
    from syncfusion.media import probe

    return probe(video).duration


def _timeline(options: argparse.Namespace) -> "Timeline | None":
    """Return the picture's timeline by the options; None where they do not state its rate."""
    from syncfusion.exchange import Timeline, find_start, frame_rate, picture_timeline

    if options.video is not None:
        return picture_timeline(options.video, options.start_tc)
    start = find_start(options.start_tc)
    if options.rate is None:
        if options.start_tc:
            raise InputError("a start needs the picture's rate; give it by --rate or --video")
        return None
    rate = frame_rate(options.rate)
    return Timeline.starting(start, rate) if start else Timeline(rate)


def _beside(onsets: Path, name: str) -> Path:
    """Return the name of the result beside the onsets: out.onsets.csv becomes out.onsets.mid."""
    return onsets.with_name(onsets.name.removesuffix(onsets.suffix) + CATALOGUE[name].suffix)


def _check_inputs(output: Path, options: argparse.Namespace) -> None:
    inputs = (options.onsets, options.original, options.video, options.sound)
    for source in filter(None, inputs):
        if output.exists() and source.exists() and output.samefile(source):
            raise InputError(f"{output} is an input itself; choose another name by -o")


def export_paths(files: "Delivery", formats: str | None) -> dict[str, Path]:
    """Return the file of each format in a list, beside a result's onsets, which are csv already.

    Args:
        files: of the result.
        formats: names separated by commas; None for none.

    Returns:
        File by format; ``csv`` is left out.

    Raises:
        InputError: if one of them is no format.
    """
    from syncfusion.exchange import format_names

    names = [name for name in format_names(formats) if name != "csv"] if formats else []
    paths = files.exports([CATALOGUE[name].suffix for name in names])
    return dict(zip(names, paths, strict=True))


def check_exports(
    files: Mapping[str, Path], inputs: Iterable[Path | None], *, overwrite: bool
) -> None:
    """Raise what ``write_exports`` would raise for these names.

    Args:
        files: file to write by format.
        inputs: files that the command reads; None stands for one that is not given.
        overwrite: whether files that others made, or that were changed since, may be replaced.

    Raises:
        InputError: if a file cannot be written, is an input or is somebody else's.
    """
    from syncfusion.media import check_writable
    from syncfusion.ownership import check_replaceable

    for source in filter(None, inputs):
        for path in files.values():
            if path.exists() and path.samefile(source):
                raise InputError(f"{path} is an input itself; choose another name by -o")
    for path in files.values():
        check_writable(path)
    check_replaceable(files.values(), overwrite=overwrite)


def write_exports(files: Mapping[str, Path], made: "Generated", *, overwrite: bool) -> None:
    """Write a result's onsets in further formats, with its sound where a format holds one."""
    from syncfusion.exchange import Session, write_events

    video, pops = made.files.video, made.files.pops
    session = Session(
        made.track,
        video.stem,
        made.files.template.timeline,
        stems=made.stems,
        sound=made.files.sound,
        folder=video.parent,
        note=_provenance(made.files.settings),
        lead=pops.lead if pops else Fraction(0),
    )
    for format, path in files.items():
        content = write_events(replace(session, track=made.exported(format)), format)
        _write(path, content, overwrite=overwrite)


def _provenance(settings: Path) -> str:
    """Return what a result was made from, on one line, by its settings file."""
    from syncfusion.plain_values import parse_json

    made = parse_json(settings.read_text(encoding="utf-8"))
    given = made["prompt"]
    prompt = given["sha256"] if isinstance(given, dict) else given or "of each event"
    parts = [f"syncfusion {made['syncfusion']}", f"preset {made['preset']['name']}"]
    parts += [f"seed {made['render']['seed']}", f"prompt {prompt}"]
    parts += [f"{name} sha256 {value}" for name, value in made["weights"].items()]
    about = {"trained on": "training_data", "licence": "licence"}
    stated = {words: made["preset"].get(name) for words, name in about.items()}
    parts += [f"{words} {text}" for words, text in stated.items() if text]
    return "; ".join(" ".join(part.split()) for part in parts)


def _write(path: Path, content: bytes, *, overwrite: bool) -> None:
    from syncfusion.media import temporary_sibling
    from syncfusion.ownership import check_replaceable

    check_replaceable([path], overwrite=overwrite)
    with temporary_sibling(path, is_result=True) as temporary:
        temporary.write_bytes(content)
