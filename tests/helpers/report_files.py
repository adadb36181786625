"""A small evaluation with everything a report may meet: videos, none, silence, bad names."""

from pathlib import Path

import numpy as np
import torch

from helpers.media_files import make_video, regular
from syncfusion.evaluation.metrics import synchrony_metrics
from syncfusion.evaluation.results import (
    ClipResult,
    Comparison,
    Evaluation,
    SetMetric,
    SystemResult,
)
from syncfusion.evaluation.statistics import Interval, PairedTest
from syncfusion.media import Waveform, write_wav
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack

EVIL = '<img src=x onerror="document.title=1">'
RATE = 16_000
SECONDS = 2.0
REFERENCE = (0.4, 0.9, 1.5)


def make_evaluation(folder: Path, n_clips: int = 12) -> Evaluation:
    """Three systems: one good, whose first clip has a video; one that gets worse by clip; none."""
    video = make_video(folder / "video.mp4", regular(25, 50))
    good = [make_clip(folder, f"clip {n}", REFERENCE, None) for n in range(n_clips)]
    good[0] = make_clip(folder, "clip 0", REFERENCE, video)
    worse = [
        make_clip(folder, clip.name, REFERENCE[: (n + 1) % 4], video) for n, clip in enumerate(good)
    ]
    worse[0] = make_clip(folder, "clip 0", (0.2, 0.41, 1.8), video)
    distance = SetMetric(
        value=2.5, n=n_clips, interval=Interval(2.0, 3.0), about={"embedder": "log-mel"}
    )
    systems = (
        SystemResult(name="good", settings={"steps": 24}, clips=tuple(good)),
        SystemResult(
            name=EVIL,
            settings={"steps": 8, EVIL: EVIL},
            clips=tuple(worse),
            set_metrics={"frechet_log-mel": distance},
            problems=(f"{EVIL}.wav is silent",),
        ),
        SystemResult(name="empty", settings={}, clips=(), problems=("no sound fits a clip",)),
    )
    test = PairedTest(0.5, 0.0312, n_clips)
    return Evaluation(
        title=f"Table {EVIL}",
        protocol="whole clips",
        systems=systems,
        comparisons=(Comparison(metric="f_100ms", first="good", second=EVIL, test=test),),
        about={"syncfusion": "0.1.0"},
    )


def make_clip(
    folder: Path, name: str, estimate: tuple[float, ...], video: Path | None
) -> ClipResult:
    """A sound with clicks at its estimated onsets."""
    reference = OnsetTrack(REFERENCE, SECONDS)
    track = OnsetTrack(estimate, SECONDS, (), np.linspace(1.0, 0.5, len(estimate)).tolist())
    sound = folder / f"{name} {len(estimate)} {estimate[:1]}.wav"
    if not sound.exists():
        noise = torch.randn(1, round(SECONDS * RATE), generator=seeded(0))
        clicks = track.impulses(RATE, noise.shape[1])
        write_wav(Waveform(0.001 * noise + 0.5 * clicks, RATE), sound)
    return ClipResult(
        name=name,
        sound=sound,
        video=video,
        reference=reference,
        estimate=track,
        metrics=synchrony_metrics(reference, track),
    )
