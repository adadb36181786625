"""The same scene, filmed otherwise: training material that keeps its onsets.

Pictures are changed before the flow is computed, so what the nets see of it is what another camera,
another distance, another light and another encoder would have given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from syncfusion.media import GreyPicture, recompressed
from syncfusion.onset.motion.flow import HEIGHT, WIDTH, Grey

QUALITY = (22, 34)  # x264's constant rate factor
ZOOM = (0.65, 1.5)  # how much larger the scene appears; around it, below 1, it is mirrored
TURN = 6.0  # degrees
GAMMA = 0.45  # largest logarithm of the exponent
EXPOSURE = (0.75, 1.15)  # factor of the grey levels
NOISE = 3.0  # grey levels, largest standard deviation
SHAKE = 1.2  # pixels a picture, largest standard deviation of a hand's push
STEADYING = 0.9  # of the camera's displacement that the next picture keeps
OFFSET = 0.3  # of what a zoom cuts off, largest displacement of the centre
OFTEN = 0.5  # probability of noise, and of shake


@dataclass(frozen=True, kw_only=True)
class Filming:
    """How a scene is filmed.

    Args:
        quality: of the encoder, x264's constant rate factor.
        zoom: factor of sizes.
        turn: rotation in degrees.
        offset: displacement of the picture, in widths and heights.
        gamma: exponent of the grey levels.
        exposure: factor of the grey levels.
        noise: standard deviation in grey levels.
        shake: standard deviation of a hand's push from picture to picture, in pixels.
    """

    quality: int
    zoom: float
    turn: float
    offset: tuple[float, float]
    gamma: float
    exposure: float
    noise: float
    shake: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Filming":
        """Draw one at random."""
        zoom = float(np.exp(rng.uniform(*np.log(ZOOM))))
        across, down = rng.uniform(-OFFSET, OFFSET, 2) * max(zoom - 1, 0)
        return cls(
            quality=int(rng.integers(*QUALITY, endpoint=True)),
            zoom=zoom,
            turn=float(rng.uniform(-TURN, TURN)),
            offset=(float(across), float(down)),
            gamma=float(np.exp(rng.uniform(-GAMMA, GAMMA))),
            exposure=float(rng.uniform(*EXPOSURE)),
            noise=float(rng.uniform(0, NOISE) * (rng.random() < OFTEN)),
            shake=float(rng.uniform(0, SHAKE) * (rng.random() < OFTEN)),
        )


def filmed(
    pictures: Iterable[GreyPicture], filming: Filming, rng: np.random.Generator
) -> Iterator[GreyPicture]:
    """Return the pictures of the scene, filmed otherwise.

    Args:
        pictures: of ``WIDTH`` × ``HEIGHT`` pixels.
        filming: how.
        rng: of noise and shake.

    Returns:
        As many pictures, at the same times.
    """
    return recompressed(_changed(pictures, filming, rng), quality=filming.quality)


def _changed(
    pictures: Iterable[GreyPicture], filming: Filming, rng: np.random.Generator
) -> Iterator[GreyPicture]:
    levels = 255 * filming.exposure * (np.arange(256) / 255) ** filming.gamma
    table, displacement = levels.clip(0, 255).astype(np.uint8), np.zeros(2)
    for picture in pictures:
        displacement = STEADYING * displacement + rng.normal(0, 1, 2) * filming.shake
        pixels = _placed(cv2.LUT(picture.pixels, table), filming, displacement)  # type: ignore[arg-type]
        if filming.noise:
            noise = rng.standard_normal(pixels.shape, np.float32) * filming.noise
            pixels = (pixels + noise).clip(0, 255).astype(np.uint8)
        yield GreyPicture(pixels, picture.time)


def _placed(pixels: Grey, filming: Filming, displacement: np.ndarray) -> Grey:
    """Zoom, turn and move a picture."""
    place = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), filming.turn, filming.zoom)
    place[:, 2] += np.array(filming.offset) * (WIDTH, HEIGHT) + displacement
    if filming.zoom < 1:  # each pixel stands for more of the scene
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.5 / filming.zoom)  # type: ignore[assignment]
    border = cv2.BORDER_REFLECT_101
    return cv2.warpAffine(pixels, place, (WIDTH, HEIGHT), borderMode=border)  # type: ignore[return-value]
