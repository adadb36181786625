"""Where the seconds of ``syncfusion generate`` go, for a clip of ten seconds.

Every run is a process of its own, as the command is, that does its stages one after another; the
table has medians. The clip is the bundled sample, repeated; no take is kept.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import history
from generate import FPS, frames

from syncfusion.media import encode_video

STAGES = ("start and imports", "models", "moments", "sound of events", "mix and files")


def run_stages(clip: Path, began: float) -> dict[str, float]:
    """Make a video with its sound, and return the seconds of each stage.

    Args:
        clip: the video.
        began: seconds of the system's clock at which the process was started.
    """
    from syncfusion.product import load
    from syncfusion.rendering import TakeCache

    ends = [time.time()]
    pipeline = load("compact", device="cpu")
    ends.append(time.time())
    track = pipeline.detect(clip)
    ends.append(time.time())
    cache = TakeCache(clip.parent / "takes")
    pipeline.takes(track, "metal hit", cache=cache)
    ends.append(time.time())
    pipeline.generate(clip, "metal hit", clip.with_name("out.mp4"), onsets=track, cache=cache)
    ends.append(time.time())
    starts = [began, *ends[:-1]]
    return {stage: end - start for stage, start, end in zip(STAGES, starts, ends, strict=True)} | {
        "events": float(len(track))
    }


def in_own_process(seconds: float) -> dict[str, float]:
    """Return what ``run_stages`` says in a new process about a new clip of so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        encode_video(frames(seconds), FPS, None, 48_000, clip)
        command = [sys.executable, __file__, "--clip", str(clip), "--began", str(time.time())]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--clip", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--began", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.clip:
        print(json.dumps(run_stages(options.clip, options.began)))
        return
    found = [in_own_process(options.seconds) for _ in range(options.runs)]
    figures = {stage: median(run[stage] for run in found) for stage in STAGES}
    whole = median(sum(run[stage] for stage in STAGES) for run in found)
    for stage, spent in (figures | {"in all": whole}).items():
        print(f"{stage:20} {spent:6.2f} s  {spent / whole:4.0%}")
    load = os.getloadavg()[0]
    print(f"{found[0]['events']:.0f} events, N {options.runs}, load average {load:.1f}")
    history.keep("clip_seconds", figures | {"in all": whole}, options)


if __name__ == "__main__":
    main()
