"""Statistics of motion in the cells of a coarse grid: what the detector keeps of a picture."""

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
    x, y = (_places(motion.flow[..., axis], WIDTH // COLUMNS // FLOW_STEP) for axis in (0, 1))
    speed = np.hypot(x, y)
    fastest = speed.argmax(-1)[..., None]
    difference = _places(motion.difference, HEIGHT // ROWS)
    statistics = [
        x.mean(-1),
        y.mean(-1),
        np.take_along_axis(x, fastest, -1)[..., 0],
        np.take_along_axis(y, fastest, -1)[..., 0],
        speed.mean(-1),
        speed.max(-1),
        difference.mean(-1),
        difference.max(-1),
        np.zeros((ROWS, COLUMNS)),
    ]
    return (np.stack(statistics) / seconds).astype(np.float32)


def largest_change(
    velocity: Float[np.ndarray, "y x 2"], before: Float[np.ndarray, "y x 2"]
) -> Float[np.ndarray, "row column"]:
    """Return the largest change of velocity in each cell of the fine grid."""
    change = velocity - before
    return _places(np.hypot(change[..., 0], change[..., 1]), WIDTH // COLUMNS // FLOW_STEP).max(-1)


def halved(
    cells: Float[np.ndarray, "*frame channel row column"],
) -> Float[np.ndarray, "*frame channel half_row half_column"]:
    """Join each 2 × 2 cells: means of means, the fastest one's velocity, largest of largest."""
    *_, rows, columns = cells.shape
    parts = cells.reshape(*cells.shape[:-2], rows // 2, 2, columns // 2, 2)
    parts = np.moveaxis(parts, -3, -2).reshape(*cells.shape[:-2], rows // 2, columns // 2, 4)
    joined = parts.mean(-1)
    fastest = parts[..., SPEED, :, :, :].argmax(-1)[..., None]
    for channel in FASTEST:
        vectors = parts[..., channel, :, :, :]
        joined[..., channel, :, :] = np.take_along_axis(vectors, fastest, -1)[..., 0]
    for channel in LARGEST:
        joined[..., channel, :, :] = parts[..., channel, :, :, :].max(-1)
    return joined


def _places(values: Float[np.ndarray, "y x"], size: int) -> Float[np.ndarray, "row column place"]:
    """Group a map into squares of ``size`` places a side."""
    rows, columns = values.shape[0] // size, values.shape[1] // size
    squares = values.reshape(rows, size, columns, size).transpose(0, 2, 1, 3)
    return squares.reshape(rows, columns, size * size)
