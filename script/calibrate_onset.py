"""Calibrate an onset detector on clips it did not train on: calibrate_onset.py --data FOLDER.

Peaks of the detector's output are compared with the annotation (±100 ms); a line through the logits
is fitted to them and becomes part of the weights. The order of peaks stays, their probabilities and
the threshold that suits them do not.
"""

import argparse
import sys
from pathlib import Path
from statistics import fmean

import torch

from syncfusion.checkpoint import load_onset, save_onset
from syncfusion.errors import InputError
from syncfusion.evaluation import ranked_onsets
from syncfusion.onset import (
    Calibration,
    Decoding,
    SlidingWindow,
    VideoOnsetNet,
    at_size,
    calibrate,
    calibration_error,
    decode_onsets,
    event_scores,
    fit_calibration,
    onset_probabilities,
    open_split,
)
from syncfusion.options import BAD_INPUT
from syncfusion.track import OnsetTrack

EVERY_PEAK = Decoding(threshold=0.02)
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)

Found = tuple[OnsetTrack, OnsetTrack]  # annotation, and every peak


def look(net: VideoOnsetNet, options: argparse.Namespace, split: str) -> list[Found]:
    """Return the annotation and every peak of the clips of a split."""
    found = []
    for clip in at_size(open_split(options.data, split), (options.frame_size,) * 2):
        curve = onset_probabilities(net, clip.batches(), sliding_window=SlidingWindow())
        peaks = decode_onsets(curve, fps=clip.fps, duration=clip.duration, decoding=EVERY_PEAK)
        found.append((clip.track, peaks))
    return found


def judged(found: list[Found]) -> tuple[list[float], list[bool]]:
    """Return every peak's confidence, and whether an onset is there."""
    peaks = [peak for truth, peaks in found for peak in ranked_onsets(truth, peaks)]
    return [peak.confidence for peak in peaks], [peak.right for peak in peaks]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of processed videos")
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/compact"))
    parser.add_argument("--frame_size", type=int, default=80, help="pixels")
    parser.add_argument("--split", default="val", help="clips to fit on")
    parser.add_argument("--others", nargs="*", default=["test"], help="splits to report as well")
    parser.add_argument("--output", type=Path, help="folder to write the calibrated weights into")
    options = parser.parse_args()
    net = load_onset(options.checkpoint)
    found = {s: look(net, options, s) for s in dict.fromkeys([options.split, *options.others])}
    calibration = fit_calibration(*judged(found[options.split]))
    print(f"logit -> {calibration.scale:.3f} · logit {calibration.shift:+.3f}")
    for split, clips in found.items():
        sure, right = judged(clips)
        if sure:
            before, after = (calibration_error(each, right) for each in (sure, calibration(sure)))
            print(f"{split}: {len(sure)} peaks, calibration error {before:.3f} -> {after:.3f}")
        for threshold in THRESHOLDS:
            score = fmean(scored(truth, peaks, calibration, threshold) for truth, peaks in clips)
            print(f"  threshold {threshold:.2f}  F ±100 ms {score:.3f}")
    if options.output is not None:
        calibrate(net, calibration)
        save_onset(net, options.output, dtype=torch.float16)


def scored(
    truth: OnsetTrack, peaks: OnsetTrack, calibration: Calibration, threshold: float
) -> float:
    """Return F ±100 ms of the peaks that reach a threshold once calibrated."""
    sure = calibration(peaks.confidences)
    times = [time for time, each in zip(peaks.times, sure, strict=True) if each >= threshold]
    return event_scores(truth, OnsetTrack(times, truth.duration)).f_measure


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
