"""Training of stage 1, the onset detector, as ``cfg/`` configures it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pytorch_lightning.callbacks import EarlyStopping, EMAWeightAveraging, ModelCheckpoint
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI

from syncfusion.checkpoint import load_onset
from syncfusion.device import find_device
from syncfusion.errors import InputError
from syncfusion.onset import OnsetData, OnsetModule, check_same_net
from syncfusion.places import CFG
from syncfusion.trainer import NanGuard, lightning_outcome
from syncfusion.training.onset_command import OnsetCommand, device_name, with_subcommand

ADVICE = (
    "resume from the last checkpoint (--ckpt_path last) with a lower learning rate or full "
    "precision (--trainer.precision 32-true)"
)


class OnsetTrainingCommand(OnsetCommand):
    """The command that trains: checkpoints, early stopping and averaged weights come with it.

    They are settings of their own beside ``trainer``, so that one of theirs can be changed without
    repeating a list of callbacks.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            OnsetModule,
            OnsetData,
            prog="syncfusion train onset",
            trainer_defaults={"callbacks": [NanGuard(ADVICE)]},
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
        parser.add_argument(
            "--init",
            type=str | None,
            help="checkpoint or folder whose weights training starts from",
        )
        parser.add_lightning_class_args(ModelCheckpoint, "checkpoint")
        parser.add_lightning_class_args(EarlyStopping, "early_stopping")
        parser.add_lightning_class_args(EMAWeightAveraging, "average")
        parser.link_arguments("data.frame_size", "model.frame_size")
        parser.link_arguments(
            "trainer.default_root_dir",
            "checkpoint.dirpath",
            compute_fn=lambda folder: os.path.join(folder or ".", "checkpoints"),
        )

    def choices(self) -> dict[str, Any]:
        """Keep the averaged weights where the net is; Lightning would keep them on the CPU."""
        if self.settings.get("average.device") is not None:
            return super().choices()
        device = find_device(device_name(self.settings["trainer"]["accelerator"]))
        return super().choices() | {"average": {"device": device.type}}

    def before_fit(self) -> None:
        """Start from trained weights, where that is set."""
        path = self.settings["init"]
        if path is not None:
            trained, net = load_onset(path), self.model.model
            check_same_net(asdict(trained.config), net.config, path)
            net.load_state_dict(trained.state_dict())


def train_onset(
    arguments: Sequence[str] | Mapping[str, Any], *, run: bool = True
) -> OnsetTrainingCommand:
    """Train the onset detector.

    Args:
        arguments: those of the command line, "fit" where they begin with no subcommand; or the
            settings of "fit", nested as in a yaml file.
        run: whether to train; False builds the objects of a configuration only.

    Returns:
        The model, the data and the trainer.

    Raises:
        InputError: if a setting, the data or a checkpoint cannot be used, or the loss is no number.
        SystemExit: with 2, after one sentence, if an argument is unknown or of another type.
    """
    names = tuple(OnsetTrainingCommand.subcommands())
    if isinstance(arguments, Mapping):
        given = {"subcommand": names[0], names[0]: dict(arguments)} if run else dict(arguments)
    else:
        given = with_subcommand(arguments, names) if run else list(arguments)
    with lightning_outcome():
        return OnsetTrainingCommand(args=given, run=run)


def onset_settings(config: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a file of ``cfg/`` with some changed.

    Args:
        config: the file's name, without its ending.
        changes: values by dotted key.

    Returns:
        Settings for ``train_onset``, nested, all references resolved.

    Raises:
        InputError: if the file cannot be read.
    """
    try:
        settings = OmegaConf.load(CFG / f"{config}.yaml")
        for key, value in changes.items():
            OmegaConf.update(settings, key, value, merge=False)
        return dict(OmegaConf.to_container(settings, resolve=True))  # type: ignore[arg-type]
    except (OSError, OmegaConfBaseException) as error:
        raise InputError(f"{CFG / config}.yaml cannot be used: {error}") from error
