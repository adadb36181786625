"""Sound and appearance of each material.

Stiff materials with little damping (metal, glass, ceramic) ring high and long, wood rings
shorter, soft materials thud, and loose ones (gravel, leaves) make many small impacts. Frequencies
and decay times are within the ranges of van den Doel, Kry and Pai (2001) and Gaver (1993), widened
for variety.
"""

from dataclasses import dataclass

RGB = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Timbre:
    """Parameters of a struck material's sound; pairs are ranges to draw from.

    Args:
        pitch: lowest mode in Hz.
        n_modes: number of modes; 0 for none.
        spread: ratio of the highest mode to the lowest.
        ring: seconds until the lowest mode has decayed by 60 dB.
        damping: decay times are proportional to frequency to the power of minus this.
        noise: amplitude of the contact's noise relative to the modes, 0 to 1.
        colour: centre of the noise in Hz.
        burst: seconds until the noise has decayed by 60 dB.
        grains: number of small impacts that follow; 0 for none.
        scatter: seconds over which they fall.
        bubbles: number of rising bubbles (water); 0 for none.
    """

    pitch: tuple[float, float] = (200, 500)
    n_modes: int = 0
    spread: float = 10.0
    ring: tuple[float, float] = (0.1, 0.2)
    damping: float = 0.5
    noise: float = 0.5
    colour: tuple[float, float] = (500, 2000)
    burst: tuple[float, float] = (0.03, 0.06)
    grains: int = 0
    scatter: float = 0.1
    bubbles: int = 0


