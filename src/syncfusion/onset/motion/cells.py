"""Statistics of motion in the cells of a coarse grid: what the detector keeps of a picture."""

import cv2
import numpy as np
from jaxtyping import Float

from syncfusion.onset.motion.flow import FLOW_STEP, HEIGHT, WIDTH, PairMotion

ROWS, COLUMNS = 28, 48  # of the fine grid, which is halved once
CHANNELS = (  # in widths of the picture per second; differences in full scales per second
    "mean_x",
    "mean_y",
    "fastest_x",  # velocity of the fastest vector
    "fastest_y",
    "mean_speed",
    "largest_speed",
    "mean_difference",
    "largest_difference",
    "largest_change",  # of the velocity since the previous picture
)
N_CHANNELS = len(CHANNELS)
HORIZONTAL = (0, 2)  # channels that change sign in a mirrored picture
DIFFERENCES = (6, 7)
FASTEST, SPEED = (2, 3), 5
LARGEST = (5, 7, 8)  # channels that hold a maximum

Cells = Float[np.ndarray, "channel row column"]
GRID = (N_CHANNELS, ROWS // 2, COLUMNS // 2)  # shape of the cells of a picture


def cell_statistics(motion: PairMotion, seconds: float) -> Cells:
    """Return all channels but the change of velocity, which is 0, on the fine grid.

    Args:
        motion: between two pictures.
        seconds: between them.

    Returns:
        Cells of 28 × 48 in the units of ``CHANNELS``.
    """
    size = WIDTH // COLUMNS // FLOW_STEP
    x, y = (_places(motion.flow[..., axis], size) for axis in (0, 1))
    speed = np.sqrt(x * x + y * y)
    fastest = speed.argmax(0)[None]
    difference = motion.difference
    statistics = [
        x.mean(0),
        y.mean(0),
        np.take_along_axis(x, fastest, 0)[0],
        np.take_along_axis(y, fastest, 0)[0],
        speed.mean(0),
        speed.max(0),
        cv2.resize(difference, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA),
        _largest(difference, HEIGHT // ROWS),
        np.zeros((ROWS, COLUMNS), np.float32),
    ]
    return np.stack(statistics) / np.float32(seconds)


def largest_change(
    velocity: Float[np.ndarray, "y x 2"], before: Float[np.ndarray, "y x 2"]
) -> Float[np.ndarray, "row column"]:
    """Return the largest change of velocity in each cell of the fine grid."""
    change = velocity - before
    squared = np.square(change[..., 0]) + np.square(change[..., 1])
    return np.sqrt(_largest(squared, WIDTH // COLUMNS // FLOW_STEP))


def halved(
    cells: Float[np.ndarray, "*frame channel row column"],
) -> Float[np.ndarray, "*frame channel half_row half_column"]:
    """Join each 2 × 2 cells: means of means, the fastest one's velocity, largest of largest."""
    parts = [cells[..., row::2, column::2] for row in (0, 1) for column in (0, 1)]
    joined = np.mean(parts, axis=0, dtype=np.float32)
    fastest = [part[..., FASTEST, :, :] for part in parts]
    speeds = [part[..., [SPEED], :, :] for part in parts]
    vector, speed = fastest[0], speeds[0]
    for other, its_speed in zip(fastest[1:], speeds[1:], strict=True):
        vector = np.where(its_speed > speed, other, vector)
        speed = np.maximum(speed, its_speed)
    joined[..., FASTEST, :, :] = vector
    for channel in LARGEST:
        joined[..., channel, :, :] = np.maximum.reduce([part[..., channel, :, :] for part in parts])
    return joined.astype(cells.dtype)


def _places(values: Float[np.ndarray, "y x"], size: int) -> Float[np.ndarray, "place row column"]:
    """Group a map into squares of ``size`` places a side; each place of all squares together."""
    rows, columns = values.shape[0] // size, values.shape[1] // size
    squares = values.reshape(rows, size, columns, size).transpose(1, 3, 0, 2)
    return squares.reshape(size * size, rows, columns)


def _largest(values: Float[np.ndarray, "y x"], size: int) -> Float[np.ndarray, "row column"]:
    """Return the largest value in each square of ``size`` places a side."""
    rows, columns = values.shape[0] // size, values.shape[1] // size
    lines = values[: rows * size].reshape(rows, size, -1).max(1)
    return np.maximum.reduce([lines[:, place : columns * size : size] for place in range(size)])
