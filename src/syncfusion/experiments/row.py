"""A row of a table, as configured in ``exp/``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.experiments.conditions import ConditionChoice
from syncfusion.experiments.protocols import Protocol
from syncfusion.product import MODES, TRACK

WEIGHTS = ("trained", "random", "none")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Source of recordings: shards, or a folder of videos and one of annotations.

    Args:
        shards: folder of the shards.
        shard: name or pattern of the tars in it.
        videos: folder of videos to show; with ``times`` it replaces the shards.
        times: folder of annotations.
        predictions: folder of ``<id>.times.pred.csv`` or ``<id>/<id>.times.pred.csv``, in place of
            the predicted onsets in the shards.
    """

    shards: Path
    shard: str
    videos: Path | None = None
    times: Path | None = None
    predictions: Path | None = None


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One way to render the sounds of a test set.

    Args:
        name: name in the table.
        source: source of the recordings.
        output: output folder of the whole evaluation.
        render: "track", as the tables do, or "events", each by itself.
        weights: "trained", "random" for the same model untrained, or "none" for the recordings
            themselves.
        train: pattern of the training tars in the folder of shards, for "other" hits and for the
            classifiers; None for neither.
        condition: onsets and prompt.
        protocol: how recordings are cut and scored.
        preset: name or folder of the preset.
        device: device to compute on.
        seed: seed of all random choices.
        steps: number of sampling steps; None for the preset's.
        guidance: guidance scale; None for the preset's.
        batch_size: number of clips rendered together.

    Raises:
        InputError: if a value cannot be used.
    """

    name: str
    source: Source
    output: Path
    render: str = TRACK
    weights: str = "trained"
    train: str | None = None
    condition: ConditionChoice = field(default_factory=ConditionChoice)
    protocol: Protocol = field(default_factory=Protocol)
    preset: str = "compact"
    device: str = "auto"
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    batch_size: int = 1

    def __post_init__(self) -> None:
        if self.weights not in WEIGHTS:
            raise InputError(
                f"weights are {self.weights!r}; give {', '.join(WEIGHTS[:-1])} or {WEIGHTS[-1]}"
            )
        if self.render not in MODES:
            raise InputError(f"render is {self.render!r}; give {' or '.join(MODES)}")
        if not re.search(r"\w", self.name):
            raise InputError(f"a row cannot be called {self.name!r}; give row=NAME")

    @property
    def folder(self) -> Path:
        """Folder of its sounds."""
        return self.output / "sounds" / re.sub(r"\W+", "-", self.name).strip("-").lower()

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "TableRow":
        """Return the row of a composed ``exp/evaluate.yaml``.

        Args:
            config: the composed values.

        Returns:
            The row.

        Raises:
            InputError: if a value cannot be used.
        """
        for name, kinds in _NUMBERS.items():
            if not isinstance(config[name], kinds):
                raise InputError(f"{name} is {config[name]!r}; give a number")
        onsets, seed = config["onsets"], config["seed"]
        try:
            return cls(
                name=str(config["row"]),
                weights=config["weights"],
                source=Source(
                    shards=Path(config["shards"]),
                    shard=onsets["shard"],
                    videos=_path(config["videos"]),
                    times=_path(config["times"]),
                    predictions=_path(onsets["predictions"]),
                ),
                train=config["train"],
                condition=ConditionChoice(
                    onsets=onsets["kind"], prompt=config["prompts"]["kind"], seed=seed
                ),
                protocol=Protocol(**config["protocol"]),
                **{name: config[name] for name in _SAME_NAMES},
                output=Path(config["output"]),
            )
        except (TypeError, ValueError) as error:
            raise InputError(f"{config['row']}: {error}; see exp/evaluate.yaml") from error


_NUMBERS = {  # the command line may set any type
    "seed": int,
    "batch_size": int,
    "steps": int | None,
    "guidance": int | float | None,
}
_SAME_NAMES = ("preset", "render", "device", "seed", "steps", "guidance", "batch_size")


def _path(name: str | None) -> Path | None:
    return None if name is None else Path(name)