TIMBRES = {
    "carpet": Timbre(
        pitch=(60, 120), n_modes=3, spread=3, ring=(0.06, 0.1), noise=0.5, colour=(200, 450)
    ),
    "ceramic": Timbre(
        pitch=(900, 2200), n_modes=14, spread=7, ring=(0.25, 0.7), noise=0.15, colour=(4000, 7000)
    ),
    "cloth": Timbre(
        pitch=(70, 140), n_modes=2, spread=3, ring=(0.05, 0.09), noise=0.7, colour=(250, 600)
    ),
    "dirt": Timbre(
        pitch=(80, 160), n_modes=3, spread=4, ring=(0.05, 0.1), colour=(400, 900), grains=12
    ),
    "drywall": Timbre(
        pitch=(90, 180), n_modes=8, spread=9, ring=(0.12, 0.25), noise=0.4, colour=(500, 1200)
    ),
    "glass": Timbre(
        pitch=(1400, 3200), n_modes=16, spread=5, ring=(0.4, 1.0), noise=0.1, colour=(6000, 9000)
    ),
    "grass": Timbre(noise=0.6, colour=(2000, 4500), burst=(0.05, 0.12), grains=25, scatter=0.12),
    "gravel": Timbre(noise=0.5, colour=(2500, 4500), burst=(0.02, 0.05), grains=45, scatter=0.2),
    "leaf": Timbre(noise=0.5, colour=(3500, 6500), burst=(0.04, 0.09), grains=40, scatter=0.15),
    "metal": Timbre(
        pitch=(300, 1100), n_modes=24, spread=16, ring=(1.0, 2.6), damping=0.35, noise=0.1,
        colour=(4000, 7000),
    ),
    "paper": Timbre(noise=0.8, colour=(2500, 5000), burst=(0.04, 0.1), grains=15, scatter=0.1),
    "plastic": Timbre(
        pitch=(250, 700), n_modes=10, spread=8, ring=(0.08, 0.18), noise=0.3, colour=(1500, 3000)
    ),
    "plastic-bag": Timbre(
        noise=0.5, colour=(4500, 8000), burst=(0.04, 0.1), grains=70, scatter=0.28
    ),
    "rock": Timbre(
        pitch=(700, 1800), n_modes=10, spread=8, ring=(0.04, 0.1), noise=0.4, colour=(2500, 4500)
    ),
    "tile": Timbre(
        pitch=(600, 1500), n_modes=12, spread=9, ring=(0.1, 0.25), noise=0.3, colour=(3000, 5000)
    ),
    "water": Timbre(
        noise=0.5, colour=(800, 2500), burst=(0.15, 0.4), grains=10, scatter=0.25, bubbles=14
    ),
    "wood": Timbre(
        pitch=(180, 500), n_modes=12, spread=12, ring=(0.12, 0.3), noise=0.25, colour=(1000, 2500)
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """Parameters of a material's texture and motion.

    Args:
        colours: red, green and blue, 0 to 255; a surface mixes two of them at random.
        roughness: 0 for soft clouds of tone, 1 for fine speckle.
        contrast: relative standard deviation of the brightness.
        stretch: ratio of the texture's length along its grain to its width.
        shape: shapes drawn over it: "leaf", "blade", "stone", "line", "grid" or "" for none.
        density: approximate fraction of the surface that shapes cover; above 1 they overlap.
        size: of a shape, in frame heights.
        sway: displacement by a hit in frame heights; 0 for stiff.
        spray: number of particles that the hardest hit throws up.
    """

    colours: tuple[RGB, ...]
    roughness: float = 0.5
    contrast: float = 0.12
    stretch: float = 1.0
    shape: str = ""
    density: float = 0.0
    size: float = 0.05
    sway: float = 0.0
    spray: int = 0


LEAVES = ((96, 66, 40), (134, 88, 48), (60, 44, 30), (160, 120, 70), (70, 96, 44))
APPEARANCES = {
    "carpet": Appearance(colours=((96, 94, 106), (120, 84, 70), (70, 84, 92)), roughness=0.95),
    "ceramic": Appearance(
        colours=((226, 222, 214), (206, 214, 216), (214, 200, 176)), roughness=0.3, contrast=0.03,
        sway=0.006,
    ),
    "cloth": Appearance(
        colours=((70, 80, 120), (150, 60, 60), (44, 44, 48), (190, 180, 160)), roughness=0.25,
        contrast=0.2, stretch=3, sway=0.03,
    ),
    "dirt": Appearance(
        colours=((108, 84, 64), (86, 68, 54), (126, 106, 84)), roughness=0.7, contrast=0.22,
        shape="stone", density=0.15, size=0.02, spray=8,
    ),
    "drywall": Appearance(colours=((222, 218, 206), (200, 196, 180)), roughness=0.6, contrast=0.03),
    "glass": Appearance(
        colours=((150, 176, 182), (110, 140, 150)), roughness=0.05, contrast=0.25, stretch=2
    ),
    "grass": Appearance(
        colours=((84, 120, 50), (60, 96, 40), (130, 140, 70)), contrast=0.25, shape="blade",
        density=1.2, size=0.12, sway=0.04, spray=3,
    ),
    "gravel": Appearance(
        colours=((128, 124, 118), (100, 96, 92), (160, 152, 140)), roughness=0.8, contrast=0.2,
        shape="stone", density=1.3, size=0.03, spray=6,
    ),
    "leaf": Appearance(
        colours=LEAVES, contrast=0.25, shape="leaf", density=1.6, size=0.07, sway=0.05, spray=7
    ),
    "metal": Appearance(
        colours=((150, 152, 156), (120, 122, 128), (176, 166, 140)), roughness=0.15,
        contrast=0.18, stretch=12, sway=0.003,
    ),
    "paper": Appearance(
        colours=((232, 230, 222), (222, 206, 120), (200, 180, 150)), roughness=0.2, contrast=0.05,
        shape="line", density=0.25, size=0.12, sway=0.025,
    ),
    "plastic": Appearance(
        colours=((196, 50, 40), (40, 90, 170), (230, 190, 40), (50, 54, 58)), roughness=0.1,
        contrast=0.1, sway=0.01,
    ),
    "plastic-bag": Appearance(
        colours=((226, 228, 230), (60, 60, 64), (180, 210, 190)), roughness=0.3, contrast=0.3,
        stretch=2, shape="line", density=0.3, size=0.1, sway=0.05,
    ),
    "rock": Appearance(
        colours=((136, 132, 126), (104, 104, 106), (150, 136, 118)), roughness=0.5, contrast=0.28,
        shape="stone", density=0.4, size=0.12,
    ),
    "tile": Appearance(
        colours=((200, 196, 186), (120, 130, 140), (170, 120, 90)), roughness=0.5, contrast=0.05,
        shape="grid", size=0.25,
    ),
    "water": Appearance(
        colours=((70, 86, 84), (40, 60, 74), (110, 110, 90)), roughness=0.3, contrast=0.3,
        stretch=4, sway=0.04, spray=14,
    ),
    "wood": Appearance(
        colours=((150, 106, 66), (116, 76, 46), (190, 150, 104)), roughness=0.4, contrast=0.18,
        stretch=14,
    ),
}  # fmt: skip
