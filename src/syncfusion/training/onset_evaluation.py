"""Evaluation of stage 1 on whole clips: table 1, as ``cfg/test-onset.yaml`` configures it."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pytorch_lightning.cli import LightningArgumentParser, LightningCLI

from syncfusion.checkpoint import reads_motion
from syncfusion.evaluation import OnsetTest
from syncfusion.onset import FRAME_SIZE_KEY, FrameSize, OnsetData
from syncfusion.places import PRESETS, logs_folder
from syncfusion.product import find_preset
from syncfusion.trainer import lightning_outcome
from syncfusion.training.onset_arguments import with_subcommand
from syncfusion.training.onset_command import OnsetCommand
from syncfusion.weights import UNPICKLING, read_pickle

BUNDLED = str(PRESETS / "compact")
RAW_VIDEOS = "videos"  # folder of raw videos
PUBLISHED_SIZE = [112, 112]  # pixels

log = logging.getLogger(__name__)


class OnsetEvaluationCommand(OnsetCommand):
    """The command that evaluates; the shape of the net is read from its checkpoint."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            OnsetTest,
            OnsetData,
            prog="syncfusion evaluate onset",
            save_config_callback=None,
            **options,
        )

    @staticmethod
    def subcommands() -> dict[str, set[str]]:
        """Return "test" and "validate", which evaluates the validation split."""
        everything = LightningCLI.subcommands()
        return {name: everything[name] | {"ckpt_path"} for name in ("test", "validate")}

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add the checkpoint, under the published name too, and where the report goes.

        Args:
            parser: takes the arguments.
        """
        super().add_arguments_to_parser(parser)
        parser.add_argument(
            "--checkpoint",
            "--ckpt_path",
            type=str | None,
            help="folder or file; null is the latest run's best, or the bundled preset",
        )
        parser.add_argument("--output", type=str, help="folder of the report")
        parser.add_argument(
            "--threshold",
            type=float | None,
            help="lowest probability of an onset; null is the preset's, or model.decoding's",
        )
        parser.link_arguments("checkpoint", "model.checkpoint", compute_fn=find_checkpoint)
        parser.link_arguments("output", "model.output")
        parser.link_arguments("output", "trainer.default_root_dir")

    def choices(self) -> dict[str, Any]:
        """Use the checkpoint's frame size, and the threshold of a preset."""
        chosen, settings = super().choices(), self.settings
        checkpoint = Path(settings["model"]["checkpoint"])
        if settings["checkpoint"] is None:
            log.warning("%s", chosen_sentence(checkpoint))
        if settings["data"]["frame_size"] is None:
            chosen["data"] = {"frame_size": trained_frame_size(checkpoint)}
        roots = raw_roots([dict(root) for root in settings["data"]["roots"]])
        if reads_motion(checkpoint) and roots is not None:
            chosen["data"] = chosen.get("data", {}) | {"roots": roots}
        threshold = settings["threshold"]
        if threshold is None and (checkpoint / "preset.yaml").is_file():
            threshold = find_preset(checkpoint).settings.threshold
        if threshold is not None:
            chosen["model"] = {"decoding": {"threshold": threshold}}
        return chosen


def find_checkpoint(given: str | None) -> str:
    """Return the checkpoint given, else the best of the latest run, else the bundled preset."""
    runs = logs_folder().glob("onset*/checkpoints/best*.ckpt")
    latest = sorted(runs, key=lambda run: run.stat().st_mtime)[-1:]
    return given or str(*latest or [BUNDLED])


def chosen_sentence(checkpoint: Path) -> str:
    """Return which detector is evaluated where none was given, and how to give another."""
    is_run = str(checkpoint) != BUNDLED
    what = "the best checkpoint of the run that was written last" if is_run else "the bundled one"
    return f"no --checkpoint is given: {checkpoint} is evaluated, {what}"


def raw_roots(roots: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Return roots with the folder of the raw videos in place of one that is not there.

    Args:
        roots: of the data; the first is evaluated.

    Returns:
        The same with ``…/greatest-hits``, which holds ``videos``, in place of
        ``…/greatest-hits/mic-mp4-processed``; None where the first is there, or no such folder is.
    """
    folder = Path(str(roots[0]["folder"])) if roots else Path()
    if folder.is_dir() or not (folder.parent / RAW_VIDEOS).is_dir():
        return None
    log.info("%s is not there; the raw videos of %s are read", folder, folder.parent)
    return [dict(roots[0]) | {"folder": str(folder.parent)}, *roots[1:]]


def trained_frame_size(checkpoint: Path) -> FrameSize | list[int] | None:
    """Return the size of the frames a checkpoint was trained on, the published one if unknown.

    None is the stored size, for motion.
    """
    if reads_motion(checkpoint):
        return None
    if (checkpoint / "preset.yaml").is_file():
        return [find_preset(checkpoint).settings.frame_size] * 2
    try:
        content = read_pickle(checkpoint)
        return content.get(FRAME_SIZE_KEY, PUBLISHED_SIZE)
    except (OSError, *UNPICKLING):  # a folder, or broken: load_onset reports it
        return PUBLISHED_SIZE


def evaluate_onset(arguments: Sequence[str], *, run: bool = True) -> OnsetEvaluationCommand:
    """Evaluate an onset detector on a split.

    Args:
        arguments: those of the command line, "test" where they begin with no subcommand.
        run: whether to evaluate; False builds the objects of a configuration only.

    Returns:
        The command; its model has the table and where the report lies.

    Raises:
        InputError: if a setting, the data or the checkpoint cannot be used.
        SystemExit: with 2, after one sentence, if an argument is unknown or of another type.
    """
    names = tuple(OnsetEvaluationCommand.subcommands())
    given = with_subcommand(arguments, names) if run else list(arguments)
    with lightning_outcome():
        return OnsetEvaluationCommand(args=given, run=run)
