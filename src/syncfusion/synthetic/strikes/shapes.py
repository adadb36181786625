"""Bodies as the camera sees them: textured patches, each a convex outline."""

# pyright: reportAttributeAccessIssue=false

import math
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import mujoco  # its compiled parts bring no types
import numpy as np
from jaxtyping import Float

from syncfusion.synthetic.strikes.camera import View

CIRCLE = np.linspace(0, 2 * np.pi, 16, endpoint=False)
ROUND = np.stack((np.cos(CIRCLE), np.sin(CIRCLE)), axis=1)
LIGHT = np.array([0.3, -0.4, 0.87])
PIECES = 2  # of a capsule, which are hidden and hide by themselves
CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)

Pixels = Float[np.ndarray, "_ 2"]
Points = Float[np.ndarray, "_ 3"]


class Patch(NamedTuple):
    """A part of a picture.

    Attributes:
        depth: its distance in metres; nearer patches hide it.
        outline: convex, in pixels.
        frame: where the four corners of its texture are seen.
        light: factor of its brightness.
    """

    depth: float
    outline: Pixels
    frame: Pixels
    light: float


class Shape(NamedTuple):
    """A geom at one moment.

    Attributes:
        kind: MuJoCo's type of geom.
        size: as MuJoCo gives it.
        place: of its centre.
        turn: its axes as columns.
    """

    kind: int
    size: Float[np.ndarray, " 3"]
    place: Float[np.ndarray, " 3"]
    turn: Float[np.ndarray, "3 3"]

    def hull(self) -> Points:
        """Return points whose convex hull covers it, for its shadow."""
        if self.kind == mujoco.mjtGeom.mjGEOM_BOX:
            signs = np.array(np.meshgrid(*[[-1, 1]] * 3)).reshape(3, -1).T
            return self.place + (signs * self.size) @ self.turn.T
        if self.kind == mujoco.mjtGeom.mjGEOM_SPHERE:
            return self.place + self.size[0] * np.pad(ROUND, ((0, 0), (0, 1)))
        rim = self.size[0] * ROUND @ self.turn[:, :2].T
        along = self.size[1] * self.turn[:, 2]
        return np.concatenate((self.place + along + rim, self.place - along + rim))

    def patches(self, view: View) -> Iterator[Patch]:
        """Yield what is seen of it."""
        if self.kind == mujoco.mjtGeom.mjGEOM_BOX:
            return self._box(view)
        if self.kind == mujoco.mjtGeom.mjGEOM_SPHERE:
            return self._sphere(view)
        if self.kind == mujoco.mjtGeom.mjGEOM_CYLINDER:
            return self._cylinder(view)
        return self._capsule(view)

    def _box(self, view: View) -> Iterator[Patch]:
        for axis in range(3):
            others = [each for each in range(3) if each != axis]
            for sign in (-1, 1):
                normal = sign * self.turn[:, axis]
                middle = self.place + self.size[axis] * normal
                if normal @ (middle - view.place) >= 0:
                    continue
                points = middle + (CORNERS * self.size[others]) @ self.turn[:, others].T
                yield _flat(view, points, points, normal)

    def _sphere(self, view: View) -> Iterator[Patch]:
        axes = self.size[0] * view.turn[:2]
        spin = self.turn[:2, :2]
        corners = self.place + CORNERS @ (spin / max(np.sqrt(abs(np.linalg.det(spin))), 0.3)) @ axes
        outline = view.see(self.place + ROUND @ axes)
        depth = float(view.depth(self.place[None])[0])
        yield Patch(depth, outline, view.see(corners).astype(float), 1.0)

    def _cylinder(self, view: View) -> Iterator[Patch]:
        rim = self.size[0] * ROUND @ self.turn[:, :2].T
        along = self.size[1] * self.turn[:, 2]
        outline = cv2.convexHull(view.see(self.hull()).astype(np.float32))[:, 0]
        side = _side(view, self.place - along, self.place + along, self.size[0])
        yield Patch(float(view.depth(self.place[None])[0]), outline, view.see(side), 0.85)
        for sign in (-1, 1):
            normal, middle = sign * self.turn[:, 2], self.place + sign * along
            if normal @ (middle - view.place) < 0:
                square = middle + self.size[0] * CORNERS @ self.turn[:, :2].T
                yield _flat(view, middle + rim, square, normal, nearer=1e-3)

    def _capsule(self, view: View) -> Iterator[Patch]:
        along, radius = self.size[1] * self.turn[:, 2], float(self.size[0])
        ends = np.linspace(-1, 1, PIECES + 1)
        for low, high in zip(ends, ends[1:], strict=False):
            points = np.stack((self.place + low * along, self.place + high * along))
            disc = radius * ROUND @ view.turn[:2]
            outline = view.see((points[:, None] + disc).reshape(-1, 3))
            hull = cv2.convexHull(outline.astype(np.float32))[:, 0]
            side = view.see(_side(view, points[0], points[1], radius))
            yield Patch(float(view.depth(points).mean()), hull, side, 1.0)


def _side(view: View, low: np.ndarray, high: np.ndarray, radius: float) -> Points:
    """Return the rectangle through an axis that faces the camera."""
    (a, b, c), (x, y, z) = (high - low).tolist(), ((low + high) / 2 - view.place).tolist()
    across = np.array([b * z - c * y, c * x - a * z, a * y - b * x])
    across *= radius / max(math.hypot(*across), 1e-9)
    along = (high - low) * radius / max(math.hypot(a, b, c), 1e-9)
    low, high = low - along, high + along
    return np.stack((low - across, low + across, high + across, high - across))


def _flat(
    view: View, points: Points, corners: Points, normal: np.ndarray, nearer: float = 0.0
) -> Patch:
    light = 0.55 + 0.5 * max(float(normal @ LIGHT), 0.0)
    depth = float(view.depth(points).mean()) - nearer
    return Patch(depth, view.see(points), view.see(corners), light)
