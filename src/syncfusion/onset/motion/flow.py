"""Dense optical flow between two pictures, without the camera's own motion.

Flow is the method DIS (Kroeger et al., ECCV 2016) of OpenCV, on pictures of one small size, in
widths of the picture: independent of the video's size. Everything here is a pure function of two
pictures, so pairs are computed in parallel.
"""

import functools
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, UInt8

WIDTH, HEIGHT = 384, 224  # pixels of the grey pictures
FLOW_STEP = 2  # pixels a flow vector stands for, in either direction
FINEST_SCALE = 2  # of DIS: flow is computed at a quarter of the resolution, then refined
PATCH, STRIDE = 8, 4  # pixels of DIS's patches at the finest scale, and their distance

BLUR = 1.0  # pixels, standard deviation; what another encoding changes is finer than that

CAMERA_STEP = 4  # flow vectors per side of the squares that the camera's motion is fitted to
CAMERA_ROUNDS = 6  # of reweighting; the fit stays the same to three digits after four
CAMERA_SPREAD = 1.5  # residuals of this many medians count a quarter
LEAST_SPREAD = 0.02  # pixels; below it, residuals are rounding
RIDGE = 1e-3  # keeps the fit defined where few squares count

CUT_DIFFERENCE = 0.12  # median grey difference over squares, of full scale; fast camera: 0.11

Grey = UInt8[np.ndarray, "height width"]
Flow = Float[np.ndarray, "row column 2"]


class PairMotion(NamedTuple):
    """Motion from one picture to the next.

    Args:
        flow: displacement (right, down) in widths of the picture, the camera's motion removed;
            (HEIGHT / FLOW_STEP, WIDTH / FLOW_STEP, 2).
        difference: absolute grey difference, 0 to 1; (HEIGHT, WIDTH).
        is_cut: whether the picture changed as a whole, as at a scene cut or a flash, where flow
            means nothing.
    """

    flow: Float[np.ndarray, "row column 2"]
    difference: Float[np.ndarray, "height width"]
    is_cut: bool


def softened(pixels: Grey) -> Grey:
    """Return a picture without its finest detail, which is noise of the camera and the encoder."""
    return cv2.GaussianBlur(pixels, (0, 0), BLUR)  # type: ignore[return-value]


def motion_between(before: Grey, after: Grey) -> PairMotion:
    """Return the motion between two pictures of ``WIDTH`` × ``HEIGHT`` pixels, both softened."""
    difference = cv2.absdiff(before, after).astype(np.float32) / 255
    size = (WIDTH // FLOW_STEP, HEIGHT // FLOW_STEP)
    is_cut = bool(np.median(_squares(difference, 32)) > CUT_DIFFERENCE)
    if is_cut or not difference.any():
        return PairMotion(np.zeros((*size[::-1], 2), np.float32), difference, is_cut)
    full = _dis().calc(before, after, None)  # type: ignore[arg-type]
    flow = cv2.resize(full, size, interpolation=cv2.INTER_AREA)
    flow -= camera_flow(flow)
    return PairMotion(flow / WIDTH, difference, is_cut)


def _dis() -> cv2.DISOpticalFlow:
    """Return the method with our settings; building it takes microseconds, sharing is not safe."""
    method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    method.setFinestScale(FINEST_SCALE)
    method.setPatchSize(PATCH)
    method.setPatchStride(STRIDE)
    return method


def camera_flow(flow: Flow) -> Flow:
    """Return the part of a flow that an affine motion of the whole picture explains.

    Robust least squares: iteratively reweighted after Geman and McClure (1987), from the median.

    Args:
        flow: displacements in pixels; rows and columns are multiples of ``CAMERA_STEP``.

    Returns:
        The affine flow at every vector's place, in the same unit.
    """
    small = _squares(flow, CAMERA_STEP)
    base, products = _affine_base(*small.shape[:2])
    vectors = small.reshape(-1, 2).T.astype(np.float64)
    residual = vectors - np.median(vectors, axis=1, keepdims=True)
    coefficients = np.zeros((3, 2))
    for _ in range(CAMERA_ROUNDS):
        squared = np.square(residual).sum(0)
        scale = CAMERA_SPREAD * np.sqrt(np.median(squared)) + LEAST_SPREAD
        weights = 1 / np.square(1 + squared / scale**2)
        normal = (products @ weights).reshape(3, 3) + RIDGE * np.eye(3)
        coefficients = np.linalg.solve(normal, base @ (weights * vectors).T)
        residual = vectors - coefficients.T @ base
    rows, columns = flow.shape[:2]
    x, y = ((np.arange(n, dtype=np.float32) + 0.5) / n - 0.5 for n in (columns, rows))
    camera = np.empty_like(flow)
    for axis, (constant, across, down) in enumerate(coefficients.astype(np.float32).T):
        np.add((constant + y * down)[:, None], x * across, out=camera[..., axis])
    return camera


@functools.cache
def _affine_base(
    rows: int, columns: int
) -> tuple[Float[np.ndarray, "3 place"], Float[np.ndarray, "9 place"]]:
    """Return 1 and the position, -0.5 to 0.5, of each place of a grid; and their products."""
    y, x = np.mgrid[0:rows, 0:columns]
    parts = [np.ones(y.size), (x.ravel() + 0.5) / columns - 0.5, (y.ravel() + 0.5) / rows - 0.5]
    base = np.stack(parts)
    return base, (base[:, None] * base).reshape(9, -1)


def _squares(values: np.ndarray, size: int) -> np.ndarray:
    """Average over squares of ``size`` places a side."""
    rows, columns = values.shape[0] // size, values.shape[1] // size
    return cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA)
