"""Choose the gate of event mode: quality of the hits of a split against the gate of their tails.

Every annotated event is rendered by itself, by its label, without a gate; then each gate is
applied to the same takes. Columns: F-measure of the onsets that librosa detects in the sound
(±100 and ±25 ms, mean of the clips), Fréchet distance of hits from recorded ones (log-mel),
and the median time in which a hit falls by 20 and by 30 dB. The first row are the recordings.
"""

import argparse
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import fmean, median
from typing import NamedTuple

import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.evaluation import (
    Embeddings,
    LogMel,
    decay_ms,
    detect_sound_onsets,
    embed_all,
    frechet_distance,
)
from syncfusion.hits import Hit, cut_hits
from syncfusion.media import Waveform, read_audio
from syncfusion.onset import event_scores
from syncfusion.product import Pipeline, load
from syncfusion.rendering import Placed, Take, TakeCache, full_scale, gated, lay
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack

PEAK = 0.9  # of every sound that is scored


class Clip(NamedTuple):
    """An annotated recording, and an ungated take of each of its events."""

    name: str
    track: OnsetTrack
    recorded: Waveform
    takes: list[Take]


def read_clip(data: Path, name: str, pipeline: Pipeline, cache: TakeCache, seed: int) -> Clip:
    """Read a clip and render its events, those without a label by the clip's most frequent one."""
    track = OnsetTrack.read(data / "times" / f"{name}_times.txt")
    sound = read_audio(data / "videos" / f"{name}_mic.mp4", sample_rate=SAMPLE_RATE, mono=True)
    usual = Counter(filter(None, track.labels)).most_common(1)[0][0]
    labels = [label or usual for label in track.labels]
    labelled = OnsetTrack(track.times, sound.duration, labels)
    extras = [{"prompt": label} for label in labels]
    events = OnsetTrack(track.times, sound.duration, labels, extras=extras)
    return Clip(name, labelled, sound, pipeline.takes(events, None, seed=seed, cache=cache))


def sound_of(clip: Clip, gate: float) -> Waveform:
    """Return a clip's sound with all tails gated."""
    placed = [
        Placed(gated(take, gate), sample_index(time, SAMPLE_RATE), 1.0)
        for take, time in zip(clip.takes, clip.track.times, strict=True)
    ]
    n_samples = clip.recorded.samples.shape[1]
    mix = torch.cat([full_scale(block) for block in lay(placed, n_samples)], dim=1)
    return Waveform(mix * (PEAK / mix.abs().max()), SAMPLE_RATE)


def measure(clips: list[Clip], gate: float | None) -> str:
    """Return a row of the table; None for the recordings."""
    sounds = [clip.recorded if gate is None else sound_of(clip, gate) for clip in clips]
    recorded = [hit for clip in clips for hit in cut_hits(clip.recorded, clip.track, clip.name)]
    hits = [
        hit
        for clip, sound in zip(clips, sounds, strict=True)
        for hit in cut_hits(sound, clip.track, clip.name)
    ]
    found = [detect_sound_onsets(sound) for sound in sounds]
    scores = [
        fmean(
            event_scores(clip.track, each, tolerance=tolerance).f_measure
            for clip, each in zip(clips, found, strict=True)
        )
        for tolerance in (0.1, 0.025)
    ]
    distance = (
        frechet_distance(embedded(recorded), embedded(hits)).distance if gate is not None else 0
    )
    falls = [median(decay_ms(hit, SAMPLE_RATE, decibels) for hit in hits) for decibels in (20, 30)]
    name = "recordings" if gate is None else f"{20 * math.log10(gate):.0f} dB" if gate else "none"
    return "{:>10}{:8.3f}{:8.3f}{:9.0f}{:8.0f}{:8.0f}{:6}".format(
        name, *scores, distance, *falls, len(hits)
    )


def embedded(hits: list[Hit]) -> Embeddings:
    """Return embeddings of hits at one peak."""
    peaks = (Waveform((hit.samples / hit.samples.abs().max())[None], SAMPLE_RATE) for hit in hits)
    return embed_all(LogMel(), peaks)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="videos/, times/, split lists")
    parser.add_argument("--split", default="val")
    parser.add_argument("--preset", default="compact")
    parser.add_argument("--seed", type=int, default=0, help="of each clip's first take")
    parser.add_argument("--cache", type=Path, default=Path("output/take_gate"))
    parser.add_argument("--decibels", type=float, nargs="+", default=[20, 23, 26, 30, 34, 40, 60])
    options = parser.parse_args()
    pipeline = ungated(load(options.preset))
    names = (options.data / f"{options.split}.txt").read_text().split()
    cache = TakeCache(options.cache)
    clips = [read_clip(options.data, name, pipeline, cache, options.seed) for name in names]
    print(f"{'gate':>10}{'F 100':>8}{'F 25':>8}{'Fréchet':>9}{'-20, ms':>8}{'-30, ms':>8}{'N':>6}")
    print(measure(clips, None), flush=True)
    for gate in [*(10 ** (-each / 20) for each in options.decibels), 0.0]:
        print(measure(clips, gate), flush=True)


def ungated(pipeline: Pipeline) -> Pipeline:
    """Return a pipeline whose takes keep their whole tails."""
    settings = pipeline.preset.settings
    settings = replace(settings, takes=replace(settings.takes, gate=0.0))
    return replace(pipeline, preset=replace(pipeline.preset, settings=settings))


if __name__ == "__main__":
    main()
