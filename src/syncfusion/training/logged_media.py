"""Sounds and pictures passed to the loggers that take them."""

from pathlib import Path
from typing import NamedTuple

from pytorch_lightning.loggers import Logger, TensorBoardLogger, WandbLogger

from syncfusion.media import read_audio


class LoggedSample(NamedTuple):
    """One sound with its picture, as files."""

    name: str
    caption: str
    sound: Path
    picture: Path


def log_sample(sample: LoggedSample, logger: Logger, step: int) -> None:
    """Log a sound and its picture; loggers that take neither, such as csv, are left alone.

    Args:
        sample: its files.
        logger: of a training.
        step: of the training.
    """
    if isinstance(logger, WandbLogger):
        caption = [sample.caption]
        logger.log_audio(f"sound/{sample.name}", [str(sample.sound)], step, caption=caption)
        logger.log_image(f"picture/{sample.name}", [str(sample.picture)], step, caption=caption)
    elif isinstance(logger, TensorBoardLogger):
        import numpy as np
        from PIL import Image

        sound, board = read_audio(sample.sound), logger.experiment
        board.add_audio(f"sound/{sample.name}", sound.samples, step, sound.sample_rate)
        with Image.open(sample.picture) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        board.add_image(f"picture/{sample.name}", pixels, step, dataformats="HWC")
