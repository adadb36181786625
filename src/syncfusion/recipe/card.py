"""The model card of a preset that the recipe made: what it was trained on, how long, how it fares.

Every figure is read from the shards, the logs and the ledger.
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from syncfusion.media import temporary_sibling
from syncfusion.recipe.plan import Recipe
from syncfusion.recipe.steps import Ledger, Step
from syncfusion.shards import read_recordings

NAME = "README.md"
DETECTOR, LOSS = "val/f_measure", "loss/val"  # columns of the logs


def write_card(recipe: Recipe, ledger: Ledger, title: str) -> Path:
    """Write ``README.md`` into the preset's folder.

    Args:
        recipe: all of whose steps are over.
        ledger: of these steps.
        title: one line: how the recipe was run.

    Returns:
        The file.
    """
    parts = [f"# Model card: {recipe.output.name}", title, *_data(recipe)]
    parts += [*_training(recipe, ledger), *_figures(recipe, ledger)]
    with temporary_sibling(recipe.preset / NAME) as temporary:
        temporary.write_text("\n\n".join(parts) + "\n")
    return recipe.preset / NAME


def _data(recipe: Recipe) -> list[str]:
    rows, labels = ["| shards | recordings | onsets | minutes |", "|---|---|---|---|"], Counter()
    for shard in sorted((recipe.output / "data" / "shards").glob("*/*_shard_*.tar")):
        n_recordings = n_onsets = seconds = 0
        for recording in read_recordings(str(shard)):
            n_recordings, n_onsets = n_recordings + 1, n_onsets + len(recording.track)
            seconds += recording.waveform.duration
            labels.update(recording.track.labels if shard.name.startswith("train") else ())
        name = f"{shard.parent.name}/{shard.stem}"
        rows.append(f"| {name} | {n_recordings} | {n_onsets} | {seconds / 60:.1f} |")
    told = ", ".join(f"{label or 'no label'} {n}" for label, n in labels.most_common())
    sources = [folder for folder in (recipe.clips, recipe.sounds) if folder is not None]
    origin = f"From {', '.join(f'`{source}`' for source in sources)}." if sources else ""
    made = "" if recipe.sounds else f"Synthetic scenes: {recipe.size.scenes}."
    return [
        "## Data",
        " ".join(filter(None, (origin, made))),
        "\n".join(rows),
        f"Onsets to train on: {told}.",
    ]


def _training(recipe: Recipe, ledger: Ledger) -> list[str]:
    rows = ["| step | minutes | |", "|---|---|---|"]
    for step in recipe.steps():
        record = ledger.read(step)
        rows.append(f"| {step.name} | {record.seconds / 60:.1f} | {record.outcome} |")
    size = recipe.size
    sound = _settings(size.diffusion)
    if recipe.sounds is None:
        models = [f"detector: {_settings(size.onset)}", f"prompt encoder: {_settings(size.prompt)}"]
        models.append(f"diffusion model: {_sum(size.rounds)} steps; {sound}")
    else:
        n_steps = _sum(size.own_rounds)
        models = [f"diffusion model: {n_steps} steps on from `{recipe.init}`; {sound}"]
        models.append("detector and prompt encoder: those of that preset, unchanged")
    told = "\n".join(f"- {line}" for line in models)
    return ["## Training", f"On {_machine()}; seed {recipe.seed}.", told, "\n".join(rows)]


def _settings(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"`{key}={value}`" for key, value in settings.items())


def _sum(rounds: Sequence[int]) -> str:
    return " + ".join(map(str, rounds))


def _machine() -> str:
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return f"{len(os.sched_getaffinity(0))} CPU cores"


def _figures(recipe: Recipe, ledger: Ledger) -> list[str]:
    lines = []
    scores = logged(recipe.output / "onset", DETECTOR)
    if scores:
        best = max(scores, key=lambda step: scores[step])
        lines.append(f"detector, F ±100 ms on validation clips: {scores[best]:.3f} (step {best})")
    for folder in sorted(recipe.output.glob("diffusion-*")):
        losses = logged(folder, LOSS)
        if losses:
            first, last = min(losses), max(losses)
            lines.append(
                f"{folder.name}, validation loss: {losses[first]:.4f} (step {first}) to "
                f"{losses[last]:.4f} (step {last})"
            )
    printed = [line for step in recipe.steps() for line in _printed(step, ledger)]
    told = "\n".join(f"- {line}" for line in (*lines, *printed))
    return ["## Figures", told or "None were logged.", "How it sounds no figure here says: listen."]


def _printed(step: Step, ledger: Ledger) -> Iterator[str]:
    """Yield the figures that a step's scripts printed."""
    if step.has_figures and ledger.log(step).is_file():
        for line in ledger.log(step).read_text().splitlines():
            if re.match(r"\w[\w -]*: .*\d", line) or "threshold" in line:
                yield f"{step.name}: {line.strip()}"


def logged(folder: Path, column: str) -> dict[int, float]:
    """Return a column of a run's csv logs by step; of resumed runs the last word counts."""
    found: dict[int, float] = {}
    versions = sorted(
        folder.glob("csv/version_*/metrics.csv"), key=lambda path: path.stat().st_mtime
    )
    for path in versions:
        with path.open() as file:
            for row in csv.DictReader(file):
                if row.get(column):
                    found[int(row["step"])] = float(row[column])
    return found
