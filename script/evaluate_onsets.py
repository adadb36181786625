"""Judge an onset detector by whole clips, beside what rhythm or motion alone would score."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

import torch

from syncfusion.checkpoint import load_onset
from syncfusion.device import bfloat16_is_fast
from syncfusion.errors import InputError
from syncfusion.onset.clips import Clip, open_split
from syncfusion.onset.decode import Decoding, decode_onsets
from syncfusion.onset.detect import Scanning, onset_probabilities
from syncfusion.onset.metrics import (
    average_precision,
    difference_peaks,
    event_scores,
    frame_labels,
    regular_grid,
    time_offsets,
)
from syncfusion.onset.track import OnsetTrack

HEADER = f"{'clip':28} {'onsets':>6} {'found':>6} {'F100':>6} {'P100':>6} {'R100':>6} {'F50':>6}"


def main() -> int:
    """Run from the command line."""
    options = _options()
    decoding = Decoding(threshold=options.threshold)
    try:
        net = load_onset(options.checkpoint)
        clips = open_split(options.data, options.split)
    except InputError as error:
        sys.exit(str(error))
    curves = {}
    for clip in clips:
        scanning = Scanning(bfloat16=bfloat16_is_fast(torch.device("cpu")))
        curves[clip.name] = onset_probabilities(net, clip.batches(), scanning=scanning)

    def detected(clip: Clip) -> OnsetTrack:
        curve = curves[clip.name]
        return decode_onsets(curve, fps=clip.fps, duration=clip.duration, decoding=decoding)

    _report("the detector", clips, detected)
    labels = [frame_labels(clip.track, fps=clip.fps, n_frames=len(clip)) for clip in clips]
    precision = average_precision(torch.cat(list(curves.values())), torch.cat(labels))
    late = [x for clip in clips for x in time_offsets(clip.track, detected(clip))]
    print(f"average precision of frames {precision:.3f}")
    if late:
        print(f"matched onsets come {1000 * fmean(late):+.1f} ms after their annotation")
    _report("a regular grid at the true rate", clips, _grid)
    _report("peaks of frame difference", clips, _motion)
    return 0


def _grid(clip: Clip) -> OnsetTrack:
    return regular_grid(clip.track, duration=clip.duration)


def _motion(clip: Clip) -> OnsetTrack:
    return difference_peaks(clip.batches(), fps=clip.fps, duration=clip.duration)


def _report(title: str, clips: list[Clip], find: Callable[[Clip], OnsetTrack]) -> None:
    print(f"\n{title}\n{HEADER}")
    rows = []
    for clip in clips:
        found = find(clip)
        narrow = event_scores(clip.track, found, tolerance=0.05).f_measure
        rows.append((*event_scores(clip.track, found, tolerance=0.1), narrow))
        _row(clip.name, len(clip.track), len(found), rows[-1])
    _row("mean", "", "", [fmean(column) for column in zip(*rows, strict=True)])


def _row(name: str, wanted: int | str, found: int | str, scores: tuple | list) -> None:
    print(f"{name:28} {wanted:>6} {found:>6} " + " ".join(f"{score:6.3f}" for score in scores))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="written by script/onset.py")
    parser.add_argument("--data", type=Path, required=True, help="folder of processed videos")
    parser.add_argument("--split", default="test", choices=("train", "val", "test"))
    parser.add_argument("--threshold", type=float, default=Decoding().threshold)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
