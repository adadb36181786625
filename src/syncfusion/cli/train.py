"""The command ``syncfusion train``: both stages, the prompt encoder, and a whole preset."""

import argparse
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from syncfusion.cli.output import write_lines
from syncfusion.cli.train_diffusion import add_diffusion
from syncfusion.cli.train_own import is_from_own, train_own
from syncfusion.cli.train_strength import add_train_strength
from syncfusion.options import Parser, add_overwrite, whole

AUTO, REHEARSAL = "auto", "rehearsal"
SIZES = (AUTO, "laptop", "gpu", REHEARSAL)  # as in recipe.size, which is slow to import
PROMPT_FILES = ("prompt.safetensors", "prompt.json")  # of a preset's folder
ONSET_FILES = ("onset.safetensors", "onset.yaml")
PRESET_FILES = (
    *ONSET_FILES,
    *PROMPT_FILES,
    "diffusion.safetensors",
    "diffusion.yaml",
    "preset.yaml",
)
LAYOUT = "laid out as Greatest Hits: videos/, times/, train.txt, test.txt; may be repeated"
COMPACT = """\
Train the three compact models, or train the bundled ones further on own sounds; run again, it
resumes. DATA holds videos with annotated onsets, laid out as Greatest Hits (videos/, times/,
train.txt, val.txt, test.txt), or sound files, <label>/<name>.wav or '<label> 3.wav'."""
ONSET = """\
Train the onset detector, by LightningCLI; run again, it resumes. cfg/ holds the settings:
  syncfusion train onset -c cfg/onset-motion.yaml --data.root FOLDER
  syncfusion train onset -c cfg/onset-motion.yaml --trainer.max_steps 600
  syncfusion train onset fit --help         lists all of them
  syncfusion train onset validate --help    the same, to score a validation split
or teach the bundled detector the clips whose onsets you have corrected:
  syncfusion train onset --from FOLDER --help"""
DIFFUSION = """\
Train the diffusion model; run again, it resumes. exp/ holds the settings; change some by
  syncfusion train diffusion data.batch_size=8 model=reference init=CHECKPOINT
  syncfusion train diffusion +experiment=smoke
  syncfusion train diffusion -m training.learning_rate=1e-4,3e-4"""


