"""Silent motion: camera drift, passing objects and shadows, surfaces in a breeze."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from syncfusion.synthetic.scene import Scene
from syncfusion.synthetic.tool import Blob


@dataclass(frozen=True)
class Waves:
    """A smooth random motion: sines of four frequencies per axis, standard deviation about 1."""

    frequencies: Float[np.ndarray, "axis wave"]
    phases: Float[np.ndarray, "axis wave"]

    @classmethod
    def draw(cls, n_axes: int, slowest: float, fastest: float, rng: np.random.Generator) -> "Waves":
        """Draw a motion between two frequencies in Hz."""
        frequencies = np.exp(rng.uniform(math.log(slowest), math.log(fastest), (n_axes, 4)))
        return cls(frequencies, rng.uniform(0, 2 * math.pi, (n_axes, 4)))

    def at(self, time: float) -> Float[np.ndarray, " axis"]:
        """Return the displacement along each axis at a time in seconds."""
        waves = np.sin(2 * math.pi * self.frequencies * time + self.phases)
        return waves.sum(axis=1) / math.sqrt(2)


@dataclass(frozen=True)
class Passer:
    """A silent object or shadow that crosses the frame."""

    start: float
    seconds: float
    ends: Float[np.ndarray, "2 2"]
    blob: Blob
    is_shadow: bool

    def at(self, time: float) -> Blob | None:
        """Return the object at its position at a time in seconds; None while it is absent."""
        fraction = (time - self.start) / self.seconds
        if not 0 <= fraction <= 1:
            return None
        x, y = (1 - fraction) * self.ends[0] + fraction * self.ends[1]
        return self.blob._replace(centre=(float(x), float(y + 0.02 * math.sin(9 * time))))


@dataclass(frozen=True)
class Sway:
    """A soft region of the surface that moves silently in a breeze."""

    place: tuple[float, float]
    radius: float
    reach: float
    waves: Waves


def draw_passer(scene: Scene, rng: np.random.Generator) -> Passer:
    """Draw an object or shadow that crosses the frame once, from side to side."""
    aspect = scene.config.aspect
    left, right = np.array([[-0.3, rng.uniform(-0.2, 1.2)], [aspect + 0.3, rng.uniform(-0.2, 1.2)]])
    ends = np.array([left, right] if rng.random() < 0.5 else [right, left])
    is_shadow = bool(rng.random() < 0.5)
    radius = rng.uniform(0.1, 0.3) if is_shadow else rng.exponential(0.03) + 0.008
    red, green, blue = rng.integers(0, 230, 3).tolist()
    return Passer(
        start=float(rng.uniform(0, scene.config.seconds)),
        seconds=float(rng.uniform(0.6, 6)),
        ends=ends,
        blob=Blob((0.0, 0.0), float(radius), (red, green, blue)),
        is_shadow=is_shadow,
    )


def draw_sway(scene: Scene, rng: np.random.Generator) -> Sway:
    """Draw a region that moves continuously."""
    place = (float(rng.uniform(0, scene.config.aspect)), float(rng.uniform(0, 1)))
    reach = float(rng.exponential(0.012))
    return Sway(place, float(rng.uniform(0.1, 0.3)), reach, Waves.draw(2, 0.3, 2.5, rng))
