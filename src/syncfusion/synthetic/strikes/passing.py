"""Hands that enter the picture, wave about and leave, and touch nothing."""

# pyright: reportAttributeAccessIssue=false

import math
from typing import NamedTuple

import mujoco  # its compiled parts bring no types
import numpy as np

from syncfusion.synthetic.motion import Key, Path
from syncfusion.synthetic.strikes.scene import StrikeScene
from syncfusion.synthetic.strikes.shapes import Shape

PER_SECOND = 0.05  # hands
ARM_LENGTH = 0.35  # metres that are seen of the arm


class PassingHand(NamedTuple):
    """A hand without contact.

    Attributes:
        path: of the hand in metres.
        heading: horizontal direction from the arm to the hand.
        radius: of the hand in metres.
    """

    path: Path
    heading: float
    radius: float

    def shapes(self, time: float) -> list[Shape]:
        """Return its hand and its arm at a time in seconds; none while it is absent."""
        if not self.path.keys[0].time <= time <= self.path.keys[-1].time:
            return []
        place = self.path.at(np.array([time]))[0]
        along = np.array([math.cos(self.heading), math.sin(self.heading), -0.3])
        along /= np.linalg.norm(along)
        hand = _rod(place - 0.08 * along, place, self.radius)
        return [hand, _rod(place - ARM_LENGTH * along, place - 0.1 * along, 1.2 * self.radius)]


def draw_passing(scene: StrikeScene, rng: np.random.Generator) -> list[PassingHand]:
    """Draw the hands of a scene."""
    lively = PER_SECOND * scene.config.seconds * scene.config.restlessness
    return [_draw_hand(scene, rng) for _ in range(rng.poisson(lively))]


def _draw_hand(scene: StrikeScene, rng: np.random.Generator) -> PassingHand:
    heading = float(rng.uniform(-math.pi, math.pi))
    time = float(rng.uniform(0, scene.config.seconds))
    outside = -0.9 * np.array([math.cos(heading), math.sin(heading)])
    keys = [Key(time, (float(outside[0]), float(outside[1]), 0.2))]
    for _ in range(rng.integers(1, 4)):
        time += float(rng.uniform(0.3, 0.9))
        x, y = rng.normal(0, 0.1, 2)
        keys.append(Key(time, (float(x), float(y), float(rng.uniform(0.12, 0.3)))))
    keys.append(keys[0]._replace(time=time + float(rng.uniform(0.4, 1.0))))
    return PassingHand(Path(keys), heading, float(rng.uniform(0.025, 0.04)))


def _rod(low: np.ndarray, high: np.ndarray, radius: float) -> Shape:
    along = high - low
    length = float(np.linalg.norm(along))
    axis = along / length
    first = np.cross(axis, (0.0, 0.0, 1.0))
    first /= np.linalg.norm(first)
    turn = np.stack((first, np.cross(axis, first), axis), axis=1)
    size = np.array([radius, length / 2, 0.0])
    return Shape(int(mujoco.mjtGeom.mjGEOM_CAPSULE), size, (low + high) / 2, turn)
