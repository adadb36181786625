"""Rendering a scene's frames: moving surfaces, tool, shadows, camera and sensor."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image
from scipy.ndimage import map_coordinates

from syncfusion.synthetic.distraction import Passer, Sway, Waves, draw_passer, draw_sway
from syncfusion.synthetic.materials import APPEARANCES
from syncfusion.synthetic.scene import Scene
from syncfusion.synthetic.texture import BORDER, paint_backdrop
from syncfusion.synthetic.tool import (
    Costume,
    Debris,
    draw_costume,
    draw_debris,
    draw_parts,
    tool_parts,
)
from syncfusion.timing import frame_time

SHUTTER = 0.5  # fraction of a frame's time that the shutter is open
BLUR_STEP = 0.02  # frame heights that the tool may move between two exposures of one frame
MOST_EXPOSURES = 8
VISIBLE = 0.002  # frame heights; smaller pushes are not drawn
STAGING = 5  # purpose, see ``Scene.rng``

Frame = UInt8[np.ndarray, "height width 3"]


@dataclass(frozen=True)
class Set:
    """Random parts that are drawn once per scene."""

    backdrop: Image.Image
    costume: Costume
    debris: Debris
    camera: Waves
    light: Waves
    passers: list[Passer]
    sways: list[Sway]
    grain: Float[np.ndarray, "height width 3"]


def render_frames(scene: Scene) -> Iterator[Frame]:
    """Yield a scene's frames; frame ``n`` is exposed around ``n / fps`` seconds."""
    stage = _build(scene)
    rng = scene.rng(STAGING + 1)
    for number in range(round(scene.config.seconds * scene.fps)):
        yield _frame(scene, stage, frame_time(number, scene.fps), rng)


def _build(scene: Scene) -> Set:
    rng, config = scene.rng(STAGING), scene.config
    lively = config.restlessness
    n_passers = rng.poisson(0.12 * config.seconds * lively)
    n_sways = rng.poisson(1.2 * lively) if rng.random() < 0.5 else 0
    size = (config.height + 64, config.width + 64)
    return Set(
        backdrop=paint_backdrop(scene),
        costume=draw_costume(rng),
        debris=draw_debris(scene),
        camera=Waves.draw(2, 0.15, 3.0, rng),
        light=Waves.draw(1, 0.05, 1.0, rng),
        passers=[draw_passer(scene, rng) for _ in range(n_passers)],
        sways=[draw_sway(scene, rng) for _ in range(n_sways)],
        grain=(scene.view.grain * rng.standard_normal((*size, 3))).astype(np.float32),
    )


def _frame(scene: Scene, stage: Set, time: float, rng: np.random.Generator) -> Frame:
    camera = scene.view.shake * stage.camera.at(time)
    ground = _ground(scene, stage, time, camera)
    tips = scene.path.at(_exposures(scene, time))
    passing = [(p, blob) for p in stage.passers if (blob := p.at(time))]
    size, offset = (scene.config.width, scene.config.height), (float(camera[0]), float(camera[1]))

    dark = tool_parts(scene, stage.costume, tips[len(tips) // 2], shadow=True)
    dark += [blob for passer, blob in passing if passer.is_shadow]
    shadow = _soft_mask(dark, size, offset)
    ground *= 1 - scene.view.shadow_depth * shadow[..., None]

    loose = [blob for passer, blob in passing if not passer.is_shadow] + stage.debris.at(time)
    layers = [
        draw_parts([*loose, *tool_parts(scene, stage.costume, tip)], size, offset) for tip in tips
    ]
    layer = np.mean([np.asarray(layer, np.float32) for layer in layers], axis=0, dtype=np.float32)
    picture = ground * (1 - layer[..., 3:] / 255) + layer[..., :3]
    picture *= 1 + scene.view.flicker * float(stage.light.at(time)[0])
    row, column = rng.integers(64, size=2)
    picture += stage.grain[row : row + size[1], column : column + size[0]]
    return np.clip(picture, 0, 255).astype(np.uint8)


def _exposures(scene: Scene, time: float) -> Float[np.ndarray, " exposure"]:
    """Return the times of a frame's exposures; a faster tool gets more of them."""
    half = SHUTTER / scene.fps / 2
    first, last = scene.path.at(np.array([time - half, time + half]))
    moved = float(np.abs(last - first).sum())
    n_exposures = int(np.clip(math.ceil(moved / BLUR_STEP), 1, MOST_EXPOSURES))
    return np.linspace(time - half, time + half, 2 * n_exposures + 1)[1::2]


def _ground(
    scene: Scene, stage: Set, time: float, camera: Float[np.ndarray, " axis"]
) -> Float[np.ndarray, "height width 3"]:
    """Return the surfaces in the camera's frame, displaced by hits and breezes."""
    width, height = scene.config.width, scene.config.height
    border = round(BORDER * height)
    corner = border - np.clip(camera * height, -border, border)
    moved = stage.backdrop.transform(
        (width, height),
        Image.Transform.AFFINE,
        (1, 0, corner[0], 0, 1, corner[1]),
        Image.Resampling.BILINEAR,
    )
    ground = np.array(moved, np.float32)
    for place, radius, push in _pushes(scene, stage, time):
        if np.abs(push).max() > VISIBLE:
            _bend(ground, (np.array(place) + camera) * height, radius * height, push * height)
    return ground


def _pushes(
    scene: Scene, stage: Set, time: float
) -> Iterator[tuple[tuple[float, float], float, Float[np.ndarray, " axis"]]]:
    """Yield (place, radius, displacement) of each moving region, in frame heights."""
    for sway in stage.sways:
        yield sway.place, sway.radius, sway.reach * sway.waves.at(time)
    away = -np.array([math.cos(scene.view.arm_angle), math.sin(scene.view.arm_angle) - 0.7])
    for event in scene.events:
        age, reach = time - event.time, APPEARANCES[event.material].sway * event.strength
        if 0 <= age < 0.7 and reach:
            swing = math.exp(-age / 0.16) * math.cos(2 * math.pi * 4.5 * age)
            yield event.place, 0.06 + 2 * reach, 0.8 * reach * swing * away


def _bend(
    ground: Float[np.ndarray, "height width 3"],
    centre: Float[np.ndarray, " axis"],
    radius: float,
    push: Float[np.ndarray, " axis"],
) -> None:
    """Displace a round region of a picture in place, most at its centre; lengths in pixels."""
    height, width, _ = ground.shape
    left, right = (int(np.clip(centre[0] + side * 1.4 * radius, 0, width)) for side in (-1, 1))
    top, bottom = (int(np.clip(centre[1] + side * 1.4 * radius, 0, height)) for side in (-1, 1))
    if right - left < 2 or bottom - top < 2:
        return
    y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
    near = np.exp(-2.5 * ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / radius**2)
    source = (y - near * push[1] - top, x - near * push[0] - left)
    window = ground[top:bottom, left:right].copy()
    for channel in range(3):
        ground[top:bottom, left:right, channel] = map_coordinates(
            window[..., channel], source, order=1, mode="nearest"
        )


def _soft_mask(
    parts: list, size: tuple[int, int], offset: tuple[float, float]
) -> Float[np.ndarray, "height width"]:
    """Draw parts as a blurred mask, 0 to 1: at a quarter of the size, then enlarged."""
    small = draw_parts(parts, (size[0] // 4, size[1] // 4), offset, flat=True)
    return np.asarray(small.resize(size, Image.Resampling.BICUBIC), np.float32) / 255
