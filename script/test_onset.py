"""Judge an onset detector by whole clips: sh script/test-onset.sh [--checkpoint PATH]."""

import os
import sys
from pathlib import Path
from typing import Any

import torch
from dotenv import load_dotenv
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI
from pytorch_lightning.utilities.exceptions import MisconfigurationException

from syncfusion.errors import InputError
from syncfusion.evaluation import OnsetTest, format_table
from syncfusion.onset import FRAME_SIZE_KEY, FrameSize, OnsetData
from syncfusion.options import BAD_INPUT
from syncfusion.product import find_preset
from syncfusion.training import OnsetCommand
from syncfusion.weights import UNPICKLING

BUNDLED = "checkpoints/compact"
PUBLISHED_SIZE = [112, 112]  # pixels


class Testing(OnsetCommand):
    """The command that tests; a checkpoint says by itself how its net is shaped."""

    @staticmethod
    def subcommands() -> dict[str, set[str]]:
        """Return "test" and "validate", which judges the validation split."""
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
        """Show the net frames of the size it was trained on; a preset knows its threshold."""
        chosen, settings = super().choices(), self.settings
        checkpoint = Path(settings["model"]["checkpoint"])
        if settings["data"]["frame_size"] is None:
            chosen["data"] = {"frame_size": trained_frame_size(checkpoint)}
        threshold = settings["threshold"]
        if threshold is None and (checkpoint / "preset.yaml").is_file():
            threshold = find_preset(checkpoint).settings.threshold
        if threshold is not None:
            chosen["model"] = {"decoding": {"threshold": threshold}}
        return chosen


def find_checkpoint(given: str | None) -> str:
    """Return the checkpoint given, else the best of the latest run, else the bundled preset."""
    logs = Path(os.environ.get("DIR_LOGS") or "logs")
    runs = sorted(logs.glob("onset*/checkpoints/best*.ckpt"), key=lambda run: run.stat().st_mtime)
    return given or str(runs[-1] if runs else BUNDLED)


def trained_frame_size(checkpoint: Path) -> FrameSize | list[int] | None:
    """Return the size of the frames a checkpoint was trained on, the published one if unknown."""
    if (checkpoint / "preset.yaml").is_file():
        return [find_preset(checkpoint).settings.frame_size] * 2
    try:
        content = torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=True)
        return content.get(FRAME_SIZE_KEY, PUBLISHED_SIZE)
    except (OSError, *UNPICKLING):  # a folder, or broken: load_onset will tell
        return PUBLISHED_SIZE


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line, or with these arguments.

    Args:
        arguments: subcommand and options; None for those of the command line.
    """
    load_dotenv()
    test = Testing(OnsetTest, OnsetData, save_config_callback=None, args=arguments).model
    print(f"\n{test.checkpoint}\n\n{format_table(test.table)}\n\n{test.output} holds the report")


if __name__ == "__main__":
    try:
        main()
    except (InputError, MisconfigurationException) as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
