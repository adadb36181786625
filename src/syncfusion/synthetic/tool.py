"""Drawing the moving parts: the stick with its hand and arm, the ball, shadows and debris."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw

from syncfusion.synthetic.materials import APPEARANCES, RGB
from syncfusion.synthetic.scene import Scene

FINE = 2  # pixels drawn per pixel shown, for smooth edges
CASTING = 4  # purpose, see ``Scene.rng``
SKINS = ((236, 200, 176), (212, 160, 128), (160, 110, 80), (100, 68, 50))
STICKS = ((206, 166, 112), (222, 192, 146), (150, 104, 62), (60, 56, 54), (200, 200, 205))
FALL = 1.6  # frame heights per second squared, of debris on the screen

Point = tuple[float, float]


class Blob(NamedTuple):
    """A disc on the screen: centre and radius in frame heights, colour."""

    centre: Point
    radius: float
    colour: RGB


class Limb(NamedTuple):
    """A tapering bar on the screen: two ends, their radii, in frame heights, and a colour."""

    start: Point
    end: Point
    radii: tuple[float, float]
    colour: RGB


@dataclass(frozen=True)
class Debris:
    """Particles thrown up by hits, one entry per particle in every array."""

    times: Float[np.ndarray, " particle"]
    places: Float[np.ndarray, "particle 2"]
    speeds: Float[np.ndarray, "particle 2"]
    lives: Float[np.ndarray, " particle"]
    colours: Float[np.ndarray, "particle 3"]

    def at(self, time: float) -> list[Blob]:
        """Return the particles in flight at a time in seconds."""
        age = time - self.times
        alive = np.flatnonzero((age > 0) & (age < self.lives))
        here = self.places[alive] + self.speeds[alive] * age[alive, None]
        here[:, 1] += 0.5 * FALL * age[alive] ** 2
        return [
            Blob((float(x), float(y)), 0.008, _rgb(colour))
            for (x, y), colour in zip(here, self.colours[alive], strict=True)
        ]


@dataclass(frozen=True)
class Costume:
    """Colours and sizes of the tool's parts, drawn once per scene."""

    stick: RGB
    skin: RGB
    sleeve: RGB
    arm_radius: float
    hand_rise: float
    bend: float


def draw_costume(rng: np.random.Generator) -> Costume:
    """Draw the colours and sizes of the tool and the arm."""
    return Costume(
        stick=_shaded(STICKS[rng.integers(len(STICKS))], rng.uniform(0.8, 1.15)),
        skin=_shaded(SKINS[rng.integers(len(SKINS))], rng.uniform(0.85, 1.1)),
        sleeve=_rgb(rng.uniform(15, 210, 3)),
        arm_radius=float(rng.uniform(0.06, 0.13)),
        hand_rise=float(rng.uniform(0.15, 0.7)),
        bend=float(rng.normal(0, 0.5)),
    )


def tool_parts(
    scene: Scene, costume: Costume, tip: Float[np.ndarray, "3"], *, shadow: bool = False
) -> list[Limb | Blob]:
    """Place the tool's parts on the screen.

    Args:
        scene: the scene, which decides the kind of tool.
        costume: colours and sizes.
        tip: x, y and height of the tool's lowest point.
        shadow: whether to project along the light onto the surface, not into the camera.

    Returns:
        The parts to draw, from the bottom up.
    """
    view = scene.view
    place = _shadow_of if shadow else _seen
    size = 1.0 if shadow else 1 + view.magnification * max(float(tip[2]), 0.0)
    radius = view.thickness * size
    end = place(scene, tip)
    if scene.tool == "ball":
        return [Blob((end[0], end[1] - radius), radius, costume.stick)]
    angle = view.arm_angle + costume.bend * float(tip[2])
    toward = np.array([math.cos(angle), math.sin(angle)])
    reach = view.reach if scene.tool == "stick" else 0.6 * view.thickness
    hand_at = np.array([*(tip[:2] + reach * toward), 0.12 + costume.hand_rise * tip[2]])
    hand, elbow = place(scene, hand_at), place(scene, hand_at + [*(1.6 * toward), 0.3])
    fist = 1.0 if scene.tool == "stick" else view.thickness / 0.075
    arm = costume.arm_radius * size
    parts: list[Limb | Blob] = [
        Limb(hand, _between(hand, elbow, 0.2), (0.5 * arm, 0.7 * arm), costume.skin),
        Limb(_between(hand, elbow, 0.12), elbow, (0.85 * arm, 1.5 * arm), costume.sleeve),
        Blob(hand, 0.062 * fist * size, costume.skin),
    ]
    knuckles = _shaded(costume.skin, 0.88)
    if scene.tool == "hand":
        return [*parts, Limb(hand, end, (0.05 * fist * size, 0.022 * fist * size), knuckles)]
    back = _between(hand, end, -0.12)
    stick = Limb(back, end, (1.15 * radius, 0.75 * radius), costume.stick)
    light = Limb(back, end, (0.4 * radius, 0.25 * radius), _shaded(costume.stick, 1.25))
    grip = Blob(_between(hand, end, 0.03), 0.045 * size, knuckles)
    return [*parts, stick, light, Blob(end, 0.9 * radius, costume.stick), grip]


