"""A scene's physics: torques that make the hand follow its aims, and what happens by them."""

# pyright: reportAttributeAccessIssue=false

import math
from collections.abc import Iterator
from dataclasses import dataclass

import mujoco  # its compiled parts bring no types
import numpy as np
from jaxtyping import Float, Int

from syncfusion.synthetic.strikes.gestures import Aim, Surroundings, aims
from syncfusion.synthetic.strikes.model import GRIP, HAND, JOINTS, STEP, TIP, build_model
from syncfusion.synthetic.strikes.scene import StrikeScene

GESTURING = 1  # purpose, see ``StrikeScene.rng``
SETTLING = 1.0  # seconds before the first frame, in which things come to rest
HAND_MASS = 1.5  # kg that the arm weighs at the hand, about
STRONGEST = np.array([60.0, 60.0, 40.0, 5.0])  # N m of the joints
REST = np.array([0.0, 1.0, -1.2, 0.2])  # angles of the joints at first


@dataclass(frozen=True)
class Take:
    """What happened, a millisecond a row.

    Args:
        model: its geoms have shapes and names.
        places: of the geoms' centres in metres.
        turns: of the geoms, as rotation matrices.
        tips: where the stick's tip was.
        contacts: step, and the two geoms that touched, lower number first.
        forces: normal force of each contact in newtons.
    """

    model: mujoco.MjModel
    places: Float[np.ndarray, "step geom 3"]
    turns: Float[np.ndarray, "step geom 3 3"]
    tips: Float[np.ndarray, "step 3"]
    contacts: Int[np.ndarray, "contact 3"]
    forces: Float[np.ndarray, " contact"]

    def __len__(self) -> int:
        return len(self.places)


class _Way:
    """Where tip, pitch and shoulder are meant to be, from one aim to the next."""

    def __init__(self, start: Aim, following: Iterator[Aim]) -> None:
        self._last, self._next, self._following = start, start, following
        self._left = 0.0

    def advance(self) -> tuple[np.ndarray, float, float]:
        """Go on by a step; return tip, pitch and how far the shoulder has drawn back."""
        self._left -= STEP
        while self._left <= 0:
            self._last, self._next = self._next, next(self._following)
            self._left += self._next.seconds
        done = 1 - self._left / self._next.seconds
        smooth = done**3 * (10 - 15 * done + 6 * done**2)  # minimum jerk
        part = done**self._next.power if self._next.power else smooth
        last, then = self._last, self._next
        tip = last.tip + part * (then.tip - last.tip)
        pitch = last.pitch + part * (then.pitch - last.pitch)
        return tip, pitch, last.away + smooth * (then.away - last.away)


