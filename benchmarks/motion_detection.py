"""Seconds that the bundled detector of motion takes for ten seconds of video, weights loaded.

Wall-clock time depends on what else the machine does, so the load is printed beside it; time of
the processor does not.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import history
import torch
from decoding import processor_seconds

from syncfusion.checkpoint import load_onset
from syncfusion.media import probe
from syncfusion.onset import MotionOnsetNet, curve_of, motion_input, read_motion

REPOSITORY = Path(__file__).parents[1]
SECONDS = 10.0  # of video that the result is given for


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, default=REPOSITORY / "data/sample/sample.mp4")
    parser.add_argument("--checkpoint", type=Path, default=REPOSITORY / "checkpoints/compact")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    net, video = load_onset(options.checkpoint), probe(options.clip)
    if not isinstance(net, MotionOnsetNet):
        parser.error(f"{options.checkpoint} holds no detector of motion; give another")
    motion = read_motion(video)
    with_features = bool(net.features)
    inputs = motion_input(motion, with_features=with_features)
    parts = {
        "motion": lambda: read_motion(video),
        "input": lambda: motion_input(motion, with_features=with_features),
        "nets": lambda: curve_of(net, inputs, motion.times, motion.duration),
    }
    load = os.getloadavg()[0]
    print(f"{SECONDS:g} s of video at {video.fps:.3g} pictures/s, {video.width} x {video.height}")
    print(f"{options.threads} threads, {os.cpu_count()} cores, load {load:.1f}")
    print(f"{'':10} {'wall, s':>8} {'processor, s':>13}")
    spent = [seconds(part, options.repeats) for part in parts.values()]
    for name, (wall, processor) in zip([*parts, "all"], [*spent, added(spent)], strict=True):
        factor = SECONDS / video.duration
        print(f"{name:10} {wall * factor:8.2f} {processor * factor:13.2f}")
    wall, processor = added(spent)
    figures = {"wall, s": wall * factor, "processor, s": processor * factor}
    history.keep("motion_detection", figures, options)


def seconds(part: Callable[[], object], n_repeats: int) -> tuple[float, float]:
    """Return the medians of wall-clock and processor time."""
    spent = []
    for _ in range(n_repeats):
        began = (time.perf_counter(), processor_seconds())
        part()
        spent.append((time.perf_counter() - began[0], processor_seconds() - began[1]))
    wall, processor = (median(each) for each in zip(*spent, strict=True))
    return wall, processor


def added(spent: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the sums of both times."""
    wall, processor = (sum(each) for each in zip(*spent, strict=True))
    return wall, processor


if __name__ == "__main__":
    main()