def draw_parts(
    parts: Sequence[Limb | Blob], size: tuple[int, int], offset: Point, *, flat: bool = False
) -> Image.Image:
    """Draw parts onto a clear layer of the frame's size.

    Args:
        parts: from the bottom up, in frame heights.
        size: width and height of the frame in pixels.
        offset: of the camera, in frame heights.
        flat: whether to draw a mask (one band) instead of colours.

    Returns:
        A mask; or four bands: red, green and blue times the opacity, and the opacity.
    """
    fine = (size[0] * FINE, size[1] * FINE)
    # RGBX is four plain bands; Pillow would divide the colours of an RGBA by their opacity
    layer = Image.new("L" if flat else "RGBX", fine, 0 if flat else (0, 0, 0, 0))
    draw, scale = ImageDraw.Draw(layer), fine[1]
    for part in parts:
        fill = 255 if flat else (*part.colour, 255)
        if isinstance(part, Blob):
            _draw_disc(draw, part.centre, part.radius, offset, scale, fill)
        else:
            _draw_limb(draw, part, offset, scale, fill)
    return layer.reduce(FINE)


def draw_debris(scene: Scene) -> Debris:
    """Draw the particles that a scene's hits throw up."""
    rng = scene.rng(CASTING)
    rows = []
    for event in scene.events:
        appearance = APPEARANCES[event.material]
        for _ in range(round(appearance.spray * event.strength)):
            angle, speed = rng.normal(-math.pi / 2, 0.9), rng.uniform(0.15, 1.1) * event.strength
            colour = np.array(appearance.colours[rng.integers(len(appearance.colours))])
            colour = colour * 0.4 + 150 if event.material == "water" else colour * 1.1
            velocity = (speed * math.cos(angle), speed * math.sin(angle))
            rows.append((event.time, event.place, velocity, rng.uniform(0.2, 0.8), colour))
    if not rows:
        return Debris(
            np.zeros(0), np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros((0, 3))
        )
    return Debris(*(np.array(column, dtype=float) for column in zip(*rows, strict=True)))


def _seen(scene: Scene, point: np.ndarray) -> Point:
    lift = scene.view.lift
    return float(point[0] + lift[0] * point[2]), float(point[1] + lift[1] * point[2])


def _shadow_of(scene: Scene, point: np.ndarray) -> Point:
    cast = scene.view.shadow
    return float(point[0] + cast[0] * point[2]), float(point[1] + cast[1] * point[2])


def _draw_disc(
    draw: ImageDraw.ImageDraw, centre: Point, radius: float, offset: Point, scale: int, fill
) -> None:
    x, y, r = (centre[0] + offset[0]) * scale, (centre[1] + offset[1]) * scale, radius * scale
    draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)


def _draw_limb(draw: ImageDraw.ImageDraw, limb: Limb, offset: Point, scale: int, fill) -> None:
    (x0, y0), (x1, y1) = limb.start, limb.end
    length = max(math.hypot(x1 - x0, y1 - y0), 1e-6)
    across = np.array([-(y1 - y0), x1 - x0]) / length
    start, end = np.array([x0, y0]), np.array([x1, y1])
    wide, narrow = limb.radii
    corners = [start + wide * across, end + narrow * across]
    corners += [end - narrow * across, start - wide * across]
    draw.polygon(((np.array(corners) + offset) * scale).ravel().tolist(), fill=fill)


def _between(start: Point, end: Point, fraction: float) -> Point:
    return start[0] + fraction * (end[0] - start[0]), start[1] + fraction * (end[1] - start[1])


def _shaded(colour: RGB, brightness: float) -> RGB:
    return _rgb(np.array(colour) * brightness)


def _rgb(colour: np.ndarray) -> RGB:
    red, green, blue = np.clip(colour, 0, 255).astype(int).tolist()
    return red, green, blue
