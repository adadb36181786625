"""Grey pictures in which a textured square moves, for the tests of the detector of motion."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from syncfusion.media import GreyPicture
from syncfusion.onset.motion.flow import HEIGHT, WIDTH

SIDE = 64  # pixels of the square


def texture(height: int, width: int, seed: int) -> np.ndarray:
    """Smooth noise from 40 to 200."""
    coarse = np.random.default_rng(seed).uniform(40, 200, (height // 8, width // 8))
    return cv2.resize(coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)


def picture(x: float, y: float, *, camera: tuple[float, float] = (0, 0)) -> np.ndarray:
    """A square with its corner at (x, y) pixels before a background that the camera moves."""
    shift = np.array([[1, 0, camera[0]], [0, 1, camera[1]]], np.float32)
    size = (WIDTH, HEIGHT)
    scene = cv2.warpAffine(texture(HEIGHT, WIDTH, 0), shift, size, borderMode=cv2.BORDER_REFLECT)
    place = np.array([[1, 0, x], [0, 1, y]], np.float32)
    square = cv2.warpAffine(texture(SIDE, SIDE, 1), place, size)
    mask = cv2.warpAffine(np.ones((SIDE, SIDE), np.float32), place, size)
    return (scene * (1 - mask) + square * mask).clip(0, 255).astype(np.uint8)


def heights(n_frames: int, period: int, reach: float = 60.0) -> np.ndarray:
    """Pixels from the top of something that falls and bounces every ``period`` frames."""
    phase = (np.arange(n_frames) % period) / period
    return 100 - reach * 4 * phase * (1 - phase)


def bouncing(n_frames: int, *, period: int = 15, fps: float = 30.0) -> list[GreyPicture]:
    """A square that bounces."""
    rows = heights(n_frames, period)
    return [GreyPicture(picture(150, row), n / fps) for n, row in enumerate(rows)]


def write_video(
    path: Path,
    pictures: Sequence[np.ndarray],
    *,
    fps: int = 30,
    times: Sequence[int] = (),
    codec: str = "libx264",
) -> Path:
    """Encode grey pictures, as H.264 or "mjpeg"; ``times`` are in thousandths of a second."""
    with av.open(str(path), "w") as container:
        options = {"crf": "18"} if codec == "libx264" else {}
        stream = container.add_stream(codec, rate=fps, options=options)
        stream.height, stream.width = pictures[0].shape
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        if times:
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for number, pixels in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(pixels, format="gray")
            if times:
                frame.pts = times[number]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
