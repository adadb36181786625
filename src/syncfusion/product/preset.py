"""Presets: a folder with the weights of the models and the settings that suit them."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.places import CHECKPOINTS, CLAP_WEIGHTS, PRESETS
from syncfusion.plain_values import parse_yaml
from syncfusion.product.preset_settings import EVENTS, MODES, TRACK, PresetSettings
from syncfusion.prompt import CONFIG, WEIGHTS, ClapConfig, PromptEncoder, load_prompt_encoder
from syncfusion.prompt import FOLDER as CLAP_TOKENIZER
from syncfusion.rendering import RenderSettings

DOWNLOADED = "paper"  # the named preset whose weights are not bundled
NAMED = ("compact", DOWNLOADED)  # folders of ``places.PRESETS``
PARTS = ("onset", "diffusion")
OURS, LIGHTNING = ".safetensors", ".ckpt"


@dataclass(frozen=True)
class Preset:
    """The folder of a preset and its settings.

    Args:
        folder: holds ``onset`` and ``diffusion`` weights, ours or as Lightning files (.ckpt), and
            those of the prompt encoder; CLAP's may also lie in ``checkpoints``.
        settings: its defaults.
    """

    folder: Path
    settings: PresetSettings = field(default_factory=PresetSettings)

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.name

    def threshold(self, requested: float | None) -> float:
        """Return the requested threshold, or the preset's for None.

        Args:
            requested: probability, 0 to 1; None for the preset's own.

        Returns:
            Probability from which a peak counts as an onset.

        Raises:
            InputError: if it is no probability.
        """
        threshold = self.settings.threshold if requested is None else requested
        if not 0 <= threshold <= 1:
            raise InputError(f"the threshold {threshold:g} is no probability; give 0 to 1")
        return threshold

    def mode(self, requested: str | None) -> str:
        """Return the requested mode of rendering, or the preset's for None.

        Args:
            requested: "events", "track", or None for the preset's own.

        Returns:
            The mode.

        Raises:
            InputError: if there is no such mode.
        """
        mode = self.settings.render if requested is None else requested
        if mode not in MODES:
            raise InputError(f"there is no way to render {mode!r}; use {' or '.join(MODES)}")
        return mode

    def render_settings(
        self, seed: int, steps: int | None, guidance: float | None, mode: str = TRACK
    ) -> RenderSettings:
        """Return how to render; None stands for the preset's own value."""
        names = ("steps", "guidance", "solver", "final_noise_level", "decay_gate")
        values = {name: getattr(self.settings, name) for name in names}
        if mode == EVENTS:
            own = self.settings.takes.differing()
            values |= {"decay_gate": own.pop("gate"), **own}
        requested = {"steps": steps, "guidance": guidance}
        values |= {name: value for name, value in requested.items() if value is not None}
        return RenderSettings(seed=seed, **values)

    def checkpoint(self, part: str) -> Path:
        """Return what the loader of "onset" or "diffusion" reads: the folder, or a file in it."""
        weights = self._weights(part)
        return weights if weights.suffix == LIGHTNING else self.folder

    def prompt_encoder(self, device: torch.device) -> PromptEncoder:
        """Return the encoder of prompts; CLAP reads its files when it is first used."""
        name = "clap" if self.settings.prompt == "clap" else self.folder
        return load_prompt_encoder(name, replace(self._clap(), device=device))

    def check(self) -> None:
        """Check that all weights exist, without reading them.

        Raises:
            InputError: if some are missing; the message names them, and how to get the paper's.
        """
        missing = [path for path in self._files() if not path.is_file()]
        if missing:
            either = {path: f"{path} (or {LIGHTNING})" for path in missing if path.stem in PARTS}
            names = ", ".join(either.get(path, str(path)) for path in missing)
            fetched = self.folder.resolve() == (CHECKPOINTS / DOWNLOADED).resolve()
            remedy = "run syncfusion checkpoints download paper" if fetched else "put them there"
            raise InputError(f"the preset {self.name!r} lacks {names}; {remedy}")

    def hashes(self) -> dict[str, str]:
        """Return the sha256 of every weight file, by name."""
        weights = (path for path in self._files() if path.suffix in (OURS, LIGHTNING, ".pt"))
        return {path.name: file_hash(path) for path in sorted(weights)}

    def _files(self) -> list[Path]:
        """Return the paths of all files with weights, whether they exist or not."""
        found = [self._weights(part) for part in PARTS]
        if self.settings.prompt == "clap":
            return [*found, *self._clap().files()]
        return [*found, self.folder / WEIGHTS, self.folder / CONFIG]

    def _weights(self, part: str) -> Path:
        ours, lightning = (self.folder / f"{part}{suffix}" for suffix in (OURS, LIGHTNING))
        return ours if ours.is_file() or not lightning.is_file() else lightning

    def _clap(self) -> ClapConfig:
        weights, tokenizer = self.folder / CLAP_WEIGHTS.name, self.folder / CLAP_TOKENIZER.name
        return ClapConfig(
            checkpoint=weights if weights.is_file() else CLAP_WEIGHTS,
            tokenizer=tokenizer if tokenizer.is_dir() else None,
            back_end=self.settings.back_end,
        )


def find_preset(name: str | Path) -> Preset:
    """Find a preset.

    Args:
        name: a bundled preset's name, or a folder of your own.

    Returns:
        Its folder and settings.

    Raises:
        InputError: if there is none, or its settings cannot be read.
    """
    candidates = (Path(name), PRESETS / name)
    folder = next((folder for folder in candidates if (folder / "preset.yaml").is_file()), None)
    if folder is None:
        raise InputError(
            f"there is no preset {str(name)!r}; use {', '.join(NAMED)} or a folder with preset.yaml"
        )
    settings = folder / "preset.yaml"
    try:
        read = PresetSettings.of(parse_yaml(settings.read_text()))
    except (OSError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{settings} is not understood ({reason}); "
            "write settings into it as those of a bundled preset are"
        ) from error
    return Preset(CHECKPOINTS / DOWNLOADED if folder == PRESETS / DOWNLOADED else folder, read)
