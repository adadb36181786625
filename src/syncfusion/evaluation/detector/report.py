"""Files of a test of stage 1: the table, every video's scores, predicted onsets, pictures.

```
table.json table.csv videos.csv
<id>/<id>.times.pred.csv                   what stage 2 is tested with
published-rule/<id>/<id>.times.pred.csv    the same by the published rule
pictures/<id>.png
```
"""

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from syncfusion.evaluation.detector.judgement import Judgement
from syncfusion.evaluation.detector.picture import draw_onsets
from syncfusion.evaluation.detector.table import Row, clip_scores
from syncfusion.evaluation.paper import times_above_half_a_logit
from syncfusion.media import temporary_sibling
from syncfusion.onset import Decoding


def format_table(rows: Sequence[Row]) -> str:
    """Return a table as text, one figure a line."""
    lines = [f"{'':28} {'value':>9} {'95 % interval':>17} {'N':>7} {'':7} {'as published':>12}"]
    for row in rows:
        interval = f"{row.interval.low:.3f} to {row.interval.high:.3f}" if row.interval else ""
        published = "" if row.published is None else f"{row.published:.3f}"
        lines.append(
            f"{row.name:28} {row.value:9.3f} {interval:>17} {row.n:7} {row.unit:7} {published:>12}"
        )
    return "\n".join(lines)


def write_table(rows: Sequence[Row], folder: Path, about: dict[str, Any]) -> None:
    """Write ``table.json``, which also says what was tested, and ``table.csv``.

    Args:
        rows: the figures; what is no number is null in json and empty in csv.
        folder: made where it is missing.
        about: checkpoint, split and settings.
    """
    records = [_record(row) for row in rows]
    with temporary_sibling(folder / "table.json") as temporary:
        temporary.write_text(json.dumps(about | {"figures": records}, indent=2) + "\n")
    _write_csv(records, folder / "table.csv")


def write_clips(judgements: Sequence[Judgement], folder: Path, predictions: Path) -> None:
    """Write ``videos.csv`` and each clip's onsets, two columns as published: time, empty label.

    Args:
        judgements: of all clips.
        folder: of the report.
        predictions: holds a folder for every clip; the folder of processed videos puts the onsets
            beside the annotated ones.
    """
    _write_csv([clip_scores(judgement) for judgement in judgements], folder / "videos.csv")
    for judgement in judgements:
        clip = judgement.clip
        name = f"{clip.name}/{clip.name}.times.pred.csv"
        published = times_above_half_a_logit(judgement.chunk_logits, fps=clip.fps)
        for place, times in (
            (predictions, judgement.found.times),
            (folder / "published-rule", published),
        ):
            with temporary_sibling(place / name) as temporary:
                temporary.write_text("".join(f"{time:.6f},\n" for time in times))


def draw_clips(
    judgements: Sequence[Judgement], folder: Path, decoding: Decoding
) -> dict[str, Path]:
    """Draw probability against truth.

    Args:
        judgements: of the clips to draw.
        folder: of the report.
        decoding: how their onsets were picked.

    Returns:
        The pictures by the clips' names.
    """
    pictures = {}
    for judgement in judgements:
        clip = judgement.clip
        pictures[clip.name] = folder / "pictures" / f"{clip.name}.png"
        draw_onsets(
            judgement.probabilities,
            pictures[clip.name],
            fps=clip.fps,
            annotated=clip.track,
            found=judgement.found,
            threshold=decoding.threshold,
            title=clip.name,
        )
    return pictures


def _record(row: Row) -> dict[str, Any]:
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
