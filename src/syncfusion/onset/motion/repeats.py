"""Pictures that a converted frame rate repeats."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from syncfusion.media import GreyPicture

SAME_DIFFERENCE = 0.05  # grey levels (of 255) on average between a picture and its repetition


def without_repeats(pictures: Iterable[GreyPicture]) -> Iterator[GreyPicture]:
    """Leave out pictures that repeat the one before while the scene moves on.

    A single repetition between two different pictures is an artefact of a converted frame rate;
    several in sequence are a still scene, and stay.
    """
    last, held, n_repeats = None, None, 0
    for picture in pictures:
        if last is not None and _same(last.pixels, picture.pixels):
            n_repeats += 1
            if held is not None:
                yield held
            held = picture
            continue
        if held is not None and n_repeats > 1:
            yield held
        last, held, n_repeats = picture, None, 0
        yield picture
    if held is not None:
        yield held


def _same(before: np.ndarray, after: np.ndarray) -> bool:
    return float(cv2.absdiff(before, after).mean()) < SAME_DIFFERENCE
