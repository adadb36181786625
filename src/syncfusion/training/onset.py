"""Stage 1's command line: LightningCLI, with what depends on the machine filled in.

Files given with ``-c`` merge key by key; ``${oc.env:DIR_LOGS,logs}`` in them stands for a variable
of the environment and its default.
"""

import os
from typing import Any, Literal, NoReturn

from jsonargparse import Namespace
from pytorch_lightning.callbacks import EarlyStopping, EMAWeightAveraging, ModelCheckpoint
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI

from syncfusion.device import bfloat16_is_fast, find_device
from syncfusion.errors import InputError
from syncfusion.options import BAD_INPUT
from syncfusion.trainer import ACCOUNT, FiniteLoss, find_logger

ADVICE = (
    "go on from the last checkpoint (--ckpt_path last) with a lower learning rate or full "
    "precision (--trainer.precision 32-true)"
)


class OneSentenceParser(LightningArgumentParser):
    """A parser that does not print its usage, hundreds of lines, with every mistake."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Leave with what is wrong on stderr."""
        parser = getattr(ex, "subcommand_parser", None) or self
        command = parser.prog.replace(" [options]", "")
        self.exit(BAD_INPUT, f"{message.rstrip('.')}; {command} --help lists all options\n")


class OnsetCommand(LightningCLI):
    """LightningCLI that chooses the trainer's logger and precision where they are null."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(
            *args,
            parser_class=OneSentenceParser,
            parser_kwargs={"parser_mode": "omegaconf"},
            save_config_kwargs={"overwrite": True},  # a resumed run writes its configuration again
            auto_configure_optimizers=False,
            **options,
        )

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add the choice of a logger.

        Args:
            parser: takes the argument.
        """
        parser.add_argument(
            "--logger",
            type=Literal["auto", "csv", "wandb"],
            default="auto",
            help="auto is Weights & Biases where the environment or .env names a key, else csv",
        )

    @property
    def settings(self) -> Namespace:
        """The configuration of the subcommand, or of all where there is none."""
        return self.config[self.subcommand] if self.subcommand else self.config

    def before_instantiate_classes(self) -> None:
        """Choose what was left to the machine, so that the saved configuration says it."""
        chosen = self.choices()
        nested = {self.subcommand: chosen} if self.subcommand else chosen
        self.config = self.parser.parse_object(nested, self.config)

    def instantiate_classes(self) -> None:
        """Build model, data and trainer.

        Raises:
            InputError: if a setting is out of its range.
        """
        try:
            super().instantiate_classes()
        except ValueError as error:
            raise InputError(str(error)) from error

    def choices(self) -> dict[str, Any]:
        """Return the settings to fill in, nested as in a yaml file."""
        trainer, chosen = self.settings["trainer"], {}
        if trainer["logger"] is None:
            kind = self.settings["logger"]
            kind = find_logger(os.environ) if kind == "auto" else kind
            chosen["logger"] = logger_settings(kind, trainer["default_root_dir"] or ".")
        if trainer["precision"] is None:
            fast = bfloat16_is_fast(find_device(_device_name(trainer["accelerator"])))
            chosen["precision"] = "bf16-mixed" if fast else "32-true"
        return {"trainer": chosen}


class TrainingCommand(OnsetCommand):
    """The command that trains: checkpoints, early stopping and averaged weights come with it.

    They are settings of their own beside ``trainer``, so that one of theirs can be changed without
    repeating a list of callbacks.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, trainer_defaults={"callbacks": [FiniteLoss(ADVICE)]}, **options)

    @staticmethod
    def subcommands() -> dict[str, set[str]]:
        """Return "fit" and "validate"; ``script/test_onset.py`` tests."""
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
        device = find_device(_device_name(self.settings["trainer"]["accelerator"]))
        return super().choices() | {"average": {"device": device.type}}


def logger_settings(kind: Literal["csv", "wandb"], folder: str) -> dict[str, Any]:
    """Return a logger as a yaml file would describe it; ``folder`` is where the run writes."""
    if kind == "csv":
        options = {"save_dir": folder, "name": "csv"}
        return {"class_path": "pytorch_lightning.loggers.CSVLogger", "init_args": options}
    account = {name: os.environ.get(f"WANDB_{name.upper()}") for name in ACCOUNT}
    options = {"save_dir": folder} | {name: value for name, value in account.items() if value}
    return {"class_path": "pytorch_lightning.loggers.WandbLogger", "init_args": options}


def _device_name(accelerator: Any) -> str:
    return "auto" if accelerator == "gpu" else accelerator
