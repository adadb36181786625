"""Whether a soft hit is a quiet loud one: how the spectrum of recorded hits changes with level.

``python benchmarks/hit_spectrum.py --data GREATEST_HITS``: hits of one recording and label are
compared among themselves. For each band: by how many dB it rises where a hit is 1 dB louder in all
(least squares over all groups of at least eight hits, 95 % by drawing recordings). Noise is taken
out: the power of the recording's quietest tenth. A slope of 1 in every band means that loudness
alone differs; what is left of it is how much duller soft hits are. The last column is what a
strength does (``syncfusion.rendering.struck``); below it, the low shelf that is nearest to the
slopes, each band weighted by its interval.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torchaudio.functional import bass_biquad

from syncfusion.constants import SAMPLE_RATE
from syncfusion.hits import cut_hits
from syncfusion.media import Waveform, read_audio
from syncfusion.rendering import Take, struck
from syncfusion.track import OnsetTrack

EDGES = (150, 400, 1000, 2500, 6000, 14000)  # Hz
WINDOW = SAMPLE_RATE // 10  # samples of a hit that are looked at
FEWEST = 8  # hits of a group
QUIET = 10  # percentile of a recording's windows that is its noise
ABOVE = 2.0  # a band counts where it has this many times the noise's power
DRAWS = 1000
SHELVES = range(300, 1201, 50)  # Hz
SOFTER = 0.5  # strength by which its slopes are measured


class Spectrum(NamedTuple):
    """A hit's levels in dB: in all, and in each band, not a number where noise covers it."""

    level: float
    bands: np.ndarray


class Group(NamedTuple):
    """Hits of one recording and label: their distances from the group's mean, in dB."""

    recording: str
    levels: np.ndarray
    bands: np.ndarray


def powers(samples: np.ndarray) -> np.ndarray:
    """Return the power of windows (…, ``WINDOW``) in each band."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(WINDOW))) ** 2
    frequencies = np.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE)
    places = np.searchsorted(frequencies, EDGES)
    return np.add.reduceat(spectrum, places, axis=-1)[..., :-1]


def read_groups(data: Path, name: str) -> Iterator[Group]:
    """Yield the groups of one recording that are large enough."""
    track = OnsetTrack.read(data / "times" / f"{name}_times.txt")
    sound = read_audio(data / "videos" / f"{name}_mic.mp4", sample_rate=SAMPLE_RATE, mono=True)
    noise = noise_of(sound)
    members: dict[str, list[Spectrum]] = defaultdict(list)
    for hit in cut_hits(sound, track, name):
        samples = np.zeros(WINDOW)
        samples[: min(WINDOW, len(hit.samples))] = hit.samples[:WINDOW]
        found = powers(samples)
        clear = np.where(found > ABOVE * noise, found - noise, np.nan)
        level = 10 * np.log10(np.nansum(clear) or np.nan)
        members[hit.label].append(Spectrum(level, 10 * np.log10(clear)))
    for spectra in members.values():
        whole = [each for each in spectra if np.isfinite(each.bands).all()]
        if len(whole) >= FEWEST:
            levels = np.array([each.level for each in whole])
            bands = np.array([each.bands for each in whole])
            yield Group(name, levels - levels.mean(), bands - bands.mean(axis=0))


def noise_of(sound: Waveform) -> np.ndarray:
    """Return the power of each band in a recording's quietest windows."""
    samples = sound.samples[0].numpy()
    windows = samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return np.percentile(powers(windows), QUIET, axis=0)


def slopes(groups: list[Group]) -> np.ndarray:
    """Return the least-squares slope of each band over the level."""
    levels = np.concatenate([group.levels for group in groups])
    bands = np.concatenate([group.bands for group in groups])
    return levels @ bands / (levels @ levels)


def drawn_slopes(groups: list[Group]) -> np.ndarray:
    """Return the slopes of random draws of as many recordings, (draw, band)."""
    by_recording: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_recording[group.recording].append(group)
    names, rng = sorted(by_recording), np.random.default_rng(0)
    draws = (rng.choice(names, len(names)) for _ in range(DRAWS))
    return np.array([slopes([g for name in draw for g in by_recording[name]]) for draw in draws])


def struck_slopes() -> np.ndarray:
    """Return what a strength does to each band, in dB for each dB."""
    impulse = Take(torch.eye(1, WINDOW).roll(WINDOW // 2), 0, "")
    softer, plain = (powers(t.samples[0].numpy()) for t in (struck(impulse, SOFTER), impulse))
    return 10 * np.log10(softer / plain) / (20 * np.log10(SOFTER))


def nearest_shelf(found: np.ndarray, widths: np.ndarray) -> tuple[int, float]:
    """Return the frequency of the nearest shelf, and its dB for each dB of level."""
    fits = []
    for hertz in SHELVES:
        impulse = torch.eye(1, WINDOW, dtype=torch.float64).roll(WINDOW // 2) / 4
        shelf = bass_biquad(impulse, SAMPLE_RATE, 6.0, hertz, 0.5**0.5)
        ratio = powers(shelf[0].numpy()) / powers(impulse[0].numpy())
        part = 10 * np.log10(ratio) / 6 / widths
        rest = (found - 1) / widths
        depth = part @ rest / (part @ part)
        fits.append((((rest - depth * part) ** 2).sum(), hertz, depth))
    return min(fits)[1:]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="videos/, times/, split lists")
    parser.add_argument("--splits", nargs="+", default=["train", "val"])
    options = parser.parse_args()
    names = [n for s in options.splits for n in (options.data / f"{s}.txt").read_text().split()]
    groups = [group for name in names for group in read_groups(options.data, name)]
    levels = np.concatenate([group.levels for group in groups])
    n_recordings = len({group.recording for group in groups})
    print(f"{len(levels)} hits, {len(groups)} groups of {n_recordings} recordings")
    print(
        f"level within a group: standard deviation {levels.std():.1f} dB, "
        f"{levels.min():.1f} to {levels.max():.1f} dB from its mean"
    )
    found, drawn = slopes(groups), np.percentile(drawn_slopes(groups), [2.5, 97.5], axis=0)
    rows = zip(EDGES, EDGES[1:], found, *drawn, struck_slopes(), strict=False)
    for low, high, slope, least, most, ours in rows:
        print(f"{low:>6} to {high:>5} Hz {slope:6.2f} dB/dB [{least:.2f}, {most:.2f}] {ours:6.2f}")
    hertz, depth = nearest_shelf(found, drawn[1] - drawn[0])
    print(f"nearest low shelf: {depth:.2f} dB/dB below {hertz} Hz")


if __name__ == "__main__":
    main()
