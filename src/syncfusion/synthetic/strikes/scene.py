"""A scene of strikes: things on the ground, an arm with a stick, a camera; all from one seed.

Lengths in metres: x to the right, y away, z up from the ground; angles in radians.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from syncfusion.constants import MATERIALS
from syncfusion.synthetic.scene import SceneConfig

# time constant in seconds and damping of contacts; what is softer bounces and sounds less
HARD, FIRM, SOFT = (0.004, 0.35), (0.008, 0.6), (0.03, 1.0)
CONTACT = {
    **dict.fromkeys(MATERIALS, FIRM),
    **dict.fromkeys(("ceramic", "glass", "metal", "rock", "tile"), HARD),
    **dict.fromkeys(("carpet", "cloth", "grass", "leaf", "plastic-bag", "water"), SOFT),
}


class Thing(NamedTuple):
    """Something that can be struck.

    Attributes:
        kind: "box", "can" and "ball" lie loose; a "plant" sways on its foot, a "board" on its
            edge and a "hanging" bar below a hinge.
        material: of its sound, texture and contacts.
        place: x and y.
        size: half its width, depth and height.
        mass: in kg.
        turn: about the vertical.
        stiffness: of its spring in N m, where it has one.
    """

    kind: str
    material: str
    place: tuple[float, float]
    size: tuple[float, float, float]
    mass: float
    turn: float
    stiffness: float

    @property
    def room(self) -> float:
        """Radius of the ground that it needs, in metres."""
        spread = {"plant": 0.1, "hanging": self.size[2]}.get(self.kind, 0.0)
        return math.hypot(*self.size[:2]) + spread


class Arm(NamedTuple):
    """Who strikes.

    Attributes:
        place: of the shoulder.
        turn: from the shoulder to the middle of the ground.
        stick: length that protrudes from the hand.
        radius: of the stick.
        grip: stiffness of the wrist in N m.
        haste: 1/s, how fast the hand follows what it aims at.
        girth: factor of the arm's thickness.
    """

    place: tuple[float, float, float]
    turn: float
    stick: float
    radius: float
    grip: float
    haste: float
    girth: float


class Lens(NamedTuple):
    """The camera.

    Attributes:
        place: where it is.
        look: the point it is directed at.
        roll: about its axis.
        focal: length in picture heights.
        shake: standard deviation of its direction; 0 on a stand.
        shock: how far its direction is thrown per newton of a hit.
        shutter: fraction of a frame's time that it is open.
        grain: standard deviation of the sensor's noise in steps of 1/255.
        flicker: relative standard deviation of the light.
        quality: x264's constant rate factor of the recording.
    """

    place: tuple[float, float, float]
    look: tuple[float, float, float]
    roll: float
    focal: float
    shake: float
    shock: float
    shutter: float
    grain: float
    flicker: float
    quality: float


@dataclass(frozen=True, kw_only=True)
class StrikeScene:
    """Everything that determines a scene's physics and pictures.

    Args:
        config: seconds, size and frame rate.
        fps: frames per second.
        ground: material of the ground.
        things: on the ground.
        arm: who strikes.
        lens: the camera.
        tempo: median seconds between strikes in a row.
        vigour: factor of heights and speeds.
        sun: direction of the light's shadows, horizontal metres per metre of height.
        shade: opacity of shadows, 0 to 1.
        seed: of gestures, textures and noise.
    """

    config: SceneConfig
    fps: float
    ground: str
    things: tuple[Thing, ...]
    arm: Arm
    lens: Lens
    tempo: float
    vigour: float
    sun: tuple[float, float]
    shade: float
    seed: int

    def rng(self, purpose: int) -> np.random.Generator:
        """Return the random generator for one purpose, in the same state at each call."""
        return np.random.default_rng([self.seed, purpose])
