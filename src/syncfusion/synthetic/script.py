"""Gestures of the tool: keys of its path and the contacts among them."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from syncfusion.synthetic.motion import Key, Path, Vector
from syncfusion.synthetic.scene import (
    FRAME_RATES,
    TOOLS,
    Event,
    Scene,
    SceneConfig,
    draw_surfaces,
    draw_view,
)
from syncfusion.synthetic.stage import Stage

BALL_OUT = 2.5  # height from which a ball drops, above any frame
SHORTEST_BOUNCE = 0.14  # seconds between bounces, below which a ball rolls on


class Gesture(NamedTuple):
    """Keys to append to a path and the contacts among them, by ascending time."""

    keys: list[Key]
    events: list[Event]


def draw_scene(config: SceneConfig, seed: int, index: int) -> Scene:
    """Draw one scene; it depends only on the config, the seed and the scene's index."""
    rng = np.random.default_rng([seed, index])
    fps = config.fps or float(rng.choice(FRAME_RATES))
    tool = config.tool or str(rng.choice(list(TOOLS), p=list(TOOLS.values())))
    stage = Stage(config, draw_surfaces(config, rng), draw_view(config, tool, rng), rng)
    keys, events = _play(stage, tool)
    return Scene(
        config=config,
        fps=fps,
        tool=tool,
        surfaces=stage.surfaces,
        view=stage.view,
        path=Path(keys),
        events=tuple(events),
        seed=int(rng.integers(2**31)),
    )


def _play(stage: Stage, tool: str) -> Gesture:
    """Chain gestures until the scene ends; contacts too near the end are left out."""
    last = stage.config.seconds - 0.2  # every onset is audible
    height = BALL_OUT if tool == "ball" else stage.uniform(0.5, 1.2)
    keys, events = [Key(0.0, stage.raised(stage.place(), height))], []
    while keys[-1].time < last:
        gesture = _choose(stage, tool)(stage, keys[-1])
        if gesture.events and gesture.events[-1].time >= last:
            gesture = (_wait if tool == "ball" else _hover)(stage, keys[-1])
        keys += gesture.keys
        events += gesture.events
    return Gesture(keys, events)


def _choose(stage: Stage, tool: str) -> Callable[[Stage, Key], Gesture]:
    config, draw = stage.config, stage.rng.random()
    if tool == "ball":
        return _drop
    if draw < config.idle_fraction:
        return (_feint, _feint, _hover, _leave)[stage.rng.integers(4)]
    return _scratch if draw < config.idle_fraction + config.scratch_fraction else _hits


def _hits(stage: Stage, now: Key) -> Gesture:
    """Strike one place a few times in a loose rhythm, or wander between places."""
    shortest, longest = stage.config.periods
    period = float(np.clip(stage.rng.lognormal(math.log(0.5), 0.45), shortest, longest))
    strength, place = stage.uniform(0.25, 1.0), stage.place()
    wander = stage.uniform(0.0, 0.12)
    keys, events, time = [], [], now.time + stage.uniform(0.25, 0.7)
    gap = time - now.time
    for _ in range(stage.rng.integers(1, 8)):
        force = min(max(strength * stage.uniform(0.7, 1.3), 0.15), 1.0)
        spot = stage.near(place, wander)
        keys += _strike(stage, spot, time, gap, force)
        events.append(Event(time, stage.material(spot), "hit", spot, force))
        gap = max(period * stage.uniform(0.88, 1.15), shortest)
        time += gap
    after = keys[-1].time + stage.uniform(0.15, 0.4)
    keys.append(Key(after, stage.raised(spot, stage.uniform(0.2, 0.8))))
    return Gesture(keys, events)


def _strike(
    stage: Stage, spot: tuple[float, float], time: float, gap: float, force: float
) -> list[Key]:
    """Rise, accelerate downwards, touch at ``time`` and either rebound or rest for a moment."""
    swing = min(0.45 * gap, stage.uniform(0.09, 0.3))
    height = (0.15 + force * stage.uniform(0.4, 1.0)) * min(1.0, 0.3 + gap)
    above = stage.raised(spot, height)
    haste = stage.uniform(1.2, 2.8) / swing  # below 3, where the curve would swing back first
    fall = tuple(haste * (down - up) for down, up in zip((*spot, 0.0), above, strict=True))
    touch = (spot[0], spot[1], 0.0)
    if stage.rng.random() < 0.5:
        rest = min(0.2 * gap, stage.uniform(0.02, 0.15))
        return [
            Key(time - swing, above),
            Key(time, touch, _vector(fall)),
            Key(time + rest, touch),
        ]
    rebound = (0.0, 0.0, -stage.uniform(0.15, 0.6) * fall[2])
    return [Key(time - swing, above), Key(time, touch, _vector(fall), rebound)]


