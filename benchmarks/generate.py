"""Wall time and peak memory of ``syncfusion generate``, for clips of several lengths.

Each clip is the bundled sample, repeated; each run is a process of its own, models loaded included.
"""

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import history
import numpy as np

from syncfusion.media import encode_video, read_frames

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "sample.mp4"
FPS = 25


def frames(seconds: float) -> Iterator[np.ndarray]:
    """Yield the sample's pictures, over and over, for so many seconds."""
    batches = read_frames(SAMPLE, fps=FPS, width=320, height=240)
    pictures = [picture.numpy() for batch in batches for picture in batch]
    return itertools.islice(itertools.cycle(pictures), round(seconds * FPS))


def measure(command: list[str]) -> tuple[float, float]:
    """Return seconds and peak resident MiB of a command, that of its own process alone."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, nargs="+", default=[10, 60, 600])
    parser.add_argument("--steps", type=int, help="None for the preset's; memory needs no more")
    options = parser.parse_args()
    extra = [] if options.steps is None else ["--steps", str(options.steps)]
    figures: dict[str, float] = {}
    print(f"{'clip s':>8} {'wall s':>8} {'× real time':>12} {'peak MiB':>9}")
    for seconds in options.seconds:
        with tempfile.TemporaryDirectory() as folder:
            clip, output = Path(folder) / "clip.mp4", Path(folder) / "out.mp4"
            encode_video(frames(seconds), FPS, None, 48_000, clip)
            command = [sys.executable, "-m", "syncfusion", "generate", str(clip)]
            wall, peak = measure([*command, "--prompt", "metal hit", "-o", str(output), *extra])
        print(f"{seconds:8.0f} {wall:8.1f} {seconds / wall:12.2f} {peak:9.0f}", flush=True)
        figures |= {f"{seconds:g} s of clip, wall s": wall, f"{seconds:g} s, peak MiB": peak}
    history.keep("generate", figures, options)


if __name__ == "__main__":
    main()
