"""Random scenes of strikes: which things stand where, who strikes, and how it is filmed."""

import math

import numpy as np

from syncfusion.synthetic.scene import FRAME_RATES, SceneConfig
from syncfusion.synthetic.strikes.scene import Arm, Lens, StrikeScene, Thing

KINDS = {"box": 0.3, "can": 0.25, "ball": 0.1, "plant": 0.15, "board": 0.1, "hanging": 0.1}
SOLID = ("wood", "metal", "ceramic", "plastic", "rock", "glass", "paper", "cloth", "tile")


def draw_strikes(config: SceneConfig, seed: int, index: int) -> StrikeScene:
    """Draw one scene; it depends only on the config, the seed and the scene's index."""
    rng = np.random.default_rng([seed, index, 1])
    around = rng.uniform(-math.pi, math.pi)  # where the camera stands
    side = rng.choice([-1, 1]) * rng.uniform(0.2, 1.7)  # the shoulder beside it
    things = _draw_things(rng)
    return StrikeScene(
        config=config,
        fps=config.fps or float(rng.choice(FRAME_RATES)),
        ground=str(rng.choice(config.materials)),
        things=things,
        arm=_draw_arm(around + side, rng),
        lens=_draw_lens(around, things, config.restlessness, rng),
        tempo=float(np.clip(rng.lognormal(math.log(0.55), 0.4), 0.25, 1.6)),
        vigour=float(rng.uniform(0.5, 1.3)),
        sun=(float(rng.normal(0, 0.5)), float(rng.normal(0, 0.5))),
        shade=float(rng.uniform(0.1, 0.65)),
        seed=int(rng.integers(2**31)),
    )


def _draw_things(rng: np.random.Generator) -> tuple[Thing, ...]:
    """Draw things beside each other; one that finds no room is left out."""
    things: list[Thing] = []
    for _ in range(rng.integers(1, 6)):
        for _ in range(20):
            thing = _draw_thing(rng)
            if all(math.dist(thing.place, each.place) > thing.room + each.room for each in things):
                things.append(thing)
                break
    return tuple(things)


def _draw_thing(rng: np.random.Generator) -> Thing:
    kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
    distance, angle = 0.2 * math.sqrt(rng.random()), rng.uniform(-math.pi, math.pi)
    width = rng.uniform(0.03, 0.12)
    size = {
        "box": (width, rng.uniform(0.03, 0.12), rng.uniform(0.015, 0.1)),
        "can": (width * 0.6, width * 0.6, rng.uniform(0.04, 0.12)),
        "ball": (width * 0.6,) * 3,
        "plant": (0.006, 0.006, rng.uniform(0.08, 0.16)),
        "board": (width + 0.03, 0.008, rng.uniform(0.07, 0.16)),
        "hanging": (width * 0.3, width * 0.3, rng.uniform(0.05, 0.1)),
    }[kind]
    return Thing(
        kind=kind,
        material="leaf" if kind == "plant" else str(rng.choice(SOLID)),
        place=(distance * math.cos(angle), distance * math.sin(angle)),
        size=(float(size[0]), float(size[1]), float(size[2])),
        mass=float(np.exp(rng.uniform(math.log(0.1), math.log(6.0)))),
        turn=float(rng.uniform(-math.pi, math.pi)),
        stiffness=float(np.exp(rng.uniform(math.log(0.5), math.log(8.0)))),
    )


def _draw_arm(angle: float, rng: np.random.Generator) -> Arm:
    distance = rng.uniform(0.62, 0.78)
    return Arm(
        place=(
            distance * math.cos(angle),
            distance * math.sin(angle),
            float(rng.uniform(0.3, 0.45)),
        ),
        turn=angle + math.pi,
        stick=float(rng.uniform(0.22, 0.36)),
        radius=float(rng.uniform(0.005, 0.01)),
        grip=float(rng.uniform(2, 8)),
        haste=float(rng.uniform(22, 38)),
        girth=float(rng.uniform(0.8, 1.3)),
    )


def _draw_lens(
    around: float, things: tuple[Thing, ...], restless: float, rng: np.random.Generator
) -> Lens:
    """Draw a camera that is directed at the things and sees them all, or nearly so."""
    distance, rise = rng.uniform(0.7, 1.5), rng.uniform(0.3, 1.1)
    middle = np.mean([each.place for each in things], axis=0)
    spread = max(math.dist(each.place, middle) + max(each.size) for each in things)
    held = rng.random() < 0.55
    level = distance * math.cos(rise)
    place = (level * math.cos(around), level * math.sin(around), distance * math.sin(rise))
    width = max(rng.uniform(0.55, 1.1), 3.2 * spread)  # metres seen across, at the middle
    x, y = middle + rng.normal(0, 0.03, 2)
    return Lens(
        place=place,
        look=(float(x), float(y), float(rng.uniform(0.02, 0.1))),
        roll=float(rng.normal(0, 0.06)),
        focal=float(16 / 9 * distance / width),
        shake=float(restless * held * rng.exponential(0.006)),
        shock=float(restless * held * (rng.random() < 0.4) * rng.uniform(0, 2e-5)),
        shutter=float(rng.uniform(0.15, 0.9)),
        grain=float(restless * rng.uniform(0.5, 5)),
        flicker=float(restless * rng.exponential(0.015)),
        quality=float(rng.uniform(20, 32)),
    )
