"""The camera of a scene: where points of the world are seen, hand-held or on a stand."""

import math

import numpy as np
from jaxtyping import Float

from syncfusion.synthetic.distraction import Waves
from syncfusion.synthetic.strikes.contacts import Strike
from syncfusion.synthetic.strikes.scene import StrikeScene

HOLDING = 2  # purpose, see ``StrikeScene.rng``
NEAREST = 0.05  # metres; what is closer is seen at this distance
SWING, FADE = 9.0, 0.08  # Hz and seconds of a camera that a hit has thrown


class Camera:
    """A pinhole camera that shakes.

    Args:
        scene: holds its lens.
        events: hits that may throw it.
    """

    def __init__(self, scene: StrikeScene, events: tuple[Strike, ...]) -> None:
        self._lens, self._size = scene.lens, (scene.config.width, scene.config.height)
        rng = scene.rng(HOLDING)
        self._hold = [Waves.draw(3, 0.1, 1.5, rng), Waves.draw(3, 1.5, 7.0, rng)]
        self._blows = [(each.time, rng.normal(0, 1, 3) * each.force) for each in events]

    def at(self, time: float) -> "View":
        """Return what it sees at a time in seconds."""
        lens = self._lens
        off = lens.shake * (self._hold[0].at(time) + 0.15 * self._hold[1].at(time))
        for start, blow in self._blows if lens.shock else ():
            age = time - start
            if 0 <= age < 6 * FADE:
                swing = math.exp(-age / FADE) * math.sin(2 * math.pi * SWING * age)
                off = off + lens.shock * swing * blow
        place = np.array(lens.place)
        forward = np.array(lens.look) - place
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, (0.0, 0.0, 1.0))
        right /= np.linalg.norm(right)
        turn = np.stack((right, np.cross(forward, right), forward))
        return View(
            _turned(off[0], off[1], lens.roll + off[2]) @ turn, place, lens.focal, self._size
        )


class View:
    """What a camera sees at one moment.

    Args:
        turn: from the world's axes to right, down and forward.
        place: of the camera in metres.
        focal: length in picture heights.
        size: of the picture in pixels.
    """

    def __init__(
        self,
        turn: Float[np.ndarray, "3 3"],
        place: Float[np.ndarray, " 3"],
        focal: float,
        size: tuple[int, int],
    ) -> None:
        self.turn, self.place = turn, place
        self.pixels = focal * size[1]  # of one metre at one metre's distance
        self._middle = np.array(size) / 2

    def depth(self, points: Float[np.ndarray, "point 3"]) -> Float[np.ndarray, " point"]:
        """Return how far in front of the camera points are, in metres."""
        return np.maximum((points - self.place) @ self.turn[2], NEAREST)

    def see(self, points: Float[np.ndarray, "point 3"]) -> Float[np.ndarray, "point 2"]:
        """Return where points of the world are in the picture, in pixels."""
        seen = (points - self.place) @ self.turn.T
        return self._middle + self.pixels * seen[:, :2] / np.maximum(seen[:, 2:], NEAREST)

    def ground(self, per_metre: float, origin: float) -> Float[np.ndarray, "3 3"]:
        """Return the homography from a picture of the ground, so many pixels a metre, to this."""
        inner = np.array(
            [[self.pixels, 0, self._middle[0]], [0, self.pixels, self._middle[1]], [0, 0, 1]]
        )
        outer = np.stack((self.turn[:, 0], self.turn[:, 1], -self.turn @ self.place), axis=1)
        metres = np.array(
            [
                [1 / per_metre, 0, -origin / per_metre],
                [0, 1 / per_metre, -origin / per_metre],
                [0, 0, 1],
            ]
        )
        return inner @ outer @ metres


def _turned(across: float, up: float, roll: float) -> Float[np.ndarray, "3 3"]:
    """Return a small turn of the camera about its axes."""
    c, s = math.cos(roll), math.sin(roll)
    about = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    c, s = math.cos(across), math.sin(across)
    pan = np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    c, s = math.cos(up), math.sin(up)
    return about @ pan @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
