"""Which picture to sample at a frame's time: rules compared on clips with annotated onsets.

Each clip's pictures are re-timed at usual rates, steadily and with every picture up to some
milliseconds late, as phones and webcams write them. A rule is the fraction of the source's period
by which a picture counts as begun early: 0 (but for 1 ms) is the picture on screen, 0.5 the nearest
one. Printed are F against the annotation (mean over clips, steady and late) and the agreement of
the late onsets with the steady ones (F within 50 ms): 1 where lateness changes nothing. Frames that
several rules sample alike are detected in once.
"""

import argparse
import os
from pathlib import Path

import numpy as np
import torch

from syncfusion.constants import FRAME_RATE
from syncfusion.media import Scaler, probe, read_pictures
from syncfusion.onset import (
    Decoding,
    SlidingWindow,
    decode_onsets,
    event_scores,
    onset_probabilities,
)
from syncfusion.product import Pipeline, load
from syncfusion.timing import frame_count
from syncfusion.track import OnsetTrack

RATES = (15.0, 24.0, 25.0, 30_000 / 1001, 30.0, 50.0, 60.0)
RULES = (0.0, 0.1, 0.2, 0.25, 0.285, 0.5)
LEAST = 1e-3  # seconds early under every rule
AGREEMENT = 0.05  # seconds


class Clip:
    """A clip's pictures, decoded once, and its annotation.

    Args:
        video: the file.
        times: its annotation.
        pipeline: detects its onsets.
        seconds: length to use, from the beginning.
    """

    def __init__(self, video: Path, times: Path, pipeline: Pipeline, seconds: float) -> None:
        info, size = probe(video), pipeline.preset.settings.frame_size
        scaler = Scaler((size, size))
        self.duration = min(info.duration, seconds)
        kept = [(scaler(picture), t) for picture, t in read_pictures(info) if t < self.duration]
        self.pictures = torch.from_numpy(np.stack([pixels for pixels, _ in kept]))
        self.begins = np.array([time for _, time in kept])
        onsets = OnsetTrack.read(times, info.duration)
        self.reference = OnsetTrack([t for t in onsets.times if t < self.duration], self.duration)
        self._pipeline = pipeline
        self._found: dict[bytes, OnsetTrack] = {}

    def onsets(self, rate: float, rule: float, late: np.ndarray) -> OnsetTrack:
        """Detect onsets in the clip re-timed at a rate, with pictures so many seconds late."""
        grid = np.arange(frame_count(self.duration, rate)) / rate
        shown = np.searchsorted(self.begins, grid + LEAST, side="right") - 1
        begins = grid + np.resize(late - late[0], len(grid))  # the first picture's is time 0
        early = np.maximum(rule * np.diff(begins, prepend=begins[0] - 1 / rate), LEAST)
        early = np.minimum(early, max(rule / rate, LEAST))  # as ``media.video.schedule``
        times = np.arange(frame_count(self.duration, FRAME_RATE)) / FRAME_RATE
        sampled = np.maximum(np.searchsorted(begins - early, times, side="right") - 1, 0)
        return self._detected(shown[sampled])

    def _detected(self, indices: np.ndarray) -> OnsetTrack:
        key = indices.tobytes()
        if key not in self._found:
            settings = self._pipeline.preset.settings
            curve = onset_probabilities(
                self._pipeline.onset_net,
                self.pictures[indices].split(64),
                sliding_window=SlidingWindow.fast_on(self._pipeline.device),
                device=self._pipeline.device,
            )
            decoding = Decoding(
                threshold=settings.threshold, minimum_gap_seconds=settings.minimum_gap
            )
            self._found[key] = decode_onsets(
                curve, fps=FRAME_RATE, duration=self.duration, decoding=decoding
            )
        return self._found[key]


def scores(clip: Clip, rate: float, rule: float, late: np.ndarray) -> tuple[float, float, float]:
    """Return F of the steady and of the late pictures, and their agreement."""
    steady, shifted = (clip.onsets(rate, rule, each) for each in (np.zeros(1), late))
    return (
        event_scores(clip.reference, steady).f_measure,
        event_scores(clip.reference, shifted).f_measure,
        event_scores(steady, shifted, tolerance=AGREEMENT).f_measure,
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    home = os.environ.get("SYNCFUSION_GREATEST_HITS", "data/greatest-hits")
    parser.add_argument("--data", type=Path, default=Path(home), help="videos/, times/ and splits")
    parser.add_argument("--splits", nargs="+", default=["val", "test"])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each clip")
    parser.add_argument("--late", type=float, default=0.003, help="most seconds late")
    parser.add_argument("--preset", default="compact")
    options = parser.parse_args()
    pipeline = load(options.preset)
    names = [n for s in options.splits for n in (options.data / f"{s}.txt").read_text().split()]
    clips = [
        Clip(
            next((options.data / "videos").glob(f"{name}*.mp4")),
            next((options.data / "times").glob(f"{name}*.txt")),
            pipeline,
            options.seconds,
        )
        for name in names
    ]
    late = np.random.default_rng(0).uniform(0, options.late, 100_000)
    print(f"{len(clips)} clips; F steady / F late / agreement, by how early a picture counts")
    print("".join([f"{'pictures/s':>10}", *(f"{rule:>21.2f}" for rule in RULES)]))
    means = []
    for rate in RATES:
        rows = np.array([[scores(c, rate, rule, late) for c in clips] for rule in RULES]).mean(1)
        means.append(rows)
        print(f"{rate:10.2f}", *(f"{a:8.3f}{b:6.3f}{c:6.3f}" for a, b, c in rows))
    mean = np.mean(means, axis=0)
    print(f"{'mean':>10}", *(f"{a:8.3f}{b:6.3f}{c:6.3f}" for a, b, c in mean))


if __name__ == "__main__":
    main()
