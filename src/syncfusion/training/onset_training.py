"""The commands that train stage 1: of frames, and of motion."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from pytorch_lightning import Trainer
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI

from syncfusion.checkpoint import load_onset
from syncfusion.device import find_device
from syncfusion.errors import InputError
from syncfusion.onset import MotionData, MotionModule, OnsetData, OnsetModule, check_same_net
from syncfusion.published import check_metric
from syncfusion.trainer import (
    NanGuard,
    ResumePoint,
    WarmUpAveraging,
    progress_callbacks,
)
from syncfusion.training.data_hashes import root_hashes
from syncfusion.training.onset_command import OnsetCommand, device_name
from syncfusion.training.run_record import check_run, describe_run, log_run, write_record
from syncfusion.weights import UNPICKLING, read_pickle

ADVICE = (
    "run it again with a lower learning rate (--model.learning_rate) or full precision "
    "(--trainer.precision 32-true); it resumes from its last checkpoint"
)

Input = Literal["frames", "motion"]  # of the detector


class OnsetTrainingCommand(OnsetCommand):
    """The command that trains: checkpoints, early stopping and averaged weights come with it.

    They are settings of their own beside ``trainer``, so that one of theirs can be changed without
    repeating a list of callbacks.
    """

    classes: tuple[type, type] = (OnsetModule, OnsetData)

    def __init__(self, **options: Any) -> None:
        super().__init__(
            *self.classes,
            prog="syncfusion train onset",
            trainer_defaults={
                "callbacks": [NanGuard(ADVICE)],
                "use_distributed_sampler": False,  # ``OnsetData`` splits its batches itself
            },
            **options,
        )

    @staticmethod
    def subcommands() -> dict[str, set[str]]:
        """Return "fit" and "validate"; ``syncfusion evaluate onset`` tests."""
        everything = LightningCLI.subcommands()
        return {name: everything[name] for name in ("fit", "validate")}

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add the callbacks and where to start from.

        Args:
            parser: takes the arguments.
        """
        super().add_arguments_to_parser(parser)
        parser.add_argument("--input", type=Input, default="frames", help="of the detector")
        parser.add_argument(
            "--init",
            type=str | None,
            help="checkpoint or folder whose weights training starts from",
        )
        parser.add_argument(
            "--save_interval_seconds",
            type=float,
            default=60.0,
            help="training time between two writings of checkpoints/last.ckpt, at most",
        )
        parser.add_lightning_class_args(ModelCheckpoint, "checkpoint")
        parser.add_lightning_class_args(EarlyStopping, "early_stopping")
        parser.add_lightning_class_args(WarmUpAveraging, "average")
        self.link_data(parser)
        parser.link_arguments(
            "trainer.default_root_dir",
            "checkpoint.dirpath",
            compute_fn=lambda folder: os.path.join(folder or ".", "checkpoints"),
        )

    def link_data(self, parser: LightningArgumentParser) -> None:
        """Write what model and data share once.

        Args:
            parser: takes the links.
        """
        parser.link_arguments("data.frame_size", "model.frame_size")

    def choices(self) -> dict[str, Any]:
        """Keep the averaged weights where the net is; Lightning would keep them on the CPU."""
        if self.settings.get("average.device") is not None:
            return super().choices()
        device = find_device(device_name(self.settings["trainer"]["accelerator"]))
        return super().choices() | {"average": {"device": device.type}}

    def instantiate_trainer(self, **options: Any) -> Trainer:
        """Build the trainer, with the checkpoint to resume from and progress for where it runs.

        Args:
            **options: arguments of the trainer, in place of those set.

        Returns:
            The trainer.
        """
        settings = self.settings
        shown = settings["trainer"]["enable_progress_bar"] is not False
        folder, interval = settings["checkpoint"]["dirpath"], settings["save_interval_seconds"]
        point = ResumePoint(str(folder), interval_seconds=interval)
        self.trainer_defaults["callbacks"] += [point, *progress_callbacks(shown)]
        if not sys.stderr.isatty():
            options["enable_progress_bar"] = False
        return super().instantiate_trainer(**options)

    def before_fit(self) -> None:
        """Resume the run that is there, if it is of the same; else start, from weights if set."""
        for option in ("checkpoint", "early_stopping"):
            monitored = self.settings[option]["monitor"]
            check_metric(monitored, self.model.metrics, f"{option}.monitor")
        settings, folder = self.settings, Path(self.settings["trainer"]["default_root_dir"] or ".")
        record = describe_run(self._plain_settings(), root_hashes(self._folders()))
        checkpoint = find_last(folder, settings["ckpt_path"])
        if checkpoint is not None:
            check_run(folder, record)
        elif settings["init"] is not None:
            self._start_from(settings["init"])
        self.config_init[str(self.subcommand)]["ckpt_path"] = checkpoint
        if self.trainer.is_global_zero:
            write_record(folder, record)
        log_run(self.trainer, record, checkpoint)

    def _plain_settings(self) -> dict[str, Any]:
        parser = self._parser(self.subcommand)
        return json.loads(parser.dump(self.settings, format="json", skip_link_targets=False))

    def _folders(self) -> list[Path]:
        return [Path(root["folder"]) for root in self.settings["data"]["roots"]]

    def _start_from(self, path: str) -> None:
        trained, net = load_onset(path), self.model.model
        self.check_same(trained, path)
        net.load_state_dict(trained.state_dict())

    def check_same(self, trained: Any, path: str) -> None:
        """Raise InputError unless trained weights have the shape of the net."""
        if not isinstance(trained, type(self.model.model)):
            raise InputError(f"{path} holds a detector of another input; choose it by --input")
        check_same_net(asdict(trained.config), self.model.model.config, path)


def find_last(folder: Path, given: str | None) -> str | None:
    """Return the checkpoint that a run is resumed from, None for a new run.

    Args:
        folder: of the run.
        given: path of a checkpoint; None or "last" for the last one of the run.

    Returns:
        Path of the checkpoint; of several last ones, that of the most steps.
    """
    if given not in (None, "last"):
        return given
    written = sorted((folder / "checkpoints").glob("last*.ckpt"))
    return str(written[0] if len(written) == 1 else max(written, key=_step)) if written else None


def _step(path: Path) -> int:
    try:
        return int(read_pickle(path)["global_step"])
    except (OSError, *UNPICKLING):
        return -1


class MotionTrainingCommand(OnsetTrainingCommand):
    """The command that trains the detector of motion."""

    classes = (MotionModule, MotionData)

    def _folders(self) -> list[Path]:
        return [Path(self.settings["data"]["root"])]

    def link_data(self, parser: LightningArgumentParser) -> None:
        """Draw batches for as many nets as there are, with labels where these see them.

        Args:
            parser: takes the links.
        """
        parser.link_arguments("model.net.n_feature_nets", "data.n_feature_nets")
        parser.link_arguments("model.net.n_grid_nets", "data.n_grid_nets")
        parser.link_arguments("model.net.picture_lag", "data.picture_lag")

    def check_same(self, trained: Any, path: str) -> None:
        """Raise InputError unless trained weights have the shape of the nets."""
        if getattr(trained, "config", None) != self.model.model.config:
            raise InputError(f"{path} holds another detector; set model.net as it was trained")


COMMANDS: dict[str, type[OnsetTrainingCommand]] = {
    "frames": OnsetTrainingCommand,
    "motion": MotionTrainingCommand,
}
