"""The command line: ``syncfusion …`` or ``python -m syncfusion …``."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from syncfusion.cli.checkpoints import add_checkpoints
from syncfusion.cli.evaluate import add_evaluate
from syncfusion.cli.shards import add_shards
from syncfusion.constants import DEVICES
from syncfusion.errors import InputError
from syncfusion.options import BAD_INPUT, Parser, number, whole

if TYPE_CHECKING:
    from syncfusion.media import Waveform

INTERRUPTED = 130  # exit code
SILENT = "no onsets, so the sound is silent; lower --threshold or give your own times by --onsets"
NONE_FOUND = "no onsets; lower --threshold, or write your own times into the file"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; bad input ends with one sentence on stderr and exit code 2."""
    # to be set before torch is imported: threads that spin while they wait for each other take ten
    # times as long where anything else runs, and a quarter less where nothing does
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        options = build_parser().parse_args(arguments)
        logging.basicConfig(level=logging.WARNING, format="%(message)s")
        options.run(options)
    except InputError as error:
        sys.stderr.write(f"syncfusion: {error}\n")
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        sys.stderr.write("\nsyncfusion: stopped, no unfinished file is left; run it again\n")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)  # torch's threads may be inside a kernel: do not wait for them


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = Parser(
        prog="syncfusion", description="Sound for silent videos, exactly where things happen."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_generate(commands)
    _add_detect(commands)
    _add_synthesize(commands)
    add_shards(commands)
    add_evaluate(commands)
    add_checkpoints(commands)
    return parser


def _add_generate(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("generate", help="make the sound of a video")
    command.set_defaults(run=_generate)
    command.add_argument("video", type=Path, metavar="VIDEO")
    prompt = command.add_mutually_exclusive_group(required=True)
    prompt.add_argument("--prompt", metavar="TEXT", help='what it sounds like: "metal hit"')
    prompt.add_argument("--reference", type=Path, metavar="WAV", help="a sound to take after")
    command.add_argument("--onsets", type=Path, metavar="CSV", help="do not detect, use these")
    command.add_argument("-o", "--output", type=Path, metavar="OUT.mp4")
    steps = command.add_mutually_exclusive_group()
    steps.add_argument("--steps", type=whole(1), metavar="N", help="more is finer and slower")
    steps.add_argument("--draft", action="store_true", help="as few steps as still give the onsets")
    command.add_argument(
        "--guidance", type=number(), metavar="G", help="how strongly the prompt counts"
    )
    command.add_argument(
        "--seed", type=whole(0), default=0, metavar="S", help="another seed, another take"
    )
    command.add_argument(
        "--variations", type=whole(1), default=1, metavar="N", help="takes of as many seeds"
    )
    _add_model_options(command)


def _add_detect(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("detect", help="find the onsets of a video")
    command.set_defaults(run=_detect)
    command.add_argument("video", type=Path, metavar="VIDEO")
    command.add_argument("-o", "--output", type=Path, metavar="ONSETS.csv")
    _add_model_options(command)


def _add_model_options(command: Parser) -> None:
    command.add_argument(
        "--threshold", type=number(0, 1), metavar="P", help="lowest probability of an onset"
    )
    command.add_argument("--preset", default="compact", help="a preset's name or folder")
    command.add_argument("--device", default="auto", choices=DEVICES)


def _add_synthesize(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("synthesize", help="make impact scenes with exact onsets")
    command.set_defaults(run=_synthesize)
    place = command.add_mutually_exclusive_group(required=True)
    place.add_argument("-o", "--output", type=Path, metavar="FOLDER")
    place.add_argument("--sample", type=Path, metavar="FOLDER", help="the bundled sample clip")
    command.add_argument("--scenes", type=whole(1), default=8, metavar="N")
    command.add_argument(
        "--seconds", type=number(), default=20.0, metavar="S", help="length of a scene"
    )
    command.add_argument("--seed", type=whole(0), default=0)
    command.add_argument("--num_workers", type=whole(1), default=1, metavar="N")


def _generate(options: argparse.Namespace) -> None:
    from syncfusion.media import probe
    from syncfusion.product import Delivery, check_outputs
    from syncfusion.track import OnsetTrack

    # everything that can be wrong is looked at before the models are loaded
    duration = probe(options.video).duration
    given = options.onsets and OnsetTrack.read(options.onsets, duration)
    prompt = _read_prompt(options)
    output = options.output or options.video.with_name(f"{options.video.stem}.sync.mp4")
    takes = [Delivery(output).take(number) for number in range(1, options.variations + 1)]
    inputs = [options.video] + ([options.reference] if options.reference else [])
    for files in takes:
        check_outputs(files, inputs)

    from syncfusion.product import load
    from syncfusion.progress import bars

    pipeline = load(options.preset, device=options.device)
    steps = pipeline.preset.settings.draft_steps if options.draft else options.steps
    for seed, files in enumerate(takes, options.seed):
        with bars() as progress:
            made = pipeline.generate(
                options.video,
                prompt,
                files.video,
                onsets=given,
                threshold=options.threshold,
                seed=seed,
                steps=steps,
                guidance=options.guidance,
                progress=progress,
            )
        given = made.track
        _tell(files.names)
    _tell([f"{len(given)} onsets" if len(given) else SILENT])


def _read_prompt(options: argparse.Namespace) -> "str | Waveform":
    from syncfusion.media import read_audio
    from syncfusion.product import find_preset
    from syncfusion.prompt import unknown_prompt_warning

    if options.reference is not None:
        return read_audio(options.reference)
    by_words = find_preset(options.preset).settings.prompt == "compact"
    warning = unknown_prompt_warning(options.prompt)
    if warning is not None and by_words:
        sys.stderr.write(f"{warning}\n")
    return options.prompt


def _detect(options: argparse.Namespace) -> None:
    from syncfusion.media import probe

    probe(options.video)  # before the models are loaded
    output = options.output or options.video.with_suffix(".onsets.csv")
    if output.exists() and output.samefile(options.video):
        raise InputError(f"{output} is the video itself; choose another name for the onsets")

    from syncfusion.media import temporary_sibling
    from syncfusion.product import load
    from syncfusion.progress import bars

    with temporary_sibling(output) as temporary:
        pipeline = load(options.preset, device=options.device)
        with bars() as progress:
            track = pipeline.detect(options.video, threshold=options.threshold, progress=progress)
        temporary.write_text(track.to_csv(), encoding="utf-8")
    _tell([output, f"{len(track)} onsets" if len(track) else NONE_FOUND])


def _tell(lines: "Sequence[Path | str]") -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _synthesize(options: argparse.Namespace) -> None:
    from syncfusion.synthetic import synthesize, write_sample

    if options.sample is not None:
        write_sample(options.sample)
        return
    synthesize(
        options.output,
        n_scenes=options.scenes,
        seconds=options.seconds,
        seed=options.seed,
        n_workers=options.num_workers,
    )
