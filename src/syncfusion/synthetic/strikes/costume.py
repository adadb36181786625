"""Textures of a scene: the ground, the things, sleeve, skin and stick."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from syncfusion.synthetic.strikes.physics import Take
from syncfusion.synthetic.strikes.scene import StrikeScene
from syncfusion.synthetic.texture import cloud, paint_material

GROUND_METRES, GROUND_PIXELS = 2.6, 420.0  # side of the painted ground, and pixels of a metre of it
PAINTED = (96, 64)  # rows and columns of a thing's texture
SKINS = ((224, 188, 160), (196, 150, 118), (140, 96, 70), (96, 66, 48))
STICKS = ((206, 170, 120), (150, 110, 70), (60, 56, 54), (226, 222, 214))

Texture = UInt8[np.ndarray, "row column 3"]
Tones = Float[np.ndarray, "row column 3"]


@dataclass(frozen=True)
class Costume:
    """Textures, 0 to 255.

    Args:
        ground: seen from above.
        geoms: of each geom of the model, by its number.
        sleeve: of arms.
        skin: of hands.
    """

    ground: UInt8[np.ndarray, "height width 3"]
    geoms: dict[int, Texture]
    sleeve: Texture
    skin: Texture


def draw_costume(scene: StrikeScene, take: Take, rng: np.random.Generator) -> Costume:
    """Paint all textures of a scene."""
    side = round(GROUND_METRES * GROUND_PIXELS)
    ground = paint_material(scene.ground, (side, side), round(0.8 * GROUND_PIXELS), rng)
    ground = ground * (1 + rng.uniform(0, 0.15) * cloud((side, side), 0.2, 1.0, rng))[..., None]
    sleeve, skin = _rounded(_sleeve(rng)), _rounded(_plain(SKINS, 0.06, rng))
    stick = _rounded(_plain(STICKS, 0.05, rng))
    arm = {"upper": sleeve, "fore": sleeve, "hand": skin, "thumb": skin, "stick": stick}
    geoms = {}
    for geom in range(take.model.ngeom):
        name = take.model.geom(geom).name
        if name.startswith("thing"):
            thing = scene.things[int(name.split("-")[1])]
            geoms[geom] = paint_material(thing.material, PAINTED, 160, rng)
            if thing.kind != "box":
                geoms[geom] = _rounded(geoms[geom])
        elif name in arm:
            geoms[geom] = arm[name]
    painted = {geom: _bytes(texture) for geom, texture in geoms.items()}
    return Costume(_bytes(ground), painted, _bytes(sleeve), _bytes(skin))


def _plain(
    colours: tuple[tuple[int, int, int], ...], contrast: float, rng: np.random.Generator
) -> Tones:
    colour = np.array(colours[rng.integers(len(colours))]) * rng.uniform(0.8, 1.1)
    return colour * (1 + contrast * cloud(PAINTED, 0.5, 1.0, rng))[..., None]


def _sleeve(rng: np.random.Generator) -> Tones:
    """Return cloth of one colour, at times chequered."""
    cloth = rng.uniform(20, 230, 3) * (1 + 0.12 * cloud(PAINTED, 0.3, 1.0, rng))[..., None]
    if rng.random() < 0.5:
        rows, columns = np.indices(PAINTED)
        size = rng.integers(5, 14)
        lines = (rows // size % 2) + (columns // size % 2)
        cloth = cloth * (1 + rng.uniform(-0.35, 0.35) * lines)[..., None]
    return cloth


def _rounded(texture: Tones) -> Tones:
    """Darken the sides, as if the texture were wrapped around an axis."""
    across = np.linspace(-1, 1, texture.shape[1])
    return texture * np.sqrt(1 - 0.75 * across**2)[None, :, None]


def _bytes(texture: Tones) -> Texture:
    return np.clip(texture, 0, 255).astype(np.uint8)
