"""Files that a test of stage 1 writes: table, scores per video, predicted onsets, pictures.

```
table.json table.csv videos.csv
<id>/<id>.times.pred.csv                   onsets for the test of stage 2
published-rule/<id>/<id>.times.pred.csv    the same, decoded by the published rule
pictures/<id>.png
```
"""

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from syncfusion.evaluation.detector.picture import draw_onsets
from syncfusion.evaluation.detector.predictions import ClipPrediction
from syncfusion.evaluation.detector.table import DetectorMetric, clip_scores
from syncfusion.evaluation.paper import times_above_half_a_logit
from syncfusion.media import temporary_sibling
from syncfusion.onset import Decoding


def format_table(rows: Sequence[DetectorMetric]) -> str:
    """Return a table as text, one metric per line."""
    lines = [f"{'':28} {'value':>9} {'95 % interval':>17} {'N':>7} {'':7} {'as published':>12}"]
    for row in rows:
        interval = f"{row.interval.low:.3f} to {row.interval.high:.3f}" if row.interval else ""
        published = "" if row.published is None else f"{row.published:.3f}"
        lines.append(
            f"{row.name:28} {row.value:9.3f} {interval:>17} {row.n:7} {row.unit:7} {published:>12}"
        )
    return "\n".join(lines)


def write_table(rows: Sequence[DetectorMetric], folder: Path, about: dict[str, Any]) -> None:
    """Write ``table.csv``, and ``table.json`` with the settings of the test.

    Args:
        rows: the metrics; NaN is null in json and empty in csv.
        folder: output folder; created if missing.
        about: checkpoint, split and settings, as json values.
    """
    records = [_record(row) for row in rows]
    with temporary_sibling(folder / "table.json") as temporary:
        temporary.write_text(json.dumps(about | {"metrics": records}, indent=2) + "\n")
    _write_csv(records, folder / "table.csv")


def write_clips(clips: Sequence[ClipPrediction], folder: Path, predictions: Path) -> None:
    """Write ``videos.csv``, and each clip's onsets in the published columns: time, empty label.

    Args:
        clips: predictions for all clips.
        folder: folder of the report.
        predictions: folder of the onset files, one subfolder per clip; pass the folder of
            processed videos to write the onsets beside the annotations.
    """
    _write_csv([clip_scores(each) for each in clips], folder / "videos.csv")
    for each in clips:
        clip = each.clip
        name = f"{clip.name}/{clip.name}.times.pred.csv"
        published = times_above_half_a_logit(each.chunk_logits, fps=clip.fps)
        for place, times in (
            (predictions, each.estimate.times),
            (folder / "published-rule", published),
        ):
            with temporary_sibling(place / name) as temporary:
                temporary.write_text("".join(f"{time:.6f},\n" for time in times))


def draw_clips(
    clips: Sequence[ClipPrediction], folder: Path, decoding: Decoding
) -> dict[str, Path]:
    """Draw the probabilities of some clips with their reference and estimated onsets.

    Args:
        clips: predictions for the clips to draw.
        folder: folder of the report.
        decoding: settings of the onset decoder.

    Returns:
        The paths of the pictures by clip name.
    """
    pictures = {}
    for each in clips:
        clip = each.clip
        pictures[clip.name] = folder / "pictures" / f"{clip.name}.png"
        draw_onsets(
            each.probabilities,
            pictures[clip.name],
            fps=clip.fps,
            reference=clip.track,
            estimate=each.estimate,
            threshold=decoding.threshold,
            title=clip.name,
        )
    return pictures


def _record(row: DetectorMetric) -> dict[str, Any]:
    low, high = row.interval or (None, None)
    return {
        "name": row.name,
        "value": _number(row.value),
        "low": low,
        "high": high,
        "n": row.n,
        "unit": row.unit,
        "published": _number(row.published),
    }


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _write_csv(records: Sequence[dict[str, Any]], path: Path) -> None:
    with temporary_sibling(path) as temporary, temporary.open("w", newline="") as file:
        writer = csv.DictWriter(file, records[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
