"""The job that finds the events of a video."""

import json
from typing import Any

from syncfusion.media import probe, temporary_sibling
from syncfusion.onset import Decoding
from syncfusion.studio.folder import CURVE
from syncfusion.studio.work.task import Task

TIME_DIGITS, PROBABILITY_DIGITS = 6, 5  # behind the point


def detect(task: Task) -> dict[str, Any]:
    """Write the curve of the detector, and return its peaks at the project's threshold and gap.

    Args:
        task: the job.

    Returns:
        ``events``, each with time, confidence and gain.

    Raises:
        InputError: if the video cannot be read.
    """
    project = task.project
    info = probe(task.folder.video)
    curve = task.pipeline().curve(info, progress=task.progress)
    values = {
        "times": [round(float(time), TIME_DIGITS) for time in curve.times],
        "probabilities": [round(float(p), PROBABILITY_DIGITS) for p in curve.probabilities],
        "cuts": [round(cut, TIME_DIGITS) for cut in curve.cuts],
        "strengths": None,
    }
    if curve.strengths is not None:
        values["strengths"] = [round(float(s), PROBABILITY_DIGITS) for s in curve.strengths]
    with temporary_sibling(task.folder.file(CURVE)) as temporary:
        temporary.write_text(json.dumps(values), encoding="utf-8")
    task.send("media", name="curve")
    decoding = Decoding(threshold=project.threshold, minimum_gap_seconds=project.minimum_gap)
    found = curve.onsets(decoding)
    events = [{"time": e.time, "confidence": e.confidence, "gain": e.gain} for e in found]
    return {"events": events}
