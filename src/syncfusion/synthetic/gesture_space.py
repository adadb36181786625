"""The space of gestures: points on surfaces, inside the frame and within the arm's reach."""

import math
from dataclasses import dataclass

import numpy as np

from syncfusion.synthetic.motion import Vector
from syncfusion.synthetic.scene import SceneConfig, Surface, View, surface_at

MARGIN = 0.14  # frame heights between a contact and the edge of the frame
ARM_ROOM = 0.25  # frame heights more on the arm's side, so that the tool is visible


@dataclass(frozen=True)
class GestureSpace:
    """What a gesture may use: the config, the surfaces, the view and a random generator."""

    config: SceneConfig
    surfaces: tuple[Surface, ...]
    view: View
    rng: np.random.Generator

    def uniform(self, low: float, high: float) -> float:
        """Draw a uniform number."""
        return float(self.rng.uniform(low, high))

    def place(self) -> tuple[float, float]:
        """Draw a point on a random surface, well inside the frame."""
        target = self.surfaces[self.rng.integers(len(self.surfaces))]
        tries = [self._point() for _ in range(24)]
        return next((p for p in tries if surface_at(self.surfaces, p) is target), tries[0])

    def near(self, place: tuple[float, float], distance: float) -> tuple[float, float]:
        """Draw a point about ``distance`` from a place, inside the frame."""
        x, y = self.rng.normal(place, distance)
        return self.inside(float(x), float(y))

    def inside(self, x: float, y: float) -> tuple[float, float]:
        """Return the nearest point well inside the frame."""
        arm = math.cos(self.view.arm_angle)
        left = MARGIN + ARM_ROOM * max(-arm, 0)
        right = self.config.aspect - MARGIN - ARM_ROOM * max(arm, 0)
        return min(max(x, left), right), min(max(y, 1.5 * MARGIN), 1 - MARGIN)

    def material(self, place: tuple[float, float]) -> str:
        """Return the material at a point."""
        return surface_at(self.surfaces, place).material

    def raised(self, place: tuple[float, float], height: float) -> Vector:
        """Draw a point above a place; the higher it is, the nearer it is to the hand."""
        back = self.uniform(0.0, 0.6) * height
        angle = self.view.arm_angle + self.uniform(-0.5, 0.5)
        return place[0] + back * math.cos(angle), place[1] + back * math.sin(angle), height

    def _point(self) -> tuple[float, float]:
        return self.inside(self.uniform(0, self.config.aspect), self.uniform(0, 1))
