"""An impact scene: surfaces, a tool, its path and the exact times of its contacts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from syncfusion.constants import MATERIALS
from syncfusion.errors import InputError
from syncfusion.synthetic.motion import Path

FRAME_RATES = (25.0, 30_000 / 1001, 30.0)  # frames per second; the first two are Greatest Hits'
TOOLS = {"stick": 0.78, "hand": 0.14, "ball": 0.08}  # fraction of the scenes


@dataclass(frozen=True, kw_only=True)
class SceneConfig:
    """Options of random scenes.

    Args:
        seconds: length of a scene, above 1.
        width: of the frames in pixels, even.
        height: of the frames in pixels, even.
        fps: frames per second; None for a random one of Greatest Hits' rates.
        tool: "stick", "hand" or "ball"; None for a random one.
        materials: materials of the surfaces.
        n_surfaces: fewest and most surfaces in a scene.
        scratch_fraction: fraction of gestures that scratch, 0 to 1.
        idle_fraction: fraction of gestures without contact (feints, hovering, leaving), 0 to 1.
        periods: shortest and longest time between hits in seconds.
        restlessness: scale of camera shake, light drift and silent distractors; 0 for none.

    Raises:
        InputError: if a value is out of its range.
    """

    seconds: float = 20.0
    width: int = 256
    height: int = 192
    fps: float | None = None
    tool: str | None = None
    materials: Sequence[str] = MATERIALS
    n_surfaces: tuple[int, int] = (1, 4)
    scratch_fraction: float = 0.2
    idle_fraction: float = 0.22
    periods: tuple[float, float] = (0.25, 1.5)
    restlessness: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "materials", tuple(self.materials))
        if self.seconds <= 1:
            raise InputError(f"a scene of {self.seconds:g} s is too short; give more than 1 s")
        if min(self.width, self.height) < 32 or self.width % 2 or self.height % 2:
            raise InputError(
                f"cannot draw {self.width}x{self.height}; give even sizes of 32 pixels or more"
            )
        unknown = sorted(set(self.materials) - set(MATERIALS))
        if unknown or not self.materials:
            raise InputError(f"unknown materials {unknown}; choose among {', '.join(MATERIALS)}")
        if self.tool is not None and self.tool not in TOOLS:
            raise InputError(f"unknown tool {self.tool!r}; choose among {', '.join(TOOLS)}")

    @property
    def aspect(self) -> float:
        """Width of the frame in frame heights."""
        return self.width / self.height


class Event(NamedTuple):
    """One sounding contact.

    Attributes:
        time: of the onset, in seconds.
        material: of the struck surface.
        action: "hit" or "scratch".
        place: x and y of the contact in frame heights.
        strength: 0 (softest) to 1 (hardest).
        seconds: duration of a scratch stroke; 0 for a hit.
    """

    time: float
    material: str
    action: str
    place: tuple[float, float]
    strength: float
    seconds: float = 0.0


class Surface(NamedTuple):
    """A patch of one material: an ellipse or a turned rectangle, in frame heights and radians."""

    material: str
    centre: tuple[float, float]
    radii: tuple[float, float]
    angle: float
    is_round: bool

    def depth(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the depth of points inside: 1 at the centre, 0 at the rim, negative outside."""
        x, y = x - self.centre[0], y - self.centre[1]
        along = (x * math.cos(self.angle) + y * math.sin(self.angle)) / self.radii[0]
        across = (y * math.cos(self.angle) - x * math.sin(self.angle)) / self.radii[1]
        if self.is_round:
            return 1 - np.hypot(along, across)
        return 1 - np.maximum(np.abs(along), np.abs(across))


@dataclass(frozen=True, kw_only=True)
class View:
    """Camera, light and tool; lengths in frame heights, angles in radians.

    Args:
        lift: on-screen displacement of a point one frame height above the surface.
        magnification: relative growth of an object at that height.
        shadow: displacement of its shadow on the surface.
        shadow_depth: opacity of shadows, 0 to 1.
        arm_angle: direction from the tool's tip to the hand.
        reach: length of the stick.
        thickness: radius of the stick, or of the hand or ball that strikes.
        shake: standard deviation of the camera's motion.
        flicker: relative standard deviation of the light.
        grain: standard deviation of the sensor's noise in steps of 1/255.
    """

    lift: tuple[float, float]
    magnification: float
    shadow: tuple[float, float]
    shadow_depth: float
    arm_angle: float
    reach: float
    thickness: float
    shake: float
    flicker: float
    grain: float


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything that determines a scene's frames and sound.

    Args:
        config: the options that the scene was drawn with.
        fps: frames per second.
        tool: "stick", "hand" or "ball".
        surfaces: from the bottom up; the first fills the frame.
        view: camera, light and size of the tool.
        path: of the tool's tip.
        events: the contacts, by ascending time.
        seed: of everything that does not affect the events: textures, colours, noise.
    """

    config: SceneConfig
    fps: float
    tool: str
    surfaces: tuple[Surface, ...]
    view: View
    path: Path
    events: tuple[Event, ...]
    seed: int

    def rng(self, purpose: int) -> np.random.Generator:
        """Return the random generator for one purpose, in the same state at each call."""
        return np.random.default_rng([self.seed, purpose])


def surface_at(surfaces: Sequence[Surface], place: tuple[float, float]) -> Surface:
    """Return the topmost surface that contains a point, or the bottom one if none does."""
    x, y = np.array(place)[:, None]
    return next((s for s in reversed(surfaces) if s.depth(x, y)[0] > 0), surfaces[0])


def draw_surfaces(config: SceneConfig, rng: np.random.Generator) -> tuple[Surface, ...]:
    """Draw a ground that fills the frame and objects on it."""
    n_surfaces = int(rng.integers(config.n_surfaces[0], config.n_surfaces[1] + 1))
    materials = rng.choice(config.materials, n_surfaces)
    middle = (config.aspect / 2, 0.5)
    ground = Surface(str(materials[0]), middle, (9.0, 9.0), 0.0, False)
    objects = [
        Surface(
            str(material),
            (float(rng.uniform(0.15, config.aspect - 0.15)), float(rng.uniform(0.2, 0.85))),
            (float(rng.uniform(0.18, 0.5)), float(rng.uniform(0.15, 0.4))),
            float(rng.uniform(-math.pi, math.pi)),
            bool(rng.random() < 0.4),
        )
        for material in materials[1:]
    ]
    return ground, *objects


def draw_view(config: SceneConfig, tool: str, rng: np.random.Generator) -> View:
    """Draw a camera, a light and a tool."""
    restless = config.restlessness
    side = rng.choice([0.0, math.pi])  # the hand comes from the right or the left, seldom elsewhere
    thickness = {"stick": (0.012, 0.028), "hand": (0.07, 0.12), "ball": (0.04, 0.09)}[tool]
    still = rng.random() < 0.35  # a camera on a stand
    return View(
        lift=(float(rng.normal(0, 0.12)), float(-rng.uniform(0.25, 0.8))),
        magnification=float(rng.uniform(0.2, 0.8)),
        shadow=(float(rng.normal(0, 0.4)), float(rng.uniform(-0.1, 0.5))),
        shadow_depth=float(rng.uniform(0, 0.6)),
        arm_angle=float(side + rng.normal(0, 0.7)),
        reach=float(rng.uniform(0.35, 1.1)),
        thickness=float(rng.uniform(*thickness)),
        shake=0.0 if still else float(restless * rng.exponential(0.006)),
        flicker=float(restless * rng.exponential(0.03)),
        grain=float(restless * rng.uniform(0.5, 5)),
    )
