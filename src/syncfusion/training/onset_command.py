"""Stage 1's command line: LightningCLI, with what depends on the machine filled in.

Files given with ``-c`` merge key by key; ``${oc.env:DIR_LOGS,logs}`` in them stands for a variable
of the environment and its default.
"""

import functools
import operator
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, Union, get_args, get_origin

from jsonargparse import Namespace
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI

from syncfusion.device import bfloat16_is_fast, find_device
from syncfusion.errors import InputError
from syncfusion.options import BAD_INPUT
from syncfusion.published import ONSET
from syncfusion.trainer import LoggerKind, rank_settings, suitable_logger
from syncfusion.training.named_code import check_named, refusal, restrict_imports
from syncfusion.training.typed import unknown_key, wrong_type


class OneSentenceParser(LightningArgumentParser):
    """A parser that does not print its usage, hundreds of lines, with every mistake."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Leave with one sentence on stderr: the key and what is allowed, or code that is not."""
        denied = re.search(r"(?:Importing '|the settings name )([\w.]+)", message)
        if denied is not None:
            self.exit(BAD_INPUT, f"{refusal(denied[1])}\n")  # no exception: a union would go on
        parser = getattr(ex, "subcommand_parser", None) or self
        sentence = _explained(message, dict(_options(parser)))
        command = parser.prog.replace(" [options]", "")
        self.exit(BAD_INPUT, f"{sentence}; {command} --help lists all options\n")


class OnsetCommand(LightningCLI):
    """LightningCLI that chooses the trainer's logger and precision where they are null.

    Args:
        *classes: model and data.
        prog: the command's name in help and errors.
        **options: further ones of ``LightningCLI``.
    """

    def __init__(self, *classes: Any, prog: str, **options: Any) -> None:
        super().__init__(
            *classes,
            parser_class=OneSentenceParser,
            parser_kwargs={"parser_mode": "omegaconf", "prog": prog},
            save_config_kwargs={"overwrite": True},  # a resumed run writes its configuration again
            auto_configure_optimizers=False,
            **options,
        )

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add the choice of a logger.

        Args:
            parser: takes the argument.
        """
        read_whole_numbers(parser)
        parser.add_argument(
            "--logger",
            type=LoggerKind,
            default="auto",
            help="auto is Weights & Biases where the environment or .env names a key, else csv",
        )
        parser.add_argument(
            "--log_checkpoints",
            type=bool,
            default=False,
            help="whether Weights & Biases keeps the best checkpoint as an artefact",
        )

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:
        """Parse the arguments; what they name is checked before it is imported.

        Lightning's warning that the process has arguments of its own is left out.

        Args:
            parser: of the command.
            args: words, or settings nested as in a yaml file.
        """
        restrict_imports()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "LightningCLI's args parameter")
            super().parse_arguments(parser, args)

    @property
    def settings(self) -> Namespace:
        """The configuration of the subcommand, or of all where there is none."""
        return self.config[self.subcommand] if self.subcommand else self.config

    def before_instantiate_classes(self) -> None:
        """Fill in what was left to the machine, so that the saved configuration names it.

        Raises:
            InputError: if the settings name code that is no part of a training.
        """
        check_named(self.settings.as_dict())
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
            kind = suitable_logger(os.environ) if kind == "auto" else kind
            options = {"folder": trainer["default_root_dir"] or ".", "kind": kind}
            options["checkpoints"] = self.settings["log_checkpoints"]
            chosen["logger"] = {
                "class_path": "syncfusion.trainer.open_logger",
                "init_args": options,
            }
        device = find_device(device_name(trainer["accelerator"]))
        if trainer["precision"] is None:
            chosen["precision"] = "bf16-mixed" if bfloat16_is_fast(device) else "32-true"
        ranks = {name: trainer[name] for name in ("devices", "num_nodes", "strategy")}
        chosen |= rank_settings(ranks, device, os.environ)
        return {"trainer": chosen}


def read_whole_numbers(parser: LightningArgumentParser) -> None:
    """Let options that take whole numbers or fractions read 1 as a whole number.

    ``limit_train_batches`` of 1 is one batch, of 1.0 all batches; Lightning's annotation names
    both types, and Python keeps whichever order it has met first.

    Args:
        parser: whose options there are by now.
    """
    for action in parser._actions:
        hint = getattr(action, "_typehint", None)
        kinds = get_args(hint)
        if get_origin(hint) is Union and {int, float} <= set(kinds):
            ordered = sorted(kinds, key=lambda kind: kind is not int)
            vars(action)["_typehint"] = functools.reduce(operator.or_, ordered)


def device_name(accelerator: Any) -> str:
    """Return the name of the device of one of Lightning's accelerators."""
    return "auto" if accelerator == "gpu" else accelerator


def _options(parser: LightningArgumentParser) -> Iterator[tuple[str, Any]]:
    """Yield every option by its dotted name, with its type; those of subcommands too."""
    for action in parser._actions:
        yield action.dest, getattr(action, "_typehint", None) or action.type
    nested = getattr(parser, "_subcommands_action", None)
    for inner in getattr(nested, "_name_parser_map", {}).values():
        yield from _options(inner)


def _explained(message: str, options: Mapping[str, Any]) -> str:
    """Return a sentence of ours for a message of jsonargparse, or the message in one line."""
    typed = re.match(r'Parser key "([\w.]+)".*(?:Got value|Given value): (\S*)', message, re.S)
    if typed is not None and options.get(typed[1]) is not None:
        return wrong_type(typed[1], typed[2].rstrip("."), options[typed[1]])
    unknown = re.search(r"(?:unrecognized arguments: -+|does not accept option ')([\w.]+)", message)
    if unknown is not None:
        group = unknown[1].rpartition(".")[0]
        return unknown_key(unknown[1], _names(options, group), ONSET)
    return " ".join(message.rstrip(".").split())


def _names(options: Mapping[str, Any], group: str) -> list[str]:
    """Return the names right below a group of options."""
    prefix = f"{group}." if group else ""
    names = [name.removeprefix(prefix) for name in options if name.startswith(prefix)]
    return sorted({name.split(".")[0] for name in names} - {"help", "config"})
