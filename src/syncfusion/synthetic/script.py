"""Gestures of the tool: keys of its path and the contacts among them."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from syncfusion.synthetic.gesture_space import GestureSpace
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
    space = GestureSpace(config, draw_surfaces(config, rng), draw_view(config, tool, rng), rng)
    keys, events = _play(space, tool)
    return Scene(
        config=config,
        fps=fps,
        tool=tool,
        surfaces=space.surfaces,
        view=space.view,
        path=Path(keys),
        events=tuple(events),
        seed=int(rng.integers(2**31)),
    )


def _play(space: GestureSpace, tool: str) -> Gesture:
    """Chain gestures until the scene ends; contacts too near the end are left out."""
    last = space.config.seconds - 0.2  # every onset is audible
    height = BALL_OUT if tool == "ball" else space.uniform(0.5, 1.2)
    keys, events = [Key(0.0, space.raised(space.place(), height))], []
    while keys[-1].time < last:
        gesture = _choose(space, tool)(space, keys[-1])
        if gesture.events and gesture.events[-1].time >= last:
            gesture = (_wait if tool == "ball" else _hover)(space, keys[-1])
        keys += gesture.keys
        events += gesture.events
    return Gesture(keys, events)


def _choose(space: GestureSpace, tool: str) -> Callable[[GestureSpace, Key], Gesture]:
    config, draw = space.config, space.rng.random()
    if tool == "ball":
        return _drop
    if draw < config.idle_fraction:
        return (_feint, _feint, _hover, _leave)[space.rng.integers(4)]
    return _scratch if draw < config.idle_fraction + config.scratch_fraction else _hits


def _hits(space: GestureSpace, now: Key) -> Gesture:
    """Strike one place a few times in a loose rhythm, or wander between places."""
    shortest, longest = space.config.periods
    period = float(np.clip(space.rng.lognormal(math.log(0.5), 0.45), shortest, longest))
    strength, place = space.uniform(0.25, 1.0), space.place()
    wander = space.uniform(0.0, 0.12)
    keys, events, time = [], [], now.time + space.uniform(0.25, 0.7)
    gap = time - now.time
    for _ in range(space.rng.integers(1, 8)):
        force = min(max(strength * space.uniform(0.7, 1.3), 0.15), 1.0)
        spot = space.near(place, wander)
        keys += _strike(space, spot, time, gap, force)
        events.append(Event(time, space.material(spot), "hit", spot, force))
        gap = max(period * space.uniform(0.88, 1.15), shortest)
        time += gap
    after = keys[-1].time + space.uniform(0.15, 0.4)
    keys.append(Key(after, space.raised(spot, space.uniform(0.2, 0.8))))
    return Gesture(keys, events)


def _strike(
    space: GestureSpace, spot: tuple[float, float], time: float, gap: float, force: float
) -> list[Key]:
    """Rise, accelerate downwards, touch at ``time`` and either rebound or rest for a moment."""
    swing = min(0.45 * gap, space.uniform(0.09, 0.3))
    height = (0.15 + force * space.uniform(0.4, 1.0)) * min(1.0, 0.3 + gap)
    above = space.raised(spot, height)
    haste = space.uniform(1.2, 2.8) / swing  # below 3, where the curve would swing back first
    fall = tuple(haste * (down - up) for down, up in zip((*spot, 0.0), above, strict=True))
    touch = (spot[0], spot[1], 0.0)
    if space.rng.random() < 0.5:
        rest = min(0.2 * gap, space.uniform(0.02, 0.15))
        return [
            Key(time - swing, above),
            Key(time, touch, _vector(fall)),
            Key(time + rest, touch),
        ]
    rebound = (0.0, 0.0, -space.uniform(0.15, 0.6) * fall[2])
    return [Key(time - swing, above), Key(time, touch, _vector(fall), rebound)]


def _scratch(space: GestureSpace, now: Key) -> Gesture:
    """Touch down and scratch back and forth; each stroke begins with an onset."""
    start, length = space.place(), space.uniform(0.08, 0.35)
    angle = space.uniform(-math.pi, math.pi)
    end = space.inside(start[0] + length * math.cos(angle), start[1] + length * math.sin(angle))
    stroke, pause = space.uniform(0.22, 0.6), max(0.0, space.uniform(-0.1, 0.15))
    strength = space.uniform(0.2, 0.9)
    time = now.time + space.uniform(0.35, 0.8)
    keys, events = [Key(time - 0.2, space.raised(start, space.uniform(0.1, 0.3)))], []
    for _ in range(space.rng.integers(2, 8)):
        seconds = max(stroke * space.uniform(0.85, 1.15), 0.2)
        keys.append(Key(time, (*start, 0.0)))
        material = space.material(start)
        force = min(strength * space.uniform(0.8, 1.2), 1.0)
        events.append(Event(time, material, "scratch", start, force, seconds))
        start, end = end, space.near(start, 0.02)
        time += seconds
        if pause:
            keys.append(Key(time, (*start, 0.0)))
            time += pause
    keys += [Key(time, (*start, 0.0))]
    keys += [Key(time + space.uniform(0.2, 0.5), space.raised(start, space.uniform(0.2, 0.8)))]
    return Gesture(keys, events)


def _feint(space: GestureSpace, now: Key) -> Gesture:
    """Approach the surface as if to strike, stop above it and withdraw."""
    place, height = space.place(), space.uniform(0.1, 0.3)
    time = now.time + space.uniform(0.2, 0.5)
    above = space.raised(place, space.uniform(0.4, 1.0))
    low = (*place, height)
    keys = [Key(time, above), Key(time + (down := space.uniform(0.15, 0.6)), low)]
    rest = down + space.uniform(0.05, 0.5)
    keys += [Key(time + rest, _aside(space, low, 0.03))]
    keys += [Key(time + rest + space.uniform(0.2, 0.6), above)]
    return Gesture(keys, [])


def _hover(space: GestureSpace, now: Key) -> Gesture:
    """Drift above the surface between random places."""
    keys, time = [], now.time
    for _ in range(space.rng.integers(1, 4)):
        time += space.uniform(0.3, 0.9)
        above = space.raised(space.place(), space.uniform(0.25, 1.0))
        keys.append(Key(time, _aside(space, above, 0.05)))
    return Gesture(keys, [])


def _leave(space: GestureSpace, now: Key) -> Gesture:
    """Leave the frame on the hand's side and wait there; the next gesture returns."""
    place, far = space.place(), space.config.aspect + space.uniform(0.3, 0.8)
    angle = space.view.arm_angle
    away = (place[0] + far * math.cos(angle), place[1] + far * math.sin(angle), 0.8)
    times = np.cumsum([now.time + space.uniform(0.3, 0.8), space.uniform(0.2, 1.6)])
    return Gesture([Key(float(time), away) for time in times], [])


