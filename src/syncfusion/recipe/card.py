"""The model card of a preset that the recipe made: its data, its training and its metrics.

All numbers are read from the shards, the logs and the ledger.
"""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from syncfusion.cores import n_cores
from syncfusion.media import temporary_sibling
from syncfusion.recipe.plan import Recipe
from syncfusion.recipe.steps import Ledger
from syncfusion.shards import read_recordings
from syncfusion.training import metric_lines

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
    parts += [*_training(recipe, ledger), *_metrics(recipe, ledger)]
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
    listed = ", ".join(f"{label or 'no label'} {n}" for label, n in labels.most_common())
    sources = [folder for folder in (recipe.clips, recipe.sounds) if folder is not None]
    origin = f"From {', '.join(f'`{source}`' for source in sources)}." if sources else ""
    made = "" if recipe.sounds else f"Synthetic scenes: {recipe.size.scenes}."
    return [
        "## Data",
        " ".join(filter(None, (origin, made))),
        "\n".join(rows),
        f"Onsets to train on: {listed}.",
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
    listed = "\n".join(f"- {line}" for line in models)
    return ["## Training", f"On {_machine()}; seed {recipe.seed}.", listed, "\n".join(rows)]


def _settings(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"`{key}={value}`" for key, value in settings.items())


def _sum(rounds: Sequence[int]) -> str:
    return " + ".join(map(str, rounds))


def _machine() -> str:
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return f"{n_cores()} CPU cores"


def _metrics(recipe: Recipe, ledger: Ledger) -> list[str]:
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
    metrics = [
        line for step in recipe.steps() for line in metric_lines(ledger.metrics(step), step.name)
    ]
    text = "\n".join(f"- {line}" for line in (*lines, *metrics))
    return ["## Metrics", text or "None were logged.", "No metric here rates the sound: listen."]


def _version(path: Path) -> int:
    number = path.parent.name.partition("_")[2]
    return int(number) if number.isdigit() else -1


def logged(folder: Path, column: str) -> dict[int, float]:
    """Return a column of a run's csv logs by step; values of resumed runs replace earlier ones."""
    found: dict[int, float] = {}
    for path in sorted(folder.glob("csv/version_*/metrics.csv"), key=_version):
        with path.open() as file:
            for row in csv.DictReader(file):
                if row.get(column):
                    found[int(row["step"])] = float(row[column])
    return found
