"""What happens in the time around a frame where the motion is, along its own direction."""

from collections.abc import Iterable

import torch
from torch import Tensor

from syncfusion.onset.motion.quantities import Quantity, lagged, strongest

REACH = 3  # frames either side
SPEEDS, DIFFERENCES = 8.0, 2.0  # compression
NOTHING = 1e-3


def profiles(cells: Tensor) -> Iterable[Quantity]:
    """Yield velocities around each frame at the places of most motion, and the brakes there.

    Args:
        cells: (frame, channel, row, column).

    Yields:
        Values of all frames, always the same quantities in the same order; 3 frames either side
        count.
    """
    u, v, speed, difference = cells[:, 2], cells[:, 3], cells[:, 5], cells[:, 6]
    approach = _approach(u, v)
    lags = range(-REACH, REACH + 1)
    total = sum((lagged(speed, -lag) for lag in lags), torch.zeros_like(speed))
    near = sum((lagged(speed, -lag) for lag in (-1, 0, 1)), torch.zeros_like(speed))
    for motion, power in ((total, 2), (near, 2), (total, 5)):
        weight = (motion + 1e-4) ** power
        weight = weight / weight.sum((1, 2), keepdim=True)
        for lag in lags:
            then_u, then_v = lagged(u, -lag), lagged(v, -lag)
            along = then_u * approach[0] + then_v * approach[1]
            yield Quantity(_seen(weight, along), SPEEDS)
            yield Quantity(_seen(weight, then_v), SPEEDS)
            yield Quantity(_seen(weight, lagged(speed, -lag)), SPEEDS)
            yield Quantity(_seen(weight, lagged(difference, -lag)), DIFFERENCES, is_difference=True)
    yield from _brakes(u, v, approach)


def _approach(u: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return the direction of the motion in the frames before, cell by cell."""
    before_u, before_v = (sum(lagged(each, lag) for lag in (1, 2, 3)) for each in (u, v))
    size = (before_u**2 + before_v**2).sqrt() + NOTHING  # type: ignore[operator]
    return before_u / size, before_v / size


def _brakes(u: Tensor, v: Tensor, approach: tuple[Tensor, Tensor]) -> Iterable[Quantity]:
    """Yield the largest losses of speed along the approach, and reversals of it."""
    ago = {lag: lagged(u, lag) * approach[0] + lagged(v, lag) * approach[1] for lag in range(-2, 3)}
    for n_before, n_after in ((1, 0), (1, 1), (2, 1), (2, 2)):
        before = torch.stack([ago[lag] for lag in range(1, n_before + 1)]).mean(0)
        after = torch.stack([ago[-lag] for lag in range(n_after + 1)]).mean(0)
        yield Quantity(strongest((before - after).clamp(min=0)), SPEEDS)
        yield Quantity(strongest(torch.minimum(before, -after).clamp(min=0)), SPEEDS)


def _seen(weight: Tensor, values: Tensor) -> Tensor:
    return (weight * values).sum((1, 2))[:, None]
