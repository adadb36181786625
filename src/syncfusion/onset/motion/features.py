"""Some hundred numbers per frame that do not depend on where in the picture the motion is.

Speeds are in widths of the picture per second, x to the right, y downwards.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.onset.motion.profiles import profiles
from syncfusion.onset.motion.quantities import Quantity, lagged, strongest

CONTEXT = 4  # frames either side that the features of a frame depend on, at most
CHUNK = 1024  # frames computed at once
NOTHING = 1e-4  # keeps weights defined where nothing moves

SPEEDS, DIFFERENCES = 8.0, 1.0  # compression: log(1 + this · value)


@dataclass(frozen=True)
class FeatureKinds:
    """How each feature is compressed and augmented.

    Args:
        compression: factor before the logarithm; 0 for features that stay as they are.
        sign: -1 for features that change sign in a mirrored picture, else 1.
        is_difference: 1 for features of grey differences, else 0.
    """

    compression: Float[Tensor, " feature"]
    sign: Float[Tensor, " feature"]
    is_difference: Float[Tensor, " feature"]

    def __len__(self) -> int:
        return len(self.compression)


def motion_features(
    cells: Float[np.ndarray, "frame channel row column"],
) -> Float[Tensor, "frame feature"]:
    """Return all features of a video's cells, computed in pieces."""
    pieces = []
    for start in range(0, len(cells), CHUNK):
        first = max(0, start - CONTEXT)
        part = torch.from_numpy(cells[first : start + CHUNK + CONTEXT].astype(np.float32))
        values = torch.cat([each.values for each in _quantities(part)], dim=1)
        pieces.append(values[start - first :][: min(CHUNK, len(cells) - start)])
    return torch.cat(pieces)


@functools.cache
def feature_kinds() -> FeatureKinds:
    """Return the kinds of all features, in order."""
    with torch.device("cpu"):  # they are kept, whatever device the first net is built on
        found = list(_quantities(torch.zeros(1, 9, 14, 24)))
        widths = torch.tensor([each.values.shape[1] for each in found])

        def repeated(values: list[float]) -> Tensor:
            return torch.tensor(values).repeat_interleave(widths)

        return FeatureKinds(
            repeated([each.compression for each in found]),
            repeated([-1.0 if each.is_mirrored else 1.0 for each in found]),
            repeated([float(each.is_difference) for each in found]),
        )


def _quantities(cells: Float[Tensor, "frame channel row column"]) -> Iterable[Quantity]:
    yield from _amounts(cells)
    yield from _fastest_region(cells)
    yield from _centre_of_differences(cells)
    for lag in (1, 2, 3):
        yield from _changes(cells, lag)
    yield from _directions(cells)
    yield from profiles(cells)


def _amounts(cells: Tensor) -> Iterable[Quantity]:
    speed, difference, average = cells[:, 5], cells[:, 7], cells[:, 6]
    yield Quantity(strongest(speed), SPEEDS)
    yield Quantity(cells[:, 4].mean((1, 2))[:, None], 40.0)
    yield Quantity(strongest(difference), DIFFERENCES, is_difference=True)
    yield Quantity(strongest(average), 2.0, is_difference=True)
    yield Quantity(average.mean((1, 2))[:, None], 8.0, is_difference=True)
    yield Quantity(strongest(cells[:, 8]), SPEEDS)


def _fastest_region(cells: Tensor) -> Iterable[Quantity]:
    """Yield velocity and extent of the region of highest speed."""
    u, v, speed = cells[:, 2], cells[:, 3], cells[:, 5]
    for power in (2, 4):
        weight = _weights(speed, power)
        x, y = _centre(weight)
        rows, columns = _positions(weight)
        spread = (columns - x[:, None, None]) ** 2 + (rows - y[:, None, None]) ** 2
        horizontal = (weight * u).sum((1, 2))
        yield Quantity(horizontal[:, None], SPEEDS, is_mirrored=True)
        yield Quantity((weight * v).sum((1, 2))[:, None], SPEEDS)
        yield Quantity((weight * spread).sum((1, 2)).sqrt()[:, None], 0.0)
        yield Quantity(horizontal.abs()[:, None], SPEEDS)


def _centre_of_differences(cells: Tensor) -> Iterable[Quantity]:
    """Yield how far the centre of the grey differences moves."""
    x, y = _centre(_weights(cells[:, 6], 2))
    moved = ((x - lagged(x, 1)) ** 2 + (y - lagged(y, 1)) ** 2).sqrt()
    yield Quantity(moved[:, None], SPEEDS)
    yield Quantity((y - lagged(y, 1))[:, None], 0.0)


def _changes(cells: Tensor, lag: int) -> Iterable[Quantity]:
    """Yield stops, starts and reversals at a place since ``lag`` frames ago."""
    u, v, speed, difference = cells[:, 2], cells[:, 3], cells[:, 5], cells[:, 7]
    u0, v0, speed0, difference0 = (lagged(each, lag) for each in (u, v, speed, difference))
    reversed_speed = -(u * u0 + v * v0) / (speed + speed0 + 1e-3)
    yield Quantity(_largest(speed0 - _around(speed)), SPEEDS)
    yield Quantity(_largest(speed - _around(speed0)), SPEEDS)
    yield Quantity(_largest(reversed_speed), SPEEDS)
    yield Quantity(_largest(torch.minimum(v0, -v)), SPEEDS)  # down, then up
    yield Quantity(_largest(v0 - v), SPEEDS)
    yield Quantity(_largest(v - v0), SPEEDS)
    yield Quantity(_largest(difference0 - _around(difference)), DIFFERENCES, is_difference=True)
    yield Quantity(_largest(difference - _around(difference0)), DIFFERENCES, is_difference=True)


def _directions(cells: Tensor) -> Iterable[Quantity]:
    u, v = cells[:, 2], cells[:, 3]
    yield Quantity(strongest(v.clamp(min=0)), SPEEDS)
    yield Quantity(strongest((-v).clamp(min=0)), SPEEDS)
    yield Quantity(strongest(u.abs()), SPEEDS)
    mean_u, mean_v = cells[:, 0], cells[:, 1]
    divergence = mean_u.diff(dim=2)[:, 1:] + mean_v.diff(dim=1)[:, :, 1:]
    yield Quantity(strongest(divergence), SPEEDS)
    yield Quantity(strongest(-divergence), SPEEDS)


def _largest(values: Tensor) -> Tensor:
    return strongest(values).clamp(min=0)


def _around(values: Tensor) -> Tensor:
    """Return the largest value of each cell and its eight neighbours."""
    return functional.max_pool2d(values[:, None], 3, 1, 1)[:, 0]


def _weights(values: Tensor, power: int) -> Tensor:
    weight = (values + NOTHING) ** power
    return weight / weight.sum((1, 2), keepdim=True)


def _positions(values: Tensor) -> tuple[Tensor, Tensor]:
    """Return the position of rows and of columns, -0.5 to 0.5."""
    rows, columns = values.shape[1:]
    y = (torch.arange(rows, device=values.device) + 0.5) / rows - 0.5
    x = (torch.arange(columns, device=values.device) + 0.5) / columns - 0.5
    return y[:, None], x[None]


def _centre(weight: Tensor) -> tuple[Tensor, Tensor]:
    y, x = _positions(weight)
    return (weight * x).sum((1, 2)), (weight * y).sum((1, 2))
