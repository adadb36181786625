"""Contacts of a simulated scene as events: when, what, and with which force."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from syncfusion.synthetic.strikes.model import GROUND, STEP, STICK
from syncfusion.synthetic.strikes.physics import Take
from syncfusion.synthetic.strikes.scene import StrikeScene

LEAST_FORCE = 10.0  # newtons of the stick; softer touches are no events
LEAST_FALL = 40.0  # newtons of things that fall or knock against each other
FREE = 0.05  # seconds without a touch before a contact counts as another
PEAK = 0.025  # seconds of a contact in which its force is measured
GAP = 0.1  # seconds; closer events are one
LEAST_RUB = 1.5  # newtons of a scratch, on the average of its first 100 ms
SLOW, FAST = 0.06, 0.12  # m/s between which a tip that touches begins to scratch
LAST = 0.05  # seconds before the end without events
GROUND_OWNER, STICK_OWNER, NOBODY = -1, -2, -3  # beside the things, which have their numbers


class Strike(NamedTuple):
    """One contact that sounds.

    Attributes:
        time: of its first touch in seconds.
        material: of what is struck, or of what falls.
        action: "hit" or "scratch".
        force: largest normal force in newtons.
        seconds: duration of a scratch; 0 for a hit.
        place: of the contact in metres.
    """

    time: float
    material: str
    action: str
    force: float
    seconds: float
    place: tuple[float, float, float]


def strikes(scene: StrikeScene, take: Take) -> tuple[Strike, ...]:
    """Return the events of a scene: hits and scratches of the stick, and falls of what it struck.

    Args:
        scene: names the materials.
        take: what the physics gave.

    Returns:
        Events by ascending time, at least ``GAP`` apart.
    """
    found = [*_hits(scene, take), *_scratches(scene, take)]
    joined: list[Strike] = []
    for strike in sorted(found):
        if joined and strike.time - joined[-1].time < GAP:
            force = max(joined[-1].force, strike.force)
            joined[-1] = joined[-1]._replace(force=force)
        elif strike.time < scene.config.seconds - LAST:
            joined.append(strike)
    return tuple(joined)


def gains(events: Sequence[Strike]) -> list[float]:
    """Return each event's force relative to the median: the loudness factor of its sound."""
    middle = float(np.median([event.force for event in events])) if events else 1.0
    return [event.force / middle for event in events]


def _hits(scene: StrikeScene, take: Take) -> Iterator[Strike]:
    """Yield first touches of each pair of geoms with one thing's leaves taken together."""
    owners = _owners(take)
    pairs = np.sort(owners[take.contacts[:, 1:]], axis=1)
    for pair in np.unique(pairs, axis=0):
        here = (pairs == pair).all(1)
        force = np.zeros(len(take))
        np.add.at(force, take.contacts[here, 0], take.forces[here])
        least = LEAST_FORCE if STICK_OWNER in pair else LEAST_FALL
        for step in _starts(force > 0):
            peak = float(force[step : step + round(PEAK / STEP)].max())
            if peak >= least and step > 0:
                yield _strike(scene, take, step, pair, peak)


def _starts(touching: Bool[np.ndarray, " step"]) -> list[int]:
    """Return the steps at which a touch begins after at least ``FREE`` without one."""
    steps = np.flatnonzero(touching)
    before = np.diff(steps, prepend=-len(touching))
    return steps[before > FREE / STEP].tolist()


def _strike(scene: StrikeScene, take: Take, step: int, pair: np.ndarray, force: float) -> Strike:
    things = [each for each in pair.tolist() if each >= 0]
    material = scene.things[things[-1]].material if things else scene.ground
    place = take.tips[step]
    if STICK_OWNER not in pair:
        place = take.places[step, take.model.geom(f"thing-{things[-1]}").id]
    x, y, z = map(float, place)
    return Strike(step * STEP, material, "hit", force, 0.0, (x, y, z))


def _owners(take: Take) -> Int[np.ndarray, " geom"]:
    """Return the number of each geom's thing, or what else it belongs to."""
    others = {GROUND: GROUND_OWNER, STICK: STICK_OWNER}
    owners = []
    for geom in range(take.model.ngeom):
        kind, _, number = take.model.geom(geom).name.partition("-")
        owner = int(number.partition("-")[0]) if kind == "thing" else others.get(kind, NOBODY)
        owners.append(owner)
    return np.array(owners)


def _scratches(scene: StrikeScene, take: Take) -> Iterator[Strike]:
    """Yield the strokes of a tip that touches: from slow to fast, until it is slow again."""
    owners = _owners(take)
    mine = (owners[take.contacts[:, 1:]] == STICK_OWNER).any(1)
    force = np.zeros(len(take))
    np.add.at(force, take.contacts[mine, 0], take.forces[mine])
    touched = np.full(len(take), GROUND_OWNER)
    touched[take.contacts[mine, 0]] = owners[take.contacts[mine, 1:]].max(1)
    speed = _smooth(np.linalg.norm(_sliding(take, touched), axis=1))
    steady = _smooth((force > 0).astype(float), 61) > 0.25
    slow = 0
    for step in range(1, len(take)):
        if not steady[step]:
            slow = 0
        elif speed[step] < SLOW:
            slow = step
        elif slow and speed[step] > FAST:
            if force[slow : slow + 100].mean() >= LEAST_RUB:
                yield _scratch(scene, take, slow, speed, force, int(touched[slow : step + 1].max()))
            slow = 0


def _sliding(take: Take, touched: Int[np.ndarray, " step"]) -> Float[np.ndarray, "step 3"]:
    """Return the tip's velocity relative to the thing that it touches."""
    sliding = np.gradient(take.tips, STEP, axis=0)
    for thing in np.unique(touched[touched >= 0]):
        places = take.places[:, take.model.geom(f"thing-{thing}").id]
        own = np.gradient(places.astype(float), STEP, axis=0)
        sliding[touched == thing] -= own[touched == thing]
    return sliding


def _scratch(
    scene: StrikeScene,
    take: Take,
    step: int,
    speed: Float[np.ndarray, " step"],
    force: Float[np.ndarray, " step"],
    thing: int,
) -> Strike:
    later = np.flatnonzero((speed[step + 1 :] < SLOW) & (np.arange(1, len(speed) - step) > 50))
    seconds = (int(later[0]) if len(later) else len(speed) - step) * STEP
    material = scene.things[thing].material if thing >= 0 else scene.ground
    x, y, z = map(float, take.tips[step])
    pressed = float(force[step : step + 100].mean())
    return Strike(step * STEP, material, "scratch", pressed, min(seconds, 1.0), (x, y, z))


def _smooth(values: Float[np.ndarray, " step"], steps: int = 21) -> Float[np.ndarray, " step"]:
    return np.convolve(values, np.ones(steps) / steps, "same")
