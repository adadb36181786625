"""The command line: ``syncfusion …`` or ``python -m syncfusion …``."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from syncfusion.errors import InputError

if TYPE_CHECKING:
    from syncfusion.media.audio import Waveform

BAD_INPUT, INTERRUPTED = 2, 130  # exit codes


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; bad input ends with one sentence on stderr and exit code 2."""
    options = build_parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        options.run(options)
    except InputError as error:
        sys.stderr.write(f"syncfusion: {error}\n")
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        sys.stderr.write("\nsyncfusion: stopped; nothing was written under the final name\n")
        # torch's threads may be inside a kernel: leave without waiting for them
        sys.stderr.flush()
        os._exit(INTERRUPTED)


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(
        prog="syncfusion", description="Sound for silent videos, exactly where things happen."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_generate(commands)
    _add_detect(commands)
    _add_synthesize(commands)
    _add_shards(commands)
    return parser


def _add_generate(commands: "argparse._SubParsersAction") -> None:
    command = commands.add_parser("generate", help="make the sound of a video")
    command.set_defaults(run=_generate)
    command.add_argument("video", type=Path, metavar="VIDEO")
    prompt = command.add_mutually_exclusive_group(required=True)
    prompt.add_argument("--prompt", metavar="TEXT", help='what it sounds like: "metal hit"')
    prompt.add_argument("--reference", type=Path, metavar="WAV", help="a sound to take after")
    command.add_argument("--onsets", type=Path, metavar="CSV", help="do not detect, use these")
    command.add_argument("-o", "--output", type=Path, metavar="OUT.mp4")
    command.add_argument("--threshold", type=float, metavar="P", help="lowest probability, 0 to 1")
    command.add_argument("--steps", type=_positive, help="more is finer and slower")
    command.add_argument("--guidance", type=float, help="how strongly the prompt counts")
    command.add_argument("--seed", type=_natural, default=0, help="another seed, another take")
    command.add_argument("--variations", type=_positive, default=1, metavar="N")
    _add_model_options(command)


def _add_detect(commands: "argparse._SubParsersAction") -> None:
    command = commands.add_parser("detect", help="find the onsets of a video")
    command.set_defaults(run=_detect)
    command.add_argument("video", type=Path, metavar="VIDEO")
    command.add_argument("-o", "--output", type=Path, metavar="ONSETS.csv")
    command.add_argument("--threshold", type=float, metavar="P", help="lowest probability, 0 to 1")
    _add_model_options(command)


def _add_synthesize(commands: "argparse._SubParsersAction") -> None:
    command = commands.add_parser("synthesize", help="make impact scenes with exact onsets")
    command.set_defaults(run=_synthesize)
    place = command.add_mutually_exclusive_group(required=True)
    place.add_argument("-o", "--output", type=Path, metavar="FOLDER")
    place.add_argument("--sample", type=Path, metavar="FOLDER", help="the bundled sample clip")
    command.add_argument("--scenes", type=_positive, default=8, metavar="N")
    command.add_argument("--seconds", type=float, default=20.0, help="length of a scene")
    command.add_argument("--seed", type=_natural, default=0)
    command.add_argument("--num_workers", type=_positive, default=1, metavar="N")


def _add_shards(commands: "argparse._SubParsersAction") -> None:
    command = commands.add_parser("shards", help="pack processed videos for diffusion training")
    command.set_defaults(run=_shards)
    command.add_argument("processed", type=Path, metavar="PROCESSED")
    command.add_argument("-o", "--output", type=Path, metavar="FOLDER", required=True)


def _add_model_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--preset", default="compact", help="a preset's name or folder")
    command.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))


def _positive(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} must be 1 or more")
    return int(text)


def _natural(text: str) -> int:
    if int(text) < 0:
        raise argparse.ArgumentTypeError(f"{text} must be 0 or more")
    return int(text)


def _generate(options: argparse.Namespace) -> None:
    from syncfusion.media.video import probe
    from syncfusion.onset.track import OnsetTrack

    # everything that can be wrong is looked at before the models are loaded
    duration = probe(options.video).duration
    given = options.onsets and OnsetTrack.read(options.onsets, duration)
    prompt = _read_prompt(options)
    output = options.output or options.video.with_name(f"{options.video.stem}.sync.mp4")
    outputs = [output] + [
        output.with_stem(f"{output.stem}-{take}") for take in range(2, options.variations + 1)
    ]

    from syncfusion.pipeline import load
    from syncfusion.progress import Bars

    pipeline = load(options.preset, device=options.device)
    for seed, name in enumerate(outputs, options.seed):
        with Bars() as progress:
            made = pipeline.generate(
                options.video,
                prompt,
                name,
                onsets=given,
                threshold=options.threshold,
                seed=seed,
                steps=options.steps,
                guidance=options.guidance,
                progress=progress,
            )
        given = made.track
        files = made.files
        for path in (files.video, files.sound, files.onsets, files.settings):
            sys.stdout.write(f"{path}\n")
    _tell_onsets(given, generated=True)


def _read_prompt(options: argparse.Namespace) -> "str | Waveform":
    from syncfusion.media.audio import read_audio
    from syncfusion.prompt.vocabulary import unknown_prompt_warning

    if options.reference is not None:
        return read_audio(options.reference)
    warning = unknown_prompt_warning(options.prompt)
    if warning is not None:
        sys.stderr.write(f"{warning}\n")
    return options.prompt


def _detect(options: argparse.Namespace) -> None:
    from syncfusion.media.atomic import temporary_sibling
    from syncfusion.pipeline import load
    from syncfusion.progress import Bars

    output = options.output or options.video.with_suffix(".onsets.csv")
    with Bars() as progress:
        track = load(options.preset, device=options.device).detect(
            options.video, threshold=options.threshold, progress=progress
        )
    with temporary_sibling(output) as temporary:
        temporary.write_text(track.to_csv())
    sys.stdout.write(f"{output}\n")
    _tell_onsets(track, generated=False)


def _tell_onsets(track, *, generated: bool) -> None:  # noqa: ANN001
    if len(track):
        sys.stdout.write(f"{len(track)} onsets\n")
        return
    silent = ", so the sound is silent" if generated else ""
    sys.stdout.write(
        f"0 onsets{silent}; try a lower --threshold, or give your own times with --onsets\n"
    )


def _synthesize(options: argparse.Namespace) -> None:
    from syncfusion.synthetic.dataset import synthesize, write_sample

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


def _shards(options: argparse.Namespace) -> None:
    from syncfusion.preprocess.shards import write_split

    for shard in write_split(options.processed, options.output):
        sys.stdout.write(f"{shard}\n")
