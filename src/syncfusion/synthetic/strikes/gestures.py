"""What the arm aims at: moments along the way of the stick's tip, gesture by gesture."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from syncfusion.synthetic.strikes.scene import StrikeScene

Point = np.ndarray  # x, y, z in metres
RUBBING = 0.07  # metres below the surface that a rubbing tip aims at


class Aim(NamedTuple):
    """The next moment of the tip's way.

    Attributes:
        seconds: from the moment before.
        tip: where the tip is then meant to be; below a surface it presses.
        pitch: of the stick above the horizontal.
        power: of time; 0 for a smooth start and stop, above 1 to arrive at speed.
        away: metres by which the shoulder has drawn back.
    """

    seconds: float
    tip: Point
    pitch: float
    power: float = 0.0
    away: float = 0.0


class Surroundings(NamedTuple):
    """What gestures need to know.

    Attributes:
        scene: what was drawn.
        rng: source of randomness.
        spot: returns a random point on the top of something, where it is by now.
        tip: returns where the tip is.
    """

    scene: StrikeScene
    rng: np.random.Generator
    spot: Callable[[], Point]
    tip: Callable[[], Point]

    def uniform(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def jitter(self, metres: float) -> Point:
        """Draw a horizontal displacement."""
        return np.array([*self.rng.normal(0, metres, 2), 0.0])

    def sideways(self) -> Point:
        """Return the horizontal direction across the arm, to one side or the other."""
        turn = self.scene.arm.turn
        return self.rng.choice([-1.0, 1.0]) * np.array([-math.sin(turn), math.cos(turn), 0.0])


def aims(around: Surroundings) -> Iterator[Aim]:
    """Yield moments without end."""
    gestures, weights = list(GESTURES), np.array(list(GESTURES.values()))
    while True:
        yield from gestures[around.rng.choice(len(gestures), p=weights / weights.sum())](around)
        if around.rng.random() < 0.3:  # stay a while
            tip = around.tip() + around.jitter(0.01)
            yield Aim(around.uniform(0.1, 0.7), _above(tip, 0.03), 0.1)


def _above(point: Point, height: float) -> Point:
    return point + np.array([0.0, 0.0, height])


def _strikes(around: Surroundings) -> Iterator[Aim]:
    """Strike one spot a few times in a loose rhythm; rebound, or press and stay for a moment."""
    spot, tempo = around.spot(), around.scene.tempo * around.uniform(0.8, 1.25)
    wrist, presses = around.uniform(0.0, 0.9), around.rng.random() < 0.3
    height = around.scene.vigour * around.uniform(0.1, 0.3)
    low = around.uniform(-0.35, 0.05)
    for _ in range(around.rng.integers(1, 7)):
        point = spot + around.jitter(0.012)
        top = height * around.uniform(0.75, 1.25)
        swing = min(around.uniform(0.09, 0.2), 0.4 * tempo)
        rest = around.uniform(0.02, 0.25) if presses else 0.0
        rise = max(tempo * around.uniform(0.85, 1.15) - swing - rest, 0.12)
        yield Aim(rise, _above(point, top), low + wrist)
        yield Aim(swing, _above(point, -around.uniform(0.01, 0.05)), low, 1.8)
        if presses:
            yield Aim(rest, _above(point, -0.015), low)
    yield Aim(around.uniform(0.15, 0.4), _above(spot, around.uniform(0.06, 0.2)), low + 0.2)


def _across(around: Surroundings) -> Iterator[Aim]:
    """Swing at the side of what stands, through it and back; it tips, sways or slides."""
    spot, side = around.spot(), around.sideways()
    middle = spot * np.array([1, 1, around.uniform(0.4, 0.85)])
    middle[2] = max(middle[2], 0.03)
    for _ in range(around.rng.integers(1, 4)):
        start = middle - around.uniform(0.12, 0.22) * side
        yield Aim(around.uniform(0.25, 0.6), start, -0.1)
        end = middle + around.uniform(0.01, 0.1) * side
        yield Aim(around.uniform(0.1, 0.22), end, -0.1, 1.7)
        if around.rng.random() < 0.4:
            side = -side
    yield Aim(around.uniform(0.2, 0.4), _above(middle - 0.15 * side, 0.1), 0.1)


def _feint(around: Surroundings) -> Iterator[Aim]:
    """Strike at something and stop above it."""
    spot = around.spot()
    for _ in range(around.rng.integers(1, 4)):
        yield Aim(around.uniform(0.2, 0.5), _above(spot, around.uniform(0.2, 0.35)), 0.3)
        swing, gap = around.uniform(0.15, 0.35), around.uniform(0.05, 0.14)
        yield Aim(swing, _above(spot, gap), around.uniform(-0.2, 0.1))
        if around.rng.random() < 0.5:
            yield Aim(around.uniform(0.05, 0.4), _above(spot, gap) + around.jitter(0.006), 0.0)


def _miss(around: Surroundings) -> Iterator[Aim]:
    """Swing through the air beside or above something, and brake after it."""
    spot, side = around.spot(), around.sideways()
    high = _above(spot, around.uniform(0.1, 0.2))
    for _ in range(around.rng.integers(1, 3)):
        start = _above(high - around.uniform(0.1, 0.2) * side, around.uniform(0, 0.15))
        yield Aim(around.uniform(0.25, 0.6), start, 0.2)
        end = high + around.uniform(0.1, 0.25) * side
        yield Aim(around.uniform(0.15, 0.35), end, around.uniform(-0.1, 0.1))


def _poke(around: Surroundings) -> Iterator[Aim]:
    """Touch slowly, press and let go."""
    spot = around.spot()
    yield Aim(around.uniform(0.3, 0.6), _above(spot, 0.08), -0.3)
    for _ in range(around.rng.integers(1, 4)):
        yield Aim(around.uniform(0.25, 0.7), _above(spot, -around.uniform(0.005, 0.03)), -0.35)
        yield Aim(around.uniform(0.1, 0.5), _above(spot, -0.01), -0.35)
        yield Aim(around.uniform(0.2, 0.5), _above(spot, around.uniform(0.03, 0.08)), -0.3)


def _rub(around: Surroundings) -> Iterator[Aim]:
    """Press lightly and go back and forth."""
    spot, side = around.spot(), around.sideways()
    length = around.uniform(0.05, 0.16)
    ends = [_above(spot + way * length * side, -RUBBING) for way in (-0.5, 0.5)]
    yield Aim(around.uniform(0.3, 0.5), _above(ends[0], 0.1), -0.2)
    yield Aim(around.uniform(0.15, 0.35), ends[0], -0.25)
    stroke = around.uniform(0.18, 0.5)
    for number in range(1, around.rng.integers(3, 9)):
        yield Aim(stroke * around.uniform(0.85, 1.15), ends[number % 2], -0.25)
        if around.rng.random() < 0.3:
            yield Aim(around.uniform(0.05, 0.3), ends[number % 2], -0.25)
    yield Aim(around.uniform(0.2, 0.5), _above(spot, 0.15), 0.0)


def _hover(around: Surroundings) -> Iterator[Aim]:
    """Wander above the things."""
    for _ in range(around.rng.integers(1, 4)):
        place = _above(around.spot(), around.uniform(0.1, 0.3))
        yield Aim(around.uniform(0.3, 0.9), place, around.uniform(-0.2, 0.5))


def _leave(around: Surroundings) -> Iterator[Aim]:
    """Draw the arm back out of the picture, wait and return."""
    here, turn = _above(around.tip(), 0.15), around.scene.arm.turn
    away = around.uniform(0.5, 1.0)
    back = here - away * np.array([math.cos(turn), math.sin(turn), 0.0])
    yield Aim(around.uniform(0.2, 0.4), here, 0.3)
    yield Aim(around.uniform(0.4, 0.8), back, 0.4, away=away)
    yield Aim(around.uniform(0.2, 1.2), back, 0.4, away=away)
    yield Aim(around.uniform(0.4, 0.9), here, 0.2)


GESTURES: dict[Callable[[Surroundings], Iterator[Aim]], float] = {  # and how often
    _strikes: 0.46,
    _across: 0.14,
    _feint: 0.12,
    _miss: 0.08,
    _poke: 0.06,
    _rub: 0.08,
    _hover: 0.04,
    _leave: 0.04,
}
