"""The scene as a MuJoCo model: ground, things, and an arm whose joints are driven by torque."""

# pyright: reportAttributeAccessIssue=false

import math
from xml.sax.saxutils import quoteattr

import mujoco  # its compiled parts bring no types

from syncfusion.synthetic.strikes.scene import CONTACT, Arm, StrikeScene, Thing

STEP = 0.001  # seconds
UPPER_ARM, FOREARM, HAND = 0.28, 0.26, 0.07  # metres
JOINTS = ("yaw", "shoulder", "elbow", "wrist")
GRIP, TIP = "grip", "tip"  # sites
STICK, GROUND = "stick", "ground"  # geoms

FRAME = """<mujoco>
<option timestep="{step}" integrator="implicitfast" cone="elliptic"/>
<worldbody>
<geom name="ground" type="plane" size="3 3 .1" {ground}/>
{things}
{arm}
</worldbody>
</mujoco>"""

ARM = """<body name="torso" mocap="true" pos="{place}" euler="0 0 {turn}">
<body name="upper"><joint name="yaw" axis="0 0 1" {joint}/>
<joint name="shoulder" axis="0 1 0" {joint}/>
<geom name="upper" type="capsule" fromto="0 0 0 {upper} 0 0" size="{r_upper}" mass="1.6" {free}/>
<body name="fore" pos="{upper} 0 0"><joint name="elbow" axis="0 1 0" {joint}/>
<geom name="fore" type="capsule" fromto="0 0 0 {fore} 0 0" size="{r_fore}" mass="1" {free}/>
<body name="hand" pos="{fore} 0 0"><joint name="wrist" axis="0 1 0" damping="0.03"/>
<site name="grip"/>
<geom name="hand" type="capsule" fromto=".01 0 0 {hand} 0 0" size="{r_hand}" mass=".2" {free}/>
<geom name="thumb" type="capsule" fromto=".03 .02 .01 {thumb} .012 .004" size=".012" mass=".03"
 {free}/>
<geom name="stick" type="capsule" fromto="0 0 0 {reach} 0 0" size="{r_stick}" mass=".05" {hit}/>
<site name="tip" pos="{reach} 0 0"/>
</body></body></body></body>"""


def build_model(scene: StrikeScene) -> mujoco.MjModel:
    """Return the model; its geoms are named, those of thing ``n`` begin with ``thing-n``.

    Args:
        scene: what stands where.

    Returns:
        A model with the arm's joints first in no particular order; see ``JOINTS``.
    """
    things = "\n".join(_thing(number, thing) for number, thing in enumerate(scene.things))
    text = FRAME.format(
        step=STEP, ground=_touch(scene.ground, 1.0), things=things, arm=_arm(scene.arm)
    )
    return mujoco.MjModel.from_xml_string(text)


def _touch(material: str, friction: float = 0.7) -> str:
    seconds, damping = CONTACT[material]
    return f'solref="{seconds} {damping}" friction="{friction} .01 .001"'


def _arm(arm: Arm) -> str:
    reach = HAND + arm.stick
    return ARM.format(
        place=" ".join(map(str, arm.place)),
        turn=math.degrees(arm.turn),
        joint='damping="0.4"',
        upper=UPPER_ARM,
        fore=FOREARM,
        hand=HAND,
        thumb=HAND + 0.02,
        reach=reach,
        r_upper=0.045 * arm.girth,
        r_fore=0.036 * arm.girth,
        r_hand=0.027 * arm.girth,
        r_stick=arm.radius,
        free='contype="0" conaffinity="0"',
        hit='solref="0.003 0.5" friction="0.5 .01 .001"',
    )


def _thing(number: int, thing: Thing) -> str:
    """Return a body; ``turn`` is in degrees in the model."""
    name, (x, y), (width, depth, height) = f"thing-{number}", thing.place, thing.size
    touch = f"{_touch(thing.material)} mass={quoteattr(str(thing.mass))}"
    start = f'<body name="{name}" euler="0 0 {math.degrees(thing.turn)}" pos="{x} {y}'
    spring = f'stiffness="{thing.stiffness}" damping="{0.02 * thing.stiffness}"'
    if thing.kind == "plant":
        return f'{start} 0"><joint type="ball" {spring}/>{_leaves(name, thing)}</body>'
    if thing.kind == "board":
        slab = f'<geom name="{name}" type="box" size="{width} {depth} {height}" {touch}'
        hinge = f'<joint axis="1 0 0" {spring} pos="0 0 {-height}"/>'
        return f'{start} {height + 0.005}">{hinge}{slab}/></body>'
    if thing.kind == "hanging":
        hinge = f'<joint type="ball" damping="0.002" pos="0 0 {2.5 * height}"/>'
        bar = f'<geom name="{name}" type="capsule" size="{width} {height}" {touch}/>'
        return f'{start} {height + width + 0.03}">{hinge}{bar}</body>'
    shape = {"box": "box", "can": "cylinder", "ball": "sphere"}[thing.kind]
    size = {"box": f"{width} {depth} {height}", "can": f"{width} {height}", "ball": str(width)}
    geom = f'<geom name="{name}" type="{shape}" size="{size[thing.kind]}" {touch}/>'
    return f'{start} {height + 0.001}"><freejoint/>{geom}</body>'


def _leaves(name: str, thing: Thing) -> str:
    """Return a stem and leaves around it, each end a little higher than the last."""
    length, radius = 2 * thing.size[2], thing.size[0]
    touch = f'{_touch(thing.material)} mass="0.02"'
    kind = f'type="capsule" {touch}'
    parts = [f'<geom name="{name}" {kind} size="{radius}" fromto="0 0 .01 0 0 {length}"/>']
    for leaf in range(5):
        angle, low = 2.4 * leaf, length * (0.35 + 0.15 * leaf)
        x, y = 0.09 * math.cos(angle), 0.09 * math.sin(angle)
        parts.append(
            f'<geom name="{name}-leaf-{leaf}" {kind} size="{2 * radius}" '
            f'fromto="0 0 {low} {x} {y} {low + 0.03}"/>'
        )
    return "".join(parts)
