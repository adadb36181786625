"""Sampling pictures at a constant rate."""

import math
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

CLOCK_TOLERANCE = 1e-3  # seconds; Matroska rounds its times to milliseconds
EARLY = 0.25  # of the source's period; benchmarks/frame_sampling.py compares other values


def schedule(
    pictures: Iterable[tuple[T | None, float]], fps: float, n_frames: int, period: float
) -> Iterator[tuple[T, int]]:
    """Yield each picture that is sampled, and the number of frames it gives.

    Frame k is the last picture that begins by ``k / fps``. A picture counts as begun a quarter of
    its distance from the previous one early, and at most ``EARLY`` of the period: cameras are some
    milliseconds late at random, which would otherwise decide between two pictures wherever a
    frame's time falls on a picture's beginning.

    Args:
        pictures: in display order, each with the second at which it appears; None for one that
            is not there, and so is not shown.
        fps: frames per second.
        n_frames: number of frames in all.
        period: average distance of the pictures in seconds.
    """
    shown, last, n_done = None, -math.inf, 0
    for picture, time in pictures:
        early = max(EARLY * min(period, time - last), CLOCK_TOLERANCE)
        last = time
        n_before = min(n_frames, math.ceil((time - early) * fps))
        if shown is not None and n_before > n_done:
            yield shown, n_before - n_done
            n_done = n_before
        if n_done == n_frames:
            return
        shown = shown if picture is None else picture
    if shown is not None:
        yield shown, n_frames - n_done
