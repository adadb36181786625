"""A worker of the studio with models that find the same events in every clip, at once.

``python studio_worker.py [SECONDS]``: time that a step of the models takes.
"""

import sys
import time


class FakePipeline:
    """Two events, at 0.5 and 1.25 s."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def curve(self, video, *, progress):
        import numpy as np

        from syncfusion.onset import OnsetCurve

        for step in range(50):
            progress("Looking for onsets", step, 50)
            time.sleep(self.seconds)
        times = np.arange(0, video.duration, 1 / 30)
        bumps = [0.9 * np.exp(-(((times - at) / 0.04) ** 2)) for at in (0.5, 1.25)]
        return OnsetCurve(times, np.maximum(*bumps), video.duration)


if __name__ == "__main__":
    from syncfusion.studio.work import run_worker

    pace = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    run_worker(lambda: FakePipeline(pace))