def add_train(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("train", help="train the models, or a whole compact preset")
    actions = command.add_subparsers(required=True, metavar="WHAT")
    onset = actions.add_parser(
        "onset",
        help="the onset detector, by LightningCLI; --from teaches own clips",
        description=ONSET,
        usage="syncfusion train onset [fit|validate] [-c FILE.yaml ...] [--KEY VALUE ...]",
        pass_on=True,
    )
    onset.set_defaults(run=_onset)
    add_diffusion(actions, DIFFUSION)
    _add_prompt(actions)
    _add_compact(actions)
    _add_calibrate(actions)
    add_train_strength(actions)
    _add_publish(actions)


def _add_prompt(actions: "argparse._SubParsersAction[Parser]") -> None:
    action = actions.add_parser("prompt", help="the compact prompt encoder")
    action.set_defaults(run=_prompt)
    add = action.add_argument
    add("--data", type=Path, action="append", default=[], metavar="FOLDER", help=LAYOUT)
    add("-o", "--output", type=Path, required=True, metavar="FOLDER")
    add("--steps", type=whole(0), metavar="N", help="of the optimiser; default: the laptop's")
    add("--spelling_steps", type=whole(0), metavar="N", help="further steps on misspelled words")
    add("--objects", type=whole(1), metavar="N", help="synthetic objects per material")
    add("--seed", type=whole(0), default=0)
    add_overwrite(action)


def _add_compact(actions: "argparse._SubParsersAction[Parser]") -> None:
    action = actions.add_parser(
        "compact",
        help="a whole compact preset, from videos or from own sounds",
        description=COMPACT,
    )
    action.set_defaults(run=_compact, size=AUTO)
    source = action.add_mutually_exclusive_group()
    source.add_argument("folder", type=Path, nargs="?", metavar="DATA", help="same as --data")
    source.add_argument("--data", type=Path, metavar="FOLDER", help="videos or sounds")
    source.add_argument("--sounds", type=Path, metavar="FOLDER", help="sounds")
    add = action.add_argument
    add("--rehearse", action="store_const", const=REHEARSAL, dest="size", help="a trial, minutes")
    add("--size", choices=SIZES, help="auto is gpu where there is one, else laptop")
    add("-o", "--output", type=Path, help="default: compact[-own]-SIZE in DIR_LOGS")
    add("--init", type=Path, default=Path("compact"), help="preset to start from")
    add("--seed", type=whole(0), default=0)


def _add_calibrate(actions: "argparse._SubParsersAction[Parser]") -> None:
    action = actions.add_parser("calibrate", help="fit a detector's probabilities to a split")
    action.set_defaults(run=_calibrate)
    add = action.add_argument
    add("--data", type=Path, required=True, metavar="FOLDER", help="processed videos")
    add("--checkpoint", type=Path, metavar="PATH", help="default: the bundled preset")
    add("--frame_size", type=whole(1), default=80, help="pixels; default: %(default)s")
    add("--split", default="val", help="clips to fit to; default: %(default)s")
    add("--others", nargs="*", default=["test"], metavar="SPLIT", help="splits to report as well")
    add("-o", "--output", type=Path, metavar="FOLDER", help="write the calibrated weights there")
    add_overwrite(action)


def _add_publish(actions: "argparse._SubParsersAction[Parser]") -> None:
    action = actions.add_parser("publish", help="put trained models into a preset's folder")
    action.set_defaults(run=_publish)
    add = action.add_argument
    add("--onset", type=Path, metavar="CKPT", help="checkpoint of the onset detector")
    add("--diffusion", type=Path, metavar="CKPT", help="checkpoint of the diffusion model")
    add("-o", "--output", type=Path, required=True, metavar="FOLDER", help="of the preset")
    add("--rest", type=Path, metavar="PRESET", help="preset to copy missing files from")
    add_overwrite(action)


def _log_progress() -> None:
    import logging

    logging.getLogger("syncfusion").setLevel(logging.INFO)


def _onset(options: argparse.Namespace) -> None:
    _log_progress()
    if is_from_own(options.arguments):
        train_own(options.arguments)
        return
    from syncfusion.training import train_onset

    train_onset(options.arguments)


def _prompt(options: argparse.Namespace) -> None:
    from syncfusion.media import check_writable
    from syncfusion.training import metric_lines, train_prompt

    check_writable(options.output / "any")
    _log_progress()
    names = ("steps", "spelling_steps", "objects")
    given = {name: value for name in names if (value := getattr(options, name)) is not None}
    with _results(options, PROMPT_FILES):
        metrics = train_prompt(options.data, options.output, seed=options.seed, **given)
    write_lines(metric_lines(metrics))


def _compact(options: argparse.Namespace) -> None:
    from syncfusion.recipe import RecipeOptions, train_compact

    chosen = RecipeOptions(
        data=options.data or options.folder,
        sounds=options.sounds,
        size=options.size,
        output=options.output,
        init=options.init,
        seed=options.seed,
    )
    train_compact(chosen, lambda line: write_lines([line]))


def _calibrate(options: argparse.Namespace) -> None:
    from syncfusion.places import PRESETS
    from syncfusion.training import calibrate_detector, metric_lines

    with _results(options, ONSET_FILES):
        metrics = calibrate_detector(
            options.data,
            options.checkpoint or PRESETS / "compact",
            frame_size=options.frame_size,
            split=options.split,
            others=options.others,
            output=options.output,
        )
    write_lines(metric_lines(metrics))


def _publish(options: argparse.Namespace) -> None:
    from syncfusion.training import publish_preset

    written = {"onset": options.onset, "diffusion": options.diffusion}
    names = [name for name in PRESET_FILES if written.get(name.partition(".")[0]) is not None]
    missing = [name for name in PRESET_FILES if not (options.output / name).exists()]
    with _results(options, [*names, *missing]):
        publish_preset(
            options.output, onset=options.onset, diffusion=options.diffusion, rest=options.rest
        )


def _results(options: argparse.Namespace, names: Iterable[str]) -> AbstractContextManager[None]:
    """Keep the files of these names in the output folder, unless they are results of ours."""
    from syncfusion.ownership import results

    paths = [options.output / name for name in names] if options.output else []
    return results(paths, overwrite=options.overwrite)
