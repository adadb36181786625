"""Time event mode against track mode: edits, another take, a video, and hundreds of hits.

Models are loaded once; every measurement is the median of some runs in this process, and the
runs of both modes take turns. ``edit`` re-mixes a track whose takes are kept; for it the cache is
filled with short bursts of noise, since the model has no part in it.
"""

import argparse
import itertools
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import history
import numpy as np
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.media import encode_video, read_frames
from syncfusion.product import EventOptions, Pipeline, following, load
from syncfusion.rendering import TakeCache, make_take
from syncfusion.timing import seeded
from syncfusion.track import Onset, OnsetTrack

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "sample.mp4"
FPS = 25
PROMPT = "wood hit"


class Cost(NamedTuple):
    """Seconds by the clock, and seconds of processor time, which other programs change less."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.processor:.2f} s of processor)"

    def figures(self, name: str) -> dict[str, float]:
        """Return both clocks, each under a name that says its unit."""
        return {f"{name}, wall s": self.wall, f"{name}, processor s": self.processor}


def timed(work: Callable[[], object]) -> Cost:
    """Return what some work costs."""
    began = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - began[0], time.process_time() - began[1])


def middle(found: Sequence[Cost]) -> Cost:
    """Return the median of each clock."""
    return Cost(*map(median, zip(*found, strict=True)))


def figures(part: str, found: Mapping[str, Sequence[Cost]]) -> dict[str, float]:
    """Return the medians of several ways, each under a name that says part, way and unit."""
    each = [middle(costs).figures(f"{part}, {name}") for name, costs in found.items()]
    return {name: value for some in each for name, value in some.items()}


def regular(n_events: int, seconds: float, first_seed: int = 0) -> OnsetTrack:
    """Return events that are evenly spread, each with a seed of its own."""
    times = [(n + 0.5) * seconds / n_events for n in range(n_events)]
    return OnsetTrack(
        times, seconds, extras=[{"seed": str(first_seed + n)} for n in range(n_events)]
    )


def fill(pipeline: Pipeline, track: OnsetTrack, cache: TakeCache) -> None:
    """Keep bursts of noise of 0.3 s under the keys of a track's takes."""
    settings = pipeline.preset.render_settings(0, None, None, "events")
    for event in pipeline.event_mode.plan(track, PROMPT, settings, EventOptions()):
        noise = torch.randn(1, SAMPLE_RATE * 3 // 10, generator=seeded(event.columns.seed or 0))
        cache.put(make_take(noise, 240, event.request.key if event.request else ""))


def edits(pipeline: Pipeline, runs: int, folder: Path) -> dict[str, float]:
    """Re-mix ten minutes of 600 events after one of them moved."""
    cache, track = TakeCache(folder / "edits"), regular(600, 600.0)
    fill(pipeline, track, cache)
    found = []
    for run in range(runs):
        times = [*track.times[:300], track.times[300] + 0.01 * (run + 1), *track.times[301:]]
        moved = OnsetTrack(times, 600.0, extras=track.extras)
        work = partial(pipeline.render, moved, PROMPT, mode="events", cache=cache)
        found.append(timed(work))
    print(f"edit of a time, 600 events in 600 s: {middle(found)}, N {runs}", flush=True)
    return middle(found).figures("edit")


def another_take(pipeline: Pipeline, runs: int, folder: Path) -> dict[str, float]:
    """Render one event anew."""
    cache = TakeCache(folder / "take")
    tracks = [regular(1, 1.0, first_seed=seed) for seed in range(runs + 1)]
    pipeline.takes(tracks.pop(), PROMPT, cache=cache)
    found = [timed(partial(pipeline.takes, track, PROMPT, cache=cache)) for track in tracks]
    print(f"another take of one event: {middle(found)}, N {runs}", flush=True)
    return middle(found).figures("another take")


def video(pipeline: Pipeline, runs: int, folder: Path) -> dict[str, float]:
    """Make ten seconds of video with its sound in both modes, onsets detected."""
    batches = read_frames(SAMPLE, fps=FPS, width=320, height=240)
    pictures = (picture.numpy() for batch in batches for picture in batch)
    clip = folder / "clip.mp4"
    encode_video(itertools.islice(repeated(pictures), 10 * FPS), FPS, None, SAMPLE_RATE, clip)
    found: dict[str, list[Cost]] = {"events": [], "track": []}
    for run, mode in itertools.product(range(runs), found):
        cache, output = TakeCache(folder / f"video-{run}"), folder / f"{mode}-{run}.mp4"
        work = partial(pipeline.generate, clip, PROMPT, output, mode=mode, cache=cache)
        found[mode].append(timed(work))
    n_events = len(pipeline.detect(clip))
    shown = ", ".join(f"{mode} {middle(each)}" for mode, each in found.items())
    print(f"10 s of video to mp4, {n_events} events: {shown}, N {runs}", flush=True)
    return figures("video", found)


def repeated(pictures: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield pictures over and over."""
    return itertools.cycle(list(pictures))


def crowd(pipeline: Pipeline, runs: int, folder: Path, n_events: int) -> dict[str, float]:
    """Render one event a second: all distinct, by round robin, and the track as a whole."""
    track = regular(n_events, float(n_events))
    rows = {
        "events, round robin 24": ("events", EventOptions(round_robin=24)),
        "events, all distinct": ("events", EventOptions()),
        "track": ("track", EventOptions()),
    }
    found: dict[str, list[Cost]] = {name: [] for name in rows}
    for run, name in itertools.product(range(runs), rows):
        mode, options = rows[name]
        cache = TakeCache(folder / f"crowd-{run}-{name}")

        work = partial(pipeline.render, track, PROMPT, mode=mode, options=options, cache=cache)
        found[name].append(timed(work))
        if run < runs - 1:
            continue
        spent = middle(found[name])
        print(
            f"{n_events} events in {n_events} s, {name}: {spent}, "
            f"{n_events / spent.wall:.1f} × real time, "
            f"{n_events / spent.processor:.1f} × by processor time, N {runs}",
            flush=True,
        )
    return figures("crowd", found)


def variations(pipeline: Pipeline, runs: int, folder: Path) -> dict[str, float]:
    """Render four variations of three events: together, and one after another."""
    found: dict[str, list[Cost]] = {"together": [], "one after another": []}
    for run, name in itertools.product(range(runs), found):
        cache = TakeCache(folder / f"variations-{run}-{name}")
        together = EventOptions(variations=4 if name == "together" else 1)
        found[name].append(timed(partial(four_takes, pipeline, cache, together)))
    shown = ", ".join(f"{name} {middle(each)}" for name, each in found.items())
    print(f"four variations of 3 events: {shown}, N {runs}", flush=True)
    return figures("variations", found)


def four_takes(pipeline: Pipeline, cache: TakeCache, options: EventOptions) -> None:
    """Render a track and three more variations of it."""
    track, seed = OnsetTrack([0.5, 1.25, 2.0], 3.0), 0
    for _ in range(4):
        pipeline.render(track, PROMPT, mode="events", seed=seed, options=options, cache=cache)
        (track, seed), options = following(track, seed), EventOptions()


def session(pipeline: Pipeline, folder: Path, n_events: int = 60) -> dict[str, float]:
    """Edit a track twenty times, re-mixing after each edit, and count the takes that were kept."""
    cache = TakeCache(folder / "session")
    steps = pipeline.preset.render_settings(0, None, None, "events").steps
    first = regular(n_events, float(n_events))
    tracks = [first]
    for edit in range(20):
        events = list(tracks[-1])
        place = (edit * 7) % len(events)
        event = events[place]
        if edit % 10 < 4:
            events[place] = event._replace(time=event.time + 0.02)
        elif edit % 10 < 6:
            events[place] = event._replace(gain=0.5)
        elif edit % 10 == 6:
            events[place] = event._replace(extra={**event.extra, "mute": "1"})
        elif edit % 10 == 7:
            events[place] = event._replace(extra={**event.extra, "seed": str(10_000 + edit)})
        elif edit % 10 == 8:
            events[place] = event._replace(extra={**event.extra, "prompt": "metal hit"})
        else:
            events.append(Onset(event.time + 0.3, extra={"seed": str(20_000 + edit)}))
        tracks.append(OnsetTrack.from_onsets(events, first.duration))
    rendered, needed = [], 0
    for track in tracks:
        totals = {0}
        pipeline.render(
            track,
            PROMPT,
            mode="events",
            cache=cache,
            progress=lambda stage, done, total, totals=totals: totals.add(total),
        )
        rendered.append(max(totals) // steps)
        needed += len(track)
    kept = needed - n_events - sum(rendered[1:])
    rate = kept / (needed - n_events)
    print(f"20 edits of {n_events} events: {sum(rendered[1:])} takes rendered, {rate:.1%} kept")
    return {"session, takes rendered": float(sum(rendered[1:]))}


def hour(pipeline: Pipeline, folder: Path) -> dict[str, float]:
    """Write the sound of an hour with 3 600 events, and show how the process has grown."""
    cache, track = TakeCache(folder / "hour"), regular(3600, 3600.0)
    fill(pipeline, track, cache)
    settings = pipeline.preset.render_settings(0, None, None, "events")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    made = pipeline.rendition(
        track,
        PROMPT,
        "events",
        settings,
        options=EventOptions(),
        cache=cache,
        progress=lambda stage, done, total: None,
    )
    seconds = timed(partial(made.sound.write, folder / "hour.wav", {}))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"an hour of 3600 events: {seconds}, {before:.0f} MiB before, {after:.0f} at most")
    return seconds.figures("hour") | {"hour, peak MiB": after}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="compact")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--crowd", type=int, default=600, help="number of events")
    parser.add_argument(
        "--parts", nargs="*", help="edit take variations video session crowd hour; all of them"
    )
    options = parser.parse_args()
    pipeline = load(options.preset, device="cpu")
    load_average = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{torch.get_num_threads()} threads, load {load_average}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = {
            "edit": lambda: edits(pipeline, options.runs, folder),
            "take": lambda: another_take(pipeline, options.runs, folder),
            "variations": lambda: variations(pipeline, options.runs, folder),
            "video": lambda: video(pipeline, options.runs, folder),
            "session": lambda: session(pipeline, folder),
            "crowd": lambda: crowd(pipeline, options.runs, folder, options.crowd),
            "hour": lambda: hour(pipeline, folder),
        }
        measured: dict[str, float] = {}
        for part in options.parts or parts:
            measured |= parts[part]()
    history.keep("events", measured, options)


if __name__ == "__main__":
    main()
