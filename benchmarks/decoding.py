"""Processor time of reading a video: of this process, and of the one that decodes for it.

Wall-clock time depends on what else the machine does; processor time much less.
"""

import argparse
import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from statistics import median

import history

from syncfusion.media import play, probe, read_audio, read_frames, read_grey

REPOSITORY = Path(__file__).parents[1]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, default=REPOSITORY / "data/sample/sample.mp4")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    began, path = time.perf_counter(), options.clip
    video = probe(path)
    print(f"first probe, with the start of the process: {time.perf_counter() - began:.2f} s")
    small, large = {"width": 112, "height": 112}, {"width": 320, "height": 240}
    grey = {"width": 192, "height": 112, "maximum_fps": 36.0}
    work: dict[str, Callable[[], object]] = {
        "probe": lambda: probe(path),
        "grey pictures of 192 x 112": lambda: deque(read_grey(video, **grey), maxlen=0),
        "frames of 112 x 112": lambda: deque(read_frames(video, fps=15, **small), maxlen=0),
        "frames of 320 x 240, sound": lambda: play(video, fps=15, **large, on_frame=len),
    }
    work |= {"sound": lambda: read_audio(path)} if video.has_audio else {}
    load = os.getloadavg()[0]
    print(f"{video.duration:.1f} s of {video.width} x {video.height}, load {load:.1f}")
    print(f"{'processor, ms':28} {'this':>8} {'decoding':>9} {'both':>8}")
    figures = {}
    for name, read in work.items():
        this, other = (median(times) for times in zip(*spent(read, options.repeats), strict=True))
        figures[f"{name}, ms"] = this + other
        print(f"{name:28} {this:8.0f} {other:9.0f} {this + other:8.0f}")
    history.keep("decoding", figures, options)


def spent(read: Callable[[], object], n_repeats: int) -> list[tuple[float, float]]:
    """Return the processor time in ms of this process and of the one that decodes, each time."""
    times = []
    for _ in range(n_repeats):
        own, all_ = time.process_time(), processor_seconds()
        read()
        own, all_ = time.process_time() - own, processor_seconds() - all_
        times.append((1000 * own, 1000 * max(0.0, all_ - own)))
    return times


def processor_seconds() -> float:
    """Return the time of the processor that this process has taken, and the one that decodes."""
    spent, ticks = time.process_time(), os.sysconf("SC_CLK_TCK")
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            user, system = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:13]
            spent += (int(user) + int(system)) / ticks
    return spent


if __name__ == "__main__":
    main()
