"""How hard an event strikes, from the motion around it: gains relative to the rest of its clip.

The speed of the approach alone does not predict loudness; how fast what comes down stops and turns
back does. Gains are relative to the median event of a clip, so the distance of the camera and the
size of what moves do not matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import yaml
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.onset.motion.quantities import lagged, strongest
from syncfusion.plain_values import parse_yaml

STRENGTH = "strength.yaml"  # of a preset; apart from the detector's files, which come and go
QUANTITIES = ("speed", "downwards", "stop", "reversal", "fall")
WINDOWS = {"before": (-0.17, 0.0), "at": (-0.035, 0.07), "after": (0.0, 0.17)}  # s from the event
NAMES = tuple(f"{name} {window}" for window in WINDOWS for name in QUANTITIES)
SOFTEST, LOUDEST = 0.25, 2.0  # gains
LARGEST_LOGARITHM = 1.5  # of a hit's loudness relative to its clip, 13 dB; beyond it is one's own
NOTHING = 0.03  # added before logarithms; speeds in widths of the picture per second
RIDGE = 300.0  # penalty of a weight per unit of its quantity's deviation, squared

Grid = Float[Tensor, "frame 9 row column"]


@dataclass(frozen=True)
class StrengthModel:
    """A linear model of the logarithm of a gain.

    Args:
        weights: of each of ``NAMES``.
    """

    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        numbers = [self.weights.get(name) for name in NAMES]
        if not all(isinstance(each, int | float) and np.isfinite(each) for each in numbers):
            raise ValueError(f"its weights are not a number for each of {', '.join(NAMES)}")

    @classmethod
    def read(cls, file: Path) -> "StrengthModel | None":
        """Read a model.

        Args:
            file: as ``write`` leaves it.

        Returns:
            The model; None where there is no such file.

        Raises:
            InputError: if it holds something else.
        """
        try:
            return cls(parse_yaml(file.read_text(encoding="utf-8"))["weights"])
        except FileNotFoundError:
            return None
        except (OSError, TypeError, LookupError, ValueError, AttributeError) as e:
            raise InputError(
                f"{file} holds no model of strength ({str(e).splitlines()[0]}); write it anew by "
                "syncfusion train strength, or delete it for equal gains"
            ) from e

    def write(self, file: Path, metrics: Mapping[str, object]) -> None:
        """Write the model, and how it was measured."""
        weights = {name: round(float(self.weights[name]), 5) for name in NAMES}
        with temporary_sibling(file) as temporary:
            content = yaml.safe_dump({"weights": weights, "metrics": metrics}, sort_keys=False)
            temporary.write_text(content, encoding="utf-8")

    def curve(
        self, grid: Grid, frame_times: Float[np.ndarray, " frame"]
    ) -> Float[np.ndarray, " frame"]:
        """Return the natural logarithm of a gain at every frame, up to a constant of the clip.

        Args:
            grid: cells of the whole clip, see ``inputs.MotionInput``.
            frame_times: seconds of its frames, evenly spaced.

        Returns:
            One logarithm a frame.
        """
        weights = np.array([self.weights[name] for name in NAMES], float)
        return strength_quantities(grid, frame_times) @ weights


def relative_gains(logarithms: Float[np.ndarray, " event"]) -> list[float]:
    """Return the gains of a clip's events.

    Args:
        logarithms: natural ones, up to a constant of the clip.

    Returns:
        Linear gains, ``SOFTEST`` to ``LOUDEST``, to two decimals; that of the median event is 1.
    """
    if not len(logarithms):
        return []
    gains = np.exp(logarithms - np.median(logarithms))
    return gains.clip(SOFTEST, LOUDEST).round(2).tolist()


def strength_quantities(
    grid: Grid, frame_times: Float[np.ndarray, " frame"]
) -> Float[np.ndarray, "frame quantity"]:
    """Return the logarithm of the largest value of each of ``NAMES`` around every frame.

    Args:
        grid: cells of the whole clip.
        frame_times: seconds of its frames, evenly spaced.

    Returns:
        The logarithms, in the order of ``NAMES``.
    """
    rate = 1 / float(np.median(np.diff(frame_times))) if len(frame_times) > 1 else 1.0
    values = _quantities(grid.float(), rate)
    largest = []
    for first, end in WINDOWS.values():
        lags = range(-round(end * rate), -round(first * rate) + 1)
        largest.append(torch.stack([lagged(values, lag) for lag in lags]).amax(0))
    return np.log(torch.cat(largest, 1).double().cpu().numpy() + NOTHING)


def _quantities(cells: Grid, rate: float) -> Float[Tensor, "frame quantity"]:
    """Return each of ``QUANTITIES``, 0 or more, at each frame."""
    u, v, speed = cells[:, 2], cells[:, 3], cells[:, 5]
    before_u, before_v, before = (lagged(each, 2) for each in (u, v, speed))
    reversal = -(u * before_u + v * before_v) / (speed + before + 1e-3)
    maps = (speed, v, lagged(speed, 1) - speed, reversal)
    found = [strongest(each.clamp(min=0))[:, -1] for each in maps]
    return torch.stack([*found, _fall(cells[:, 6]) * rate], 1)


def _fall(differences: Float[Tensor, "frame row column"]) -> Float[Tensor, " frame"]:
    """Return how far, in heights, the centre of the grey differences moves up or down a frame."""
    weight = (differences + 1e-4) ** 2
    weight = functional.normalize(weight.sum(2), p=1.0, dim=1)
    rows = weight.shape[1]
    centre = (weight * (torch.arange(rows, device=weight.device) + 0.5) / rows).sum(1)
    return (centre - lagged(centre, 1)).abs()


def fit_strength(
    quantities: Sequence[Float[np.ndarray, "hit quantity"]],
    loudness: Sequence[Float[np.ndarray, " hit"]],
) -> StrengthModel:
    """Fit the model to recorded hits by ridge regression.

    Args:
        quantities: of the hits of each clip, see ``strength_quantities``.
        loudness: of each hit, the natural logarithm relative to the clip's median.

    Returns:
        The model; few hits shrink its gains towards 1.

    Raises:
        InputError: if there are no hits.
    """
    relative = [each - np.median(each, axis=0) for each in quantities if len(each)]
    rows = np.concatenate([np.zeros((0, len(NAMES))), *relative])
    if not len(rows):
        raise InputError("there are no hits to learn strength from; give clips with events")
    targets = np.concatenate(loudness).clip(-LARGEST_LOGARITHM, LARGEST_LOGARITHM)
    deviation = rows.std(0) + 1e-6
    scaled = rows / deviation
    normal = scaled.T @ scaled + RIDGE * np.eye(len(NAMES))
    weights = np.linalg.solve(normal, scaled.T @ targets) / deviation
    return StrengthModel(dict(zip(NAMES, weights.tolist(), strict=True)))
