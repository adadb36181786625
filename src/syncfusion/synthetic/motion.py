"""The tool's path: smooth between keys, with abrupt changes of velocity at impacts.

Positions are ``(x, y, height)`` in frame heights: x to the right and y down on the
surface, height above it, 0 where the tool touches. Velocities are per second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

Vector = tuple[float, float, float]
REST = (0.0, 0.0, 0.0)


class Key(NamedTuple):
    """A key of a path: time in seconds, position, velocity just before and just after."""

    time: float
    position: Vector
    arriving: Vector = REST
    leaving: Vector = REST


@dataclass(frozen=True)
class Path:
    """Cubic Hermite curves between keys.

    Args:
        keys: one or more, at ascending times; the path rests before the first and after the last.

    Raises:
        ValueError: if there is no key or two keys share a time.
    """

    keys: Sequence[Key]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(self.keys))
        times = [key.time for key in self.keys]
        if not times or any(now >= then for now, then in zip(times, times[1:], strict=False)):
            raise ValueError(f"a path needs keys at ascending times, not {times}")
        columns = (np.array(column, dtype=float) for column in zip(*self.keys, strict=True))
        object.__setattr__(self, "_columns", tuple(columns))

    def at(self, times: Float[np.ndarray, " frame"]) -> Float[np.ndarray, "frame 3"]:
        """Return the position at each time in seconds."""
        starts, positions, arriving, leaving = self._columns  # type: ignore[attr-defined]
        if len(starts) == 1:
            return np.repeat(positions, len(times), axis=0)
        times = np.clip(times, starts[0], starts[-1])
        here = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, len(starts) - 2)
        span = (starts[here + 1] - starts[here])[:, None]
        s = (times - starts[here])[:, None] / span
        return (
            (1 + 2 * s) * (1 - s) ** 2 * positions[here]
            + s * (1 - s) ** 2 * span * leaving[here]
            + s**2 * (3 - 2 * s) * positions[here + 1]
            + s**2 * (s - 1) * span * arriving[here + 1]
        )
