"""Processor time of decoding in a process of its own beside decoding here, by turns.

Wall-clock time depends on what else the machine does; processor time, of both processes, much less.
"""

import argparse
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

import history

from syncfusion.media import probe
from syncfusion.media.examining import described
from syncfusion.media.grey import grey_batches
from syncfusion.media.isolation import answer, answers
from syncfusion.media.pictures import frame_batches
from syncfusion.media.single_pass import passed_once
from syncfusion.media.sounds import whole_sound

REPOSITORY = Path(__file__).parents[1]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, default=REPOSITORY / "data/sample/sample.mp4")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    began = time.perf_counter()
    video = probe(options.clip)
    print(f"first probe, with the start of the process: {time.perf_counter() - began:.2f} s")
    work = {
        "grey pictures of 192 x 112": (grey_batches, video, (192, 112), 36.0),
        "frames of 112 x 112": (frame_batches, video, 15, (112, 112), 64),
        "frames of 320 x 240, sound": (passed_once, video, 15, (320, 240)),
    }
    work |= {"sound": (whole_sound, video.path)} if video.has_audio else {}
    print(
        f"{video.duration:.1f} s of {video.width} x {video.height}, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{'processor, ms':28} {'here':>8} {'own process':>12}")
    figures = {
        "probe": _compared(
            lambda: described(video.path),
            lambda: answer(video.path, described, video.path),
            options.repeats,
        )
    }
    for name, (function, *given) in work.items():
        figures[name] = _compared(
            lambda function=function, given=given: _drained(function(*given)),
            lambda what=(function, *given): _drained(answers(video.path, *what)),
            options.repeats,
        )
    for name, (here, apart) in figures.items():
        print(f"{name:28} {here:8.0f} {apart:12.0f}")
    kept = {f"{name}, own process, ms": apart for name, (_, apart) in figures.items()}
    history.keep("decoding", kept, options)


def _drained(items: Iterable) -> None:
    deque(items, maxlen=0)


def _compared(
    here: Callable[[], object], apart: Callable[[], object], n_repeats: int
) -> tuple[float, float]:
    """Return the median processor time of both in ms."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(n_repeats):
        for function, times in zip((here, apart), spent, strict=True):
            began = processor_seconds()
            function()
            times.append(1000 * (processor_seconds() - began))
    return median(spent[0]), median(spent[1])


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
