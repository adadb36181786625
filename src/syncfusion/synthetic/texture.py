"""Textures of surfaces: filtered noise with leaves, stones or lines drawn over it."""

import math

import numpy as np
from jaxtyping import Float, Shaped
from PIL import Image, ImageDraw, ImageFilter

from syncfusion.synthetic.materials import APPEARANCES, RGB, Appearance
from syncfusion.synthetic.scene import Scene, Surface

BORDER = 0.12  # frame heights of picture beyond each edge, for camera shake
PAINTING = 3  # purpose, see ``Scene.rng``

Tones = Float[np.ndarray, "height width"]
Picture = Shaped[np.ndarray, "height width 3"]


def cloud(
    shape: tuple[int, int], roughness: float, stretch: float, rng: np.random.Generator
) -> Tones:
    """Return soft or speckled noise.

    Args:
        shape: height and width in pixels.
        roughness: 1 for white noise, 0 for soft clouds.
        stretch: ratio of its features' width to their height.
        rng: random generator.

    Returns:
        Tones of zero mean and unit deviation.
    """
    spectrum = np.fft.rfft2(rng.standard_normal(shape))
    down, across = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None]
    distance = np.hypot(down, across * stretch)
    spectrum *= (distance + 1 / max(shape)) ** (-2.4 * (1 - roughness))
    spectrum[0, 0] = 0
    tones = np.fft.irfft2(spectrum, shape)
    return tones / tones.std()


def paint_backdrop(scene: Scene) -> Image.Image:
    """Paint all surfaces of a scene, with a border around the frame for camera shake."""
    rng = scene.rng(PAINTING)
    scale, border = scene.config.height, round(BORDER * scene.config.height)
    size = (scene.config.height + 2 * border, scene.config.width + 2 * border)
    y, x = (np.indices(size) - border) / scale
    backdrop = paint_material(scene.surfaces[0].material, size, scale, rng)
    for surface in scene.surfaces[1:]:
        depth = surface.depth(x, y)
        inside = np.clip(depth * 0.3 * scale, 0, 1)
        shade = _shade(surface, inside, x, y, rng)
        shadow = _shadow(inside, round(0.04 * scale))
        picture = paint_material(surface.material, size, scale, rng) * shade[..., None]
        backdrop = backdrop * (1 - 0.6 * shadow)[..., None]
        backdrop += inside[..., None] * (picture - backdrop)
    light = 1 + rng.uniform(0, 0.12) * cloud(size, 0.2, 1.0, rng)  # dappled
    return Image.fromarray(_bytes(backdrop * light[..., None] * rng.uniform(0.6, 1.15)))


def _shade(surface: Surface, inside: Tones, x: Tones, y: Tones, rng: np.random.Generator) -> Tones:
    """Shade a surface as if rounded: bright on one side, dark on the other and at the rim."""
    angle, slope = rng.uniform(-math.pi, math.pi), rng.uniform(0, 0.5)
    across = (x - surface.centre[0]) * math.cos(angle) + (y - surface.centre[1]) * math.sin(angle)
    rim = np.clip(surface.depth(x, y) * 8, 0, 1)
    return np.clip(1 + slope * across / max(surface.radii), 0.4, 1.6) * (0.7 + 0.3 * rim) * inside


def _shadow(inside: Tones, radius: int) -> Tones:
    """Return a surface's shadow on those below: its outline, blurred and moved down."""
    blurred = Image.fromarray((255 * inside).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(max(radius, 1))
    )
    return np.roll(np.asarray(blurred, float) / 255, radius, axis=0)