class _Body:
    """The simulated scene, and the torques of its arm."""

    def __init__(self, scene: StrikeScene) -> None:
        self.scene, self.model = scene, build_model(scene)
        self.data = mujoco.MjData(self.model)
        joints = [self.model.joint(name) for name in JOINTS]
        self._angles = [int(joint.qposadr[0]) for joint in joints]
        self._rates = [int(joint.dofadr[0]) for joint in joints]
        self._grip, self._tip = self.model.site(GRIP).id, self.model.site(TIP).id
        self._reach = HAND + scene.arm.stick
        self._jacobian, self._last = np.zeros((3, self.model.nv)), np.zeros(4)
        self.data.qpos[self._angles] = REST
        mujoco.mj_forward(self.model, self.data)
        self._last[:3] = self.tip()

    def tip(self) -> np.ndarray:
        """Return where the stick's tip is."""
        return self.data.site_xpos[self._tip].copy()

    def spot(self, rng: np.random.Generator) -> np.ndarray:
        """Return a random point within reach: on the top of a thing, or now and then the ground."""
        thing = int(rng.integers(len(self.scene.things) + 1))
        ground = np.array([*rng.normal(0, 0.1, 2), 0.0])
        if thing == len(self.scene.things):
            return ground
        geom = self.model.geom(f"thing-{thing}").id
        turn = self.data.geom_xmat[geom].reshape(3, 3)
        half = np.abs(turn) @ self.model.geom_aabb[geom][3:]
        point = self.data.geom_xpos[geom] + half * np.array([*rng.uniform(-0.6, 0.6, 2), 1.0])
        return point if math.hypot(point[0], point[1]) < 0.3 else ground

    def step(self, tip: np.ndarray, pitch: float, away: float) -> None:
        """Drive the arm towards a tip and a pitch for one step."""
        data, arm = self.data, self.scene.arm
        heading = np.array([math.cos(arm.turn), math.sin(arm.turn), 0.0])
        data.mocap_pos[0] = arm.place - away * heading
        speed = (np.array([*tip, pitch]) - self._last) / STEP
        self._last = np.array([*tip, pitch])
        mujoco.mj_jacSite(self.model, data, self._jacobian, None, self._grip)
        turns = self._jacobian[:, self._rates]
        yaw, down = arm.turn + data.qpos[self._angles[0]], -data.qpos[self._angles[1:]].sum()
        level = np.array([math.cos(yaw) * math.cos(pitch), math.sin(yaw) * math.cos(pitch)])
        hand = tip - self._reach * np.array([*level, math.sin(pitch)])
        moving = turns @ data.qvel[self._rates]
        pull = arm.haste**2 * (hand - data.site_xpos[self._grip]) + 1.6 * arm.haste * (
            speed[:3] - moving
        )
        torque = HAND_MASS * turns.T @ np.clip(pull, -150, 150)
        turning = -data.qvel[self._rates[1:]].sum()
        torque[3] -= arm.grip * (pitch - down) + 0.006 * arm.grip * (speed[3] - turning)
        torque += data.qfrc_bias[self._rates]
        data.qfrc_applied[self._rates] = np.clip(torque, -STRONGEST, STRONGEST)
        mujoco.mj_step(self.model, data)


def simulate(scene: StrikeScene) -> Take:
    """Return what happens in a scene; the same scene gives the same numbers.

    Args:
        scene: as it was drawn.

    Returns:
        Every step from the first frame to the scene's end.
    """
    body, rng = _Body(scene), scene.rng(GESTURING)
    around = Surroundings(scene, rng, lambda: body.spot(rng), body.tip)
    start = Aim(SETTLING, np.array([0.0, 0.0, 0.25]), 0.1)
    way = _Way(Aim(1.0, body.tip(), 0.0), _first(start, around))
    n_steps, n_settling = round(scene.config.seconds / STEP), round(SETTLING / STEP)
    places = np.zeros((n_steps, body.model.ngeom, 3), np.float32)
    turns = np.zeros((n_steps, body.model.ngeom, 9), np.float32)
    tips = np.zeros((n_steps, 3))
    touching: list[tuple[int, int, int]] = []
    forces: list[float] = []
    for step in range(-n_settling, n_steps):
        body.step(*way.advance())
        if step < 0:
            continue
        places[step], turns[step] = body.data.geom_xpos, body.data.geom_xmat
        tips[step] = body.data.site_xpos[body.model.site(TIP).id]
        for pair, force in _forces(body.model, body.data):
            touching.append((step, *pair))
            forces.append(force)
    contacts = np.array(touching, int).reshape(-1, 3)
    shape = (n_steps, body.model.ngeom, 3, 3)
    return Take(body.model, places, turns.reshape(shape), tips, contacts, np.array(forces))


def _first(start: Aim, around: Surroundings) -> Iterator[Aim]:
    yield start
    yield from aims(around)


def _forces(model: mujoco.MjModel, data: mujoco.MjData) -> Iterator[tuple[tuple[int, int], float]]:
    found = np.zeros(6)
    for number in range(data.ncon):
        geoms = sorted(int(each) for each in data.contact.geom[number])
        mujoco.mj_contactForce(model, data, number, found)
        if found[0] > 0:
            yield (geoms[0], geoms[1]), float(found[0])
