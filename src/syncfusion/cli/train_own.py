"""The command ``syncfusion train onset --from``: corrected clips teach the detector."""

from collections.abc import Sequence
from pathlib import Path

from syncfusion.cli.output import write_lines
from syncfusion.errors import InputError
from syncfusion.options import Parser, add_overwrite, whole

FROM = "--from"
OWN = """\
Go on from a preset's detector with clips whose onsets you have corrected: videos with
NAME.onsets.csv beside them, projects of the studio (NAME.syncfusion), or folders of these. A few
minutes; the result is a preset of its own, for --preset."""


def is_from_own(arguments: Sequence[str]) -> bool:
    """Return whether arguments of ``train onset`` request own clips."""
    return any(word == FROM or word.startswith(f"{FROM}=") for word in arguments)


def train_own(arguments: Sequence[str]) -> None:
    """Run the command."""
    options = _parser().parse_args(arguments)
    from syncfusion.onset import Decoding
    from syncfusion.ownership import results
    from syncfusion.places import PRESETS
    from syncfusion.product import find_preset
    from syncfusion.progress import bars
    from syncfusion.training import find_own_clips, metric_lines, preset_files, teach_detector

    preset = find_preset(options.preset)
    forbidden = {folder.resolve() for folder in (preset.folder, *PRESETS.iterdir())}
    if options.output.resolve() in forbidden:
        raise InputError(f"{options.output} is the preset itself; choose another folder by -o")
    clips = find_own_clips(options.paths)
    settings = preset.settings
    decoding = Decoding(threshold=settings.threshold, minimum_gap_seconds=settings.minimum_gap)
    written = [options.output / name for name in preset_files(preset.folder)]
    with results(written, overwrite=options.overwrite), bars() as progress:
        scores = teach_detector(
            clips,
            preset.folder,
            options.output,
            decoding=decoding,
            steps=options.steps,
            seed=options.seed,
            progress=progress,
        )
    write_lines([*metric_lines(scores), f"use it by --preset {options.output}"])


def _parser() -> Parser:
    parser = Parser(prog="syncfusion train onset", description=OWN)
    add = parser.add_argument
    add(FROM, dest="paths", type=Path, nargs="+", required=True, metavar="PROJECT")
    add("-o", "--output", type=Path, required=True, metavar="FOLDER", help="of the new preset")
    add("--preset", default="compact", help="to go on from; default: %(default)s")
    add("--steps", type=whole(1), default=200, metavar="N", help="default: %(default)s")
    add("--seed", type=whole(0), default=0)
    add_overwrite(parser)
    return parser
