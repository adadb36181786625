"""A worker of the studio with models that need no time.

They find two events in every clip, and make of every prompt and seed a burst of noise of its own.
``python studio_worker.py [SECONDS]``: time that a step of theirs takes.
"""

import hashlib
import sys
import time
from types import SimpleNamespace

STEPS = 50
ATTACK, LENGTH = 480, 9600  # samples


class FakePipeline:
    """Two events, at 0.5 and 1.25 s; ``preset`` and ``event_mode`` are those of a pipeline."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.preset = self.event_mode = self
        self.settings = SimpleNamespace(prompt="compact")

    def curve(self, video, *, progress):
        import numpy as np

        from syncfusion.onset import OnsetCurve

        self._wait("Looking for onsets", progress)
        times = np.arange(0, video.duration, 1 / 30)
        bumps = [0.9 * np.exp(-(((times - at) / 0.04) ** 2)) for at in (0.5, 1.25)]
        strengths = np.where(times < 1, 0.0, np.log(4.0))  # the second one is four times as loud
        return OnsetCurve(times, np.maximum(*bumps), video.duration, strengths, cuts=(1.0,))

    def render_settings(self, seed, steps, guidance, mode):
        assert mode == "events"

    def plan(self, track, prompt, settings, options):
        return list(track)

    def takes(self, plan, cache, progress):
        for onset in plan:
            self._wait("Rendering sound", progress)
            yield burst(onset.extra.get("prompt") or onset.extra["reference"], onset.extra["seed"])

    def _wait(self, stage, progress):
        for step in range(STEPS):
            progress(stage, step, STEPS)
            time.sleep(self.seconds)


def burst(prompt: str, seed: str):
    """The take of a prompt and a seed."""
    import torch

    from syncfusion.rendering import make_take

    key = hashlib.sha256(f"{prompt} {seed}".encode()).hexdigest()
    noise = torch.randn(1, LENGTH, generator=torch.Generator().manual_seed(int(key[:8], 16)))
    decay = torch.exp(-torch.arange(LENGTH - ATTACK) / 1500)
    envelope = torch.cat([torch.zeros(ATTACK), decay])
    return make_take(noise * envelope, ATTACK, key)


if __name__ == "__main__":
    from syncfusion.studio.work import run_worker

    pace = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    run_worker(lambda: FakePipeline(pace))
