"""A scene of strikes with its physics done: pictures, events and what sounds."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from syncfusion.synthetic.scene import Event, SceneConfig
from syncfusion.synthetic.strikes.contacts import Strike, gains, strikes
from syncfusion.synthetic.strikes.drawing import draw_strikes
from syncfusion.synthetic.strikes.film import film
from syncfusion.synthetic.strikes.physics import Take, simulate
from syncfusion.synthetic.strikes.scene import StrikeScene

LOUDEST = 3.0  # times the median force, at full strength
LEAST = 0.1  # of strength


@dataclass(frozen=True)
class StrikeRecording:
    """A simulated scene.

    Args:
        scene: as it was drawn.
        take: its physics.
        strikes: its events with their forces.
    """

    scene: StrikeScene
    take: Take
    strikes: tuple[Strike, ...]

    @property
    def config(self) -> SceneConfig:
        """Options of the scene."""
        return self.scene.config

    @property
    def events(self) -> tuple[Event, ...]:
        """Events as the sound needs them: its amplitude is proportional to the force."""
        strengths = [
            float(np.clip(gain / LOUDEST, LEAST, 1.0)) ** (2 / 3) for gain in gains(self.strikes)
        ]
        return tuple(
            Event(each.time, each.material, each.action, each.place[:2], strength, each.seconds)
            for each, strength in zip(self.strikes, strengths, strict=True)
        )

    def rng(self, purpose: int) -> np.random.Generator:
        """Return the random generator for one purpose of the sound."""
        return np.random.default_rng([self.scene.seed, purpose, 1])

    def frames(self) -> Iterator[UInt8[np.ndarray, "height width 3"]]:
        """Yield the pictures; frame ``n`` is exposed around ``n / fps`` seconds."""
        return film(self.scene, self.take, self.strikes)

    def event_table(self) -> str:
        """Return the events as a csv file: time in seconds, label, gain, force in newtons."""
        rows = [
            f"{each.time:.3f},{each.material} {each.action},{gain:.3f},{each.force:.1f}\n"
            for each, gain in zip(self.strikes, gains(self.strikes), strict=True)
        ]
        return "time,label,gain,force\n" + "".join(rows)


def record_strikes(config: SceneConfig, seed: int, index: int) -> StrikeRecording:
    """Draw and simulate one scene; it depends only on the config, the seed and the index.

    Args:
        config: what all scenes have in common.
        seed: of all scenes.
        index: of this one, 0 or more.

    Returns:
        The scene with its motion, contacts and forces; its pictures are drawn on demand.

    Raises:
        ModuleNotFoundError: without the package mujoco.
    """
    scene = draw_strikes(config, seed, index)
    take = simulate(scene)
    return StrikeRecording(scene, take, strikes(scene, take))
