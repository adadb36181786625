"""Sounds and pictures handed to the loggers that take them."""

from pathlib import Path
from typing import NamedTuple

from pytorch_lightning.loggers import Logger, TensorBoardLogger, WandbLogger

from syncfusion.media import read_audio


class Shown(NamedTuple):
    """One sound with its picture, as files."""

    name: str
    caption: str
    sound: Path
    picture: Path


def show(shown: Shown, logger: Logger, step: int) -> None:
    """Hand a sound and its picture to a logger; one that takes none, such as csv, is left alone.

    Args:
        shown: what.
        logger: of a training.
        step: of the training.
    """
    if isinstance(logger, WandbLogger):
        caption = [shown.caption]
        logger.log_audio(f"sound/{shown.name}", [str(shown.sound)], step, caption=caption)
        logger.log_image(f"picture/{shown.name}", [str(shown.picture)], step, caption=caption)
    elif isinstance(logger, TensorBoardLogger):
        import numpy as np
        from PIL import Image

        sound, board = read_audio(shown.sound), logger.experiment
        board.add_audio(f"sound/{shown.name}", sound.samples, step, sound.sample_rate)
        with Image.open(shown.picture) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        board.add_image(f"picture/{shown.name}", pixels, step, dataformats="HWC")
