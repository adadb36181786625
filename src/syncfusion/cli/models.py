"""The options of every command that runs a preset's models, and the models they name."""

import argparse
from functools import cache
from typing import TYPE_CHECKING

from syncfusion.constants import DEVICES, GAINS
from syncfusion.options import Parser, number

if TYPE_CHECKING:
    from syncfusion.product import Pipeline

EQUAL = "how loud detected events are: by the strength of the motion, or all alike"


def add_model_options(command: Parser) -> None:
    """Add the options of every command that runs a preset's detector."""
    command.add_argument(
        "--threshold", type=number(0, 1), metavar="P", help="lowest probability of an onset"
    )
    command.add_argument("--gains", choices=GAINS, default=GAINS[0], help=EQUAL)
    command.add_argument("--preset", default="compact", help="a preset's name or folder")
    command.add_argument("--device", default="auto", choices=DEVICES)


def check_models(options: argparse.Namespace) -> None:
    """Raise the InputError that loading the models would, before any work."""
    from syncfusion.device import find_device
    from syncfusion.product import find_preset

    find_preset(options.preset).check()
    find_device(options.device)


def load_models(preset: str, device: str) -> "Pipeline":
    """Return the models of a preset, which are imported and loaded now."""
    from syncfusion.product import load

    return load(preset, device=device)


@cache
def load_once(preset: str, device: str) -> "Pipeline":
    """Return the models of a preset, loaded once for all videos that a process does."""
    return load_models(preset, device)