def paint_material(
    material: str, size: tuple[int, int], scale: int, rng: np.random.Generator
) -> Picture:
    """Paint one material.

    Args:
        material: one of ``constants.MATERIALS``.
        size: rows and columns in pixels.
        scale: pixels of a frame height, by which its details are sized.
        rng: random generator.

    Returns:
        Red, green and blue, about 0 to 255.
    """
    appearance = APPEARANCES[material]
    first, second = (
        np.array(appearance.colours[i]) for i in rng.integers(len(appearance.colours), size=2)
    )
    tint = rng.uniform(0.93, 1.07, 3) * rng.uniform(0.75, 1.1)
    turned = rng.random() < 0.5 and appearance.stretch > 1
    shape = (size[1], size[0]) if turned else size
    mix = 1 / (1 + np.exp(-2 * cloud(shape, appearance.roughness * 0.8, appearance.stretch, rng)))
    tone = 1 + appearance.contrast * cloud(shape, appearance.roughness, appearance.stretch, rng)
    if turned:
        mix, tone = mix.T, tone.T
    picture = (first + 0.6 * mix[..., None] * (second - first)) * tone[..., None] * tint
    if not appearance.shape:
        return picture
    return _strewn(picture, appearance, scale, rng).astype(float)


def _strewn(
    picture: Picture, appearance: Appearance, scale: int, rng: np.random.Generator
) -> Picture:
    """Draw an appearance's shapes over a picture, each in a shade of one of its colours."""
    canvas = Image.fromarray(_bytes(picture))
    draw = ImageDraw.Draw(canvas)
    if appearance.shape == "grid":
        _draw_grid(draw, canvas.size, appearance.size * scale, rng)
        return np.asarray(canvas)
    size = max(appearance.size * scale * rng.uniform(0.7, 1.4), 3.0)
    covered = {"blade": 0.15, "line": 0.1}.get(appearance.shape, 0.5) * size**2
    n_shapes = min(round(appearance.density * canvas.width * canvas.height / covered), 4000)
    for _ in range(n_shapes):
        corners = _corners(appearance.shape, size * rng.uniform(0.5, 1.4), rng)
        corners += rng.uniform((0, 0), canvas.size)
        colour = np.array(appearance.colours[rng.integers(len(appearance.colours))]) * rng.uniform(
            0.5, 1.3
        )
        if appearance.shape in ("leaf", "stone"):
            draw.polygon((corners + 0.12 * size).ravel().tolist(), fill=_rgb(colour * 0.35))
        draw.polygon(corners.ravel().tolist(), fill=_rgb(colour))
    return np.asarray(canvas)


def _corners(shape: str, size: float, rng: np.random.Generator) -> Float[np.ndarray, "corner 2"]:
    """Return the outline of one shape around the origin, in pixels."""
    if shape == "stone":
        angles = np.sort(rng.uniform(0, 2 * math.pi, 7))
        return 0.5 * size * np.stack((np.cos(angles), 0.75 * np.sin(angles)), axis=1)
    width = {"leaf": 0.28, "blade": 0.05, "line": 0.02}[shape] * size
    along = np.array([-0.5, -0.15, 0.2, 0.5, 0.2, -0.15]) * size
    across = np.array([0, 1, 0.8, 0, -0.8, -1]) * max(width, 0.5)
    upright = shape == "blade"
    angle = rng.normal(math.pi / 2, 0.5) if upright else rng.uniform(-math.pi, math.pi)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return np.stack((along, across), axis=1) @ turn


def _draw_grid(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], pitch: float, rng: np.random.Generator
) -> None:
    width, height = size
    grout = _rgb(np.full(3, rng.uniform(70, 150)))
    for x in np.arange(rng.uniform(0, pitch), width, pitch):
        draw.line((x, 0, x, height), fill=grout, width=2)
    for y in np.arange(rng.uniform(0, pitch), height, pitch):
        draw.line((0, y, width, y), fill=grout, width=2)


def _rgb(colour: np.ndarray) -> RGB:
    red, green, blue = _bytes(colour).tolist()
    return red, green, blue


def _bytes(picture: np.ndarray) -> np.ndarray:
    return np.clip(picture, 0, 255).astype(np.uint8)