def _drop(space: GestureSpace, now: Key) -> Gesture:
    """Let a ball fall from above the frame, bounce and roll out of sight."""
    gravity, bounciness = space.uniform(3, 9), space.uniform(0.45, 0.8)
    place, drift = space.place(), space.uniform(-0.3, 0.3)
    # out of sight between two drops, so it may jump to the next place
    keys, events = [Key(now.time + space.uniform(0.1, 0.8), (*place, BALL_OUT))], []
    top = speed = math.sqrt(2 * gravity * BALL_OUT)
    time, arriving = keys[0].time + top / gravity, (0.0, 0.0, -top)
    while True:
        events.append(Event(time, space.material(place), "hit", place, max(speed / top, 0.1)))
        speed *= bounciness
        flight = 2 * speed / gravity
        if flight < SHORTEST_BOUNCE:
            break
        keys.append(Key(time, (*place, 0.0), arriving, (drift, 0.0, speed)))
        place, time = space.inside(place[0] + drift * flight, place[1]), time + flight
        arriving = (drift, 0.0, -speed)
    side = -1.0 if drift < 0 else space.config.aspect + 1.0
    roll = time + space.uniform(0.8, 1.6)
    keys.append(Key(time, (*place, 0.0), arriving))
    keys += [Key(roll, (side, place[1], 0.0)), Key(roll + 0.05, (side, place[1], BALL_OUT))]
    return Gesture(keys, events)


def _wait(space: GestureSpace, now: Key) -> Gesture:
    """Stay until the scene ends."""
    return Gesture([now._replace(time=now.time + space.config.seconds)], [])


def _aside(space: GestureSpace, position: Vector, distance: float) -> Vector:
    x, y = space.near((position[0], position[1]), distance)
    return x, y, position[2]


def _vector(values: tuple[float, ...]) -> Vector:
    x, y, height = values
    return x, y, height