def _scratch(stage: Stage, now: Key) -> Gesture:
    """Touch down and scratch back and forth; each stroke begins with an onset."""
    start, length = stage.place(), stage.uniform(0.08, 0.35)
    angle = stage.uniform(-math.pi, math.pi)
    end = stage.inside(start[0] + length * math.cos(angle), start[1] + length * math.sin(angle))
    stroke, pause = stage.uniform(0.22, 0.6), max(0.0, stage.uniform(-0.1, 0.15))
    strength = stage.uniform(0.2, 0.9)
    time = now.time + stage.uniform(0.35, 0.8)
    keys, events = [Key(time - 0.2, stage.raised(start, stage.uniform(0.1, 0.3)))], []
    for _ in range(stage.rng.integers(2, 8)):
        seconds = max(stroke * stage.uniform(0.85, 1.15), 0.2)
        keys.append(Key(time, (*start, 0.0)))
        material = stage.material(start)
        force = min(strength * stage.uniform(0.8, 1.2), 1.0)
        events.append(Event(time, material, "scratch", start, force, seconds))
        start, end = end, stage.near(start, 0.02)
        time += seconds
        if pause:
            keys.append(Key(time, (*start, 0.0)))
            time += pause
    keys += [Key(time, (*start, 0.0))]
    keys += [Key(time + stage.uniform(0.2, 0.5), stage.raised(start, stage.uniform(0.2, 0.8)))]
    return Gesture(keys, events)


def _feint(stage: Stage, now: Key) -> Gesture:
    """Approach the surface as if to strike, stop above it and withdraw."""
    place, height = stage.place(), stage.uniform(0.1, 0.3)
    time = now.time + stage.uniform(0.2, 0.5)
    above = stage.raised(place, stage.uniform(0.4, 1.0))
    low = (*place, height)
    keys = [Key(time, above), Key(time + (down := stage.uniform(0.15, 0.6)), low)]
    rest = down + stage.uniform(0.05, 0.5)
    keys += [Key(time + rest, _aside(stage, low, 0.03))]
    keys += [Key(time + rest + stage.uniform(0.2, 0.6), above)]
    return Gesture(keys, [])


def _hover(stage: Stage, now: Key) -> Gesture:
    """Drift above the surface between random places."""
    keys, time = [], now.time
    for _ in range(stage.rng.integers(1, 4)):
        time += stage.uniform(0.3, 0.9)
        above = stage.raised(stage.place(), stage.uniform(0.25, 1.0))
        keys.append(Key(time, _aside(stage, above, 0.05)))
    return Gesture(keys, [])


def _leave(stage: Stage, now: Key) -> Gesture:
    """Leave the frame on the hand's side and wait there; the next gesture returns."""
    place, far = stage.place(), stage.config.aspect + stage.uniform(0.3, 0.8)
    angle = stage.view.arm_angle
    away = (place[0] + far * math.cos(angle), place[1] + far * math.sin(angle), 0.8)
    times = np.cumsum([now.time + stage.uniform(0.3, 0.8), stage.uniform(0.2, 1.6)])
    return Gesture([Key(float(time), away) for time in times], [])


def _drop(stage: Stage, now: Key) -> Gesture:
    """Let a ball fall from above the frame, bounce and roll out of sight."""
    gravity, bounciness = stage.uniform(3, 9), stage.uniform(0.45, 0.8)
    place, drift = stage.place(), stage.uniform(-0.3, 0.3)
    # out of sight between two drops, so it may jump to the next place
    keys, events = [Key(now.time + stage.uniform(0.1, 0.8), (*place, BALL_OUT))], []
    top = speed = math.sqrt(2 * gravity * BALL_OUT)
    time, arriving = keys[0].time + top / gravity, (0.0, 0.0, -top)
    while True:
        events.append(Event(time, stage.material(place), "hit", place, max(speed / top, 0.1)))
        speed *= bounciness
        flight = 2 * speed / gravity
        if flight < SHORTEST_BOUNCE:
            break
        keys.append(Key(time, (*place, 0.0), arriving, (drift, 0.0, speed)))
        place, time = stage.inside(place[0] + drift * flight, place[1]), time + flight
        arriving = (drift, 0.0, -speed)
    side = -1.0 if drift < 0 else stage.config.aspect + 1.0
    roll = time + stage.uniform(0.8, 1.6)
    keys.append(Key(time, (*place, 0.0), arriving))
    keys += [Key(roll, (side, place[1], 0.0)), Key(roll + 0.05, (side, place[1], BALL_OUT))]
    return Gesture(keys, events)


def _wait(stage: Stage, now: Key) -> Gesture:
    """Stay until the scene ends."""
    return Gesture([now._replace(time=now.time + stage.config.seconds)], [])


def _aside(stage: Stage, position: Vector, distance: float) -> Vector:
    x, y = stage.near((position[0], position[1]), distance)
    return x, y, position[2]


def _vector(values: tuple[float, ...]) -> Vector:
    x, y, height = values
    return x, y, height
