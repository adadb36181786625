"""A simulated scene as a camera records it: exposures averaged over the shutter, light, noise."""

import math
from collections.abc import Iterator

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from syncfusion.synthetic.distraction import Waves
from syncfusion.synthetic.strikes.camera import Camera, View
from syncfusion.synthetic.strikes.contacts import Strike
from syncfusion.synthetic.strikes.costume import (
    GROUND_METRES,
    GROUND_PIXELS,
    Costume,
    Texture,
    draw_costume,
)
from syncfusion.synthetic.strikes.model import STEP
from syncfusion.synthetic.strikes.passing import PassingHand, draw_passing
from syncfusion.synthetic.strikes.physics import Take
from syncfusion.synthetic.strikes.scene import StrikeScene
from syncfusion.synthetic.strikes.shapes import Patch, Pixels, Shape
from syncfusion.timing import frame_count, frame_time

FILMING = 3  # purpose, see ``StrikeScene.rng``
BLUR_STEP = 4.0  # pixels that anything may move between two exposures of one frame
MOST_EXPOSURES = 4
SUBPIXEL = 4  # bits of OpenCV's coordinates
GRAIN_ROOM = 64  # pixels by which each frame's noise is moved about
FARTHEST = 4000  # pixels; outlines beyond are cut off

Picture = UInt8[np.ndarray, "height width 3"]


def film(scene: StrikeScene, take: Take, events: tuple[Strike, ...]) -> Iterator[Picture]:
    """Film a scene; frame ``n`` is exposed around ``n / fps`` seconds.

    Args:
        scene: as it was drawn.
        take: its physics.
        events: hits, which may throw the camera.

    Yields:
        Frames as RGB.
    """
    rng = scene.rng(FILMING)
    camera, costume = Camera(scene, events), draw_costume(scene, take, rng)
    stage = _Stage(scene, take, costume, draw_passing(scene, rng))
    light = Waves.draw(1, 0.05, 1.0, rng)
    room = (scene.config.height + GRAIN_ROOM, scene.config.width + GRAIN_ROOM, 3)
    grain = np.float32(scene.lens.grain) * rng.standard_normal(room, np.float32)
    for number in range(frame_count(scene.config.seconds, scene.fps)):
        time = frame_time(number, scene.fps)
        moments = stage.exposures(camera, time)
        shots = [stage.shot(camera.at(each), each) for each in moments]
        picture = np.mean(shots, axis=0, dtype=np.float32)
        picture *= 1 + scene.lens.flicker * float(light.at(time)[0])
        row, column = rng.integers(GRAIN_ROOM, size=2)
        picture += grain[row : row + len(picture), column : column + picture.shape[1]]
        yield np.clip(picture, 0, 255).astype(np.uint8)


class _Stage:
    """What stands before the camera, painted for one moment."""

    def __init__(
        self, scene: StrikeScene, take: Take, costume: Costume, passing: list[PassingHand]
    ) -> None:
        self._scene, self._take, self._costume, self._passing = scene, take, costume, passing
        self._kinds = [int(kind) for kind in take.model.geom_type]

    def exposures(self, camera: Camera, time: float) -> Float[np.ndarray, " exposure"]:
        """Return the moments of a frame's exposures; a faster picture gets more of them."""
        half = self._scene.lens.shutter / self._scene.fps / 2
        ends = (time - half, time + half)
        geoms = [*self._costume.geoms]
        seen = [camera.at(each).see(self._take.places[self._step(each)][geoms]) for each in ends]
        tips = [camera.at(each).see(self._take.tips[self._step(each)][None]) for each in ends]
        moved = np.abs(np.concatenate((seen[1] - seen[0], tips[1] - tips[0]))).max()
        n_exposures = int(np.clip(math.ceil(moved / BLUR_STEP), 1, MOST_EXPOSURES))
        return np.linspace(ends[0], ends[1], 2 * n_exposures + 1)[1::2]

    def shot(self, view: View, time: float) -> Picture:
        """Return what is seen at one moment."""
        size = (self._scene.config.width, self._scene.config.height)
        ground = view.ground(GROUND_PIXELS, GROUND_METRES * GROUND_PIXELS / 2)
        picture = cv2.warpPerspective(
            self._costume.ground, ground, size, borderMode=cv2.BORDER_REFLECT
        )
        shapes = list(self._shapes(time))
        light = self._light(view, [shape for shape, _ in shapes])
        picture = cv2.blendLinear(picture, np.zeros_like(picture), light, 1 - light)
        patches = [(patch, texture) for shape, texture in shapes for patch in shape.patches(view)]
        for patch, texture in sorted(patches, key=lambda each: -each[0].depth):
            _paint(picture, patch, texture)
        return picture

    def _step(self, time: float) -> int:
        return min(max(round(time / STEP), 0), len(self._take) - 1)

    def _shapes(self, time: float) -> Iterator[tuple[Shape, Texture]]:
        take, step = self._take, self._step(time)
        for geom, texture in self._costume.geoms.items():
            size, place = take.model.geom_size[geom], take.places[step, geom]
            yield Shape(self._kinds[geom], size, place, take.turns[step, geom]), texture
        for each in self._passing:
            textures = (self._costume.skin, self._costume.sleeve)
            yield from zip(each.shapes(time), textures, strict=False)

    def _light(self, view: View, shapes: list[Shape]) -> Float[np.ndarray, "height width"]:
        """Return the light that shadows leave on the ground, 0 to 1."""
        width, height = self._scene.config.width, self._scene.config.height
        dark = np.zeros((height // 2, width // 2), np.uint8)
        for shape in shapes:
            points = np.array(shape.hull(), float)
            points[:, :2] += points[:, 2:] * self._scene.sun
            points[:, 2] = 0
            outline = cv2.convexHull(view.see(points).astype(np.float32) / 2)[:, 0]
            cv2.fillConvexPoly(dark, _fixed(outline), (255,), cv2.LINE_AA, SUBPIXEL)
        soft = cv2.resize(cv2.GaussianBlur(dark, (0, 0), 1.2), (width, height))
        return 1 - np.float32(self._scene.shade / 255) * soft


def _fixed(outline: Pixels) -> np.ndarray:
    """Return pixels as OpenCV's fixed-point coordinates."""
    return np.round(np.clip(outline, -FARTHEST, FARTHEST) * 2**SUBPIXEL).astype(np.int32)


def _paint(picture: Picture, patch: Patch, texture: Texture) -> None:
    """Lay a patch over a picture, in place."""
    height, width, _ = picture.shape
    low = np.clip(np.floor(patch.outline.min(0)) - 1, 0, (width, height)).astype(int)
    high = np.clip(np.ceil(patch.outline.max(0)) + 2, 0, (width, height)).astype(int)
    columns, rows = (high - low).tolist()
    if columns < 1 or rows < 1:
        return
    mask = np.zeros((rows, columns), np.uint8)
    cv2.fillConvexPoly(mask, _fixed(patch.outline - low), (255,), cv2.LINE_AA, SUBPIXEL)
    tall, wide, _ = texture.shape
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    frame = (patch.frame - low).astype(np.float32)
    warp = cv2.getPerspectiveTransform(corners, frame)
    painted = cv2.warpPerspective(texture, warp, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
    painted = cv2.convertScaleAbs(painted, alpha=patch.light)
    window = picture[low[1] : high[1], low[0] : high[0]]
    cover = mask.astype(np.float32) / 255
    window[:] = cv2.blendLinear(painted, window, cover, 1 - cover)
