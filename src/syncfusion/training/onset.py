"""Training of stage 1, the onset detector, as ``cfg/`` configures it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from syncfusion.errors import InputError
from syncfusion.places import CFG
from syncfusion.trainer import lightning_outcome
from syncfusion.training.named_code import read_settings
from syncfusion.training.onset_arguments import find_config, with_subcommand
from syncfusion.training.onset_training import COMMANDS, Input, OnsetTrainingCommand


def detector_input(arguments: Sequence[str] | Mapping[str, Any]) -> Input:
    """Return the detector's input that arguments or the files they name set; frames if none does.

    Args:
        arguments: see ``train_onset``.

    Returns:
        "frames" or "motion"; of several that are set, the last.
    """
    if isinstance(arguments, Mapping):
        return arguments.get("input", "frames")
    chosen: Input = "frames"
    for value in _inputs(arguments):
        chosen = value if value in get_args(Input) else chosen
    return chosen


def _inputs(arguments: Sequence[str]) -> Iterator[Any]:
    for option, value in pairwise([word for each in arguments for word in each.split("=", 1)]):
        if option == "--input":
            yield value
        elif option in ("-c", "--config") and os.path.isfile(find_config(value)):
            settings = read_settings(Path(find_config(value)))
            yield settings.get("input") if isinstance(settings, Mapping) else None


def train_onset(
    arguments: Sequence[str] | Mapping[str, Any], *, run: bool = True
) -> OnsetTrainingCommand:
    """Train the onset detector, or resume the run that is there.

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
        chosen = detector_input(arguments)
    else:
        given = with_subcommand(arguments, names) if run else list(arguments)
        chosen = detector_input(given)
    with lightning_outcome():
        return COMMANDS[chosen](args=given, run=run)


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
        raise InputError(
            f"{CFG / config}.yaml cannot be used: {error}; correct that file"
        ) from error
