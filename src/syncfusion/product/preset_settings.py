"""The defaults of a preset, as they stand in its ``preset.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from syncfusion.onset import Decoding
from syncfusion.prompt import BACK_ENDS, KINDS

EVENTS, TRACK = "events", "track"
MODES = (EVENTS, TRACK)  # every event rendered by itself; the whole track in windows


@dataclass(frozen=True, kw_only=True)
class TakeSettings:
    """How events are rendered one by one, where it differs from the preset's other settings.

    Args:
        steps: sampling steps; None for the preset's, as for the next three.
        guidance: scale of classifier-free guidance.
        solver: sampler of the diffusion model.
        final_noise_level: see ``rendering.RenderSettings``.
        gate: ``decay_gate`` of a take, see ``rendering.events.gated``.

    Raises:
        TypeError: if one is of another type.
    """

    steps: int | None = None
    guidance: float | None = None
    solver: str | None = None
    final_noise_level: float | None = None
    gate: float = 0.0

    def __post_init__(self) -> None:
        kinds = {"steps": int, "solver": str}
        for name, value in self.differing().items():
            if not isinstance(value, kinds.get(name, int | float)):
                raise TypeError(f"takes: {name} is {value!r}")

    def differing(self) -> dict[str, Any]:
        """Return the settings that are given, by name."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class PresetSettings:
    """Defaults of a preset, from its ``preset.yaml``.

    Args:
        threshold: lowest probability, 0 to 1, of an onset.
        minimum_gap: least distance of two onsets, in seconds.
        frame_size: width and height, in pixels, of the detector's input.
        prompt: encoder of prompts: "compact", whose weights lie in the folder, or "clap".
        back_end: what computes CLAP: "transformers", or "laion" for the published package.
        steps: sampling steps.
        draft_steps: sampling steps of a draft, a fast preview that keeps the timing.
        guidance: scale of classifier-free guidance.
        solver: sampler of the diffusion model.
        final_noise_level: see ``rendering.RenderSettings``.
        decay_gate: see there.
        render: mode of rendering: "events", one by one, or "track", as published.
        takes: settings of events that are rendered one by one, by name.
        peak_dbfs: peak of a result, 0 or less.
        training_data: what the models were trained on, one line; it stands in every record.
        licence: under which their sounds may be used, one line; likewise.

    Raises:
        TypeError: if one is of another type.
        ValueError: if one is out of its range.
    """

    threshold: float = Decoding().threshold
    minimum_gap: float = Decoding().minimum_gap_seconds
    frame_size: int = 80
    prompt: str = "compact"
    back_end: str = "transformers"
    steps: int = 24
    draft_steps: int = 8
    guidance: float = 2.0
    solver: str = "dpmpp_2m"
    final_noise_level: float = 0.0
    decay_gate: float = 0.0
    render: str = TRACK
    takes: TakeSettings = field(default_factory=TakeSettings)
    peak_dbfs: float = -1.0
    training_data: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        for setting in fields(self):
            value = getattr(self, setting.name)
            kind = type(value) if setting.name == "takes" else type(setting.default)
            if not isinstance(value, int | float if kind is float else kind):
                raise TypeError(f"{setting.name} is {value!r}")
        if min(self.frame_size, self.steps, self.draft_steps) < 1:
            raise ValueError("frame_size, steps and draft_steps are 1 or more")
        choices = (("prompt", KINDS), ("back_end", tuple(BACK_ENDS)), ("render", MODES))
        for name, allowed in choices:
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} is {getattr(self, name)!r}, not {' or '.join(allowed)}")
        if not (0 <= self.threshold <= 1 and self.minimum_gap >= 0 >= self.peak_dbfs):
            raise ValueError("threshold is 0 to 1, minimum_gap 0 or more, peak_dbfs 0 or less")

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "PresetSettings":
        """Return the settings that a ``preset.yaml`` holds.

        Args:
            values: by name; those of ``takes`` in a mapping of their own.

        Returns:
            The settings; what is not given is as above.

        Raises:
            TypeError: if a name or a type is not known.
            ValueError: if a value is out of its range.
        """
        given: dict[str, Any] = dict(values)
        given["takes"] = TakeSettings(**given.get("takes", {}))
        return cls(**given)
