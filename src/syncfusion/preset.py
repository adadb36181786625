"""Presets: a folder with the weights of all three models and the settings that suit them."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from syncfusion.checkpoint import file_hash
from syncfusion.errors import InputError

REPOSITORY = Path(__file__).parents[2]
BUNDLED = ("compact",)  # folders under checkpoints/


@dataclass(frozen=True, kw_only=True)
class PresetSettings:
    """Defaults of a preset, from its ``preset.yaml``.

    Args:
        threshold: lowest probability, 0 to 1, of an onset.
        minimum_gap: seconds between two onsets.
        frame_size: width and height, in pixels, of the frames the detector sees.
        steps: noise levels walked through when rendering.
        guidance: scale of classifier-free guidance.
        solver: sampler of the diffusion model.
        peak_dbfs: level of the loudest sample of a result.
    """

    threshold: float = 0.3
    minimum_gap: float = 0.15
    frame_size: int = 80
    steps: int = 24
    guidance: float = 2.0
    solver: str = "dpmpp_2m"
    peak_dbfs: float = -1.0


@dataclass(frozen=True)
class Preset:
    """Where a preset lies and how it is used.

    Args:
        folder: holds ``onset``, ``diffusion`` and ``prompt`` weights.
        settings: its defaults.
    """

    folder: Path
    settings: PresetSettings = field(default_factory=PresetSettings)

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.name

    def hashes(self) -> dict[str, str]:
        """Return the sha256 of every weight file, by name."""
        return {path.name: file_hash(path) for path in sorted(self.folder.glob("*.safetensors"))}


def find_preset(name: str | Path) -> Preset:
    """Find a bundled preset by name, or one of your own by its folder.

    Raises:
        InputError: if there is none, or its settings are not understood.
    """
    folder = Path(name)
    if not folder.is_dir():
        folder = REPOSITORY / "checkpoints" / name
    settings = folder / "preset.yaml"
    if not settings.is_file():
        raise InputError(
            f"there is no preset {str(name)!r}; "
            f"use {', '.join(BUNDLED)} or a folder with preset.yaml"
        )
    try:
        return Preset(folder, PresetSettings(**yaml.safe_load(settings.read_text())))
    except (TypeError, yaml.YAMLError) as error:
        raise InputError(f"{settings} is not understood: {error}") from error
