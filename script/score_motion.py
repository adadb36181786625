"""Score the detector of motion on annotated videos as they are, and draw its curves.

`syncfusion evaluate onset` gives the full table of one split; here are several, at the curve's own
times, and where only the beginning of each clip is annotated.
The folder is laid out as Greatest Hits is: videos/, times/ and a list of names per split.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from syncfusion.checkpoint import load_onset
from syncfusion.command import run_command
from syncfusion.errors import InputError
from syncfusion.evaluation import DrawnClip, draw_curves
from syncfusion.onset import (
    Decoding,
    MotionOnsetNet,
    annotated_video,
    clip_names,
    event_scores,
    onset_curve,
    read_motion,
)
from syncfusion.product import find_preset

TOLERANCES = (0.1, 0.05)  # seconds


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as Greatest Hits")
    parser.add_argument("--splits", nargs="+", default=["test"], help="lists of clips")
    parser.add_argument("--preset", default="compact", help="name or folder")
    parser.add_argument("--seconds", type=float, help="score the beginning of each clip alone")
    parser.add_argument("--picture", type=Path, help="png of the probabilities over time")
    options = parser.parse_args()
    preset = find_preset(options.preset)
    net, settings = load_onset(preset.checkpoint("onset")), preset.settings
    decoding = Decoding(threshold=settings.threshold, minimum_gap_seconds=settings.minimum_gap)
    if not isinstance(net, MotionOnsetNet):
        raise InputError(f"the detector of {options.preset} does not read motion; give another")
    clips, scores = [], []
    print(f"{'':26} F ±100 ms  precision  recall  F ±50 ms")
    for name in clip_names(options.data, options.splits):
        video, reference = annotated_video(options.data, name)
        curve = onset_curve(net, read_motion(video))
        estimate = curve.onsets(decoding)
        if options.seconds:
            reference, estimate = (
                each.between(0, options.seconds) for each in (reference, estimate)
            )
        both = [event_scores(reference, estimate, tolerance=each) for each in TOLERANCES]
        scores.append([both[0].f_measure, both[0].precision, both[0].recall, both[1].f_measure])
        print(row(name, scores[-1]), flush=True)
        clips.append(DrawnClip(f"{name}: F {scores[-1][0]:.2f}", curve, reference, estimate))
    print(row("mean", np.mean(scores, axis=0)))
    if options.picture:
        draw_curves(clips, options.picture, threshold=decoding.threshold)


def row(name: str, values: Sequence[float]) -> str:
    """Return a line of the table."""
    return f"{name:26} {values[0]:9.3f} {values[1]:10.3f} {values[2]:7.3f} {values[3]:9.3f}"


if __name__ == "__main__":
    run_command(main)
