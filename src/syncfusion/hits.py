"""Hits: single sounds, cut out of an annotated recording and aligned to their attack.

Annotations of Greatest Hits are times of video frames, so they are up to 1/15 s off. The attack is
the steepest rise of the sound within that distance.
"""

import itertools
import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.constants import FRAME_RATE
from syncfusion.media import Waveform, block_rms, decay_end
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack

HOP_SECONDS = 0.001  # resolution of the attack search
SEARCH_SECONDS = 1.25 / FRAME_RATE  # an annotation is at most about a frame off
LEAD_SECONDS = 0.004  # kept before the attack, so that it is not clipped
MAX_SECONDS = 2.0  # longest tail kept
MIN_SECONDS = 0.06  # anything shorter holds no decay to learn from
FADE_IN_SECONDS, FADE_OUT_SECONDS = 0.002, 0.03
NOISE_FFT, NOISE_FACTOR, NOISE_GAIN = 1024, 3.0, 0.02  # spectral gate against steady noise
ATTACK_HOPS, STROKE_HOPS = 5, 25  # hops whose means are compared: for an attack, for a new stroke
STROKE_RISE, STROKE_SECONDS = 2.3, 0.1  # a rise by 10 dB after 0.1 s is another stroke
SILENCE_RATIO = 0.015  # a tail ends where it stays 36 dB under the hit's loudest 10 ms …
QUIET_BLOCKS = 6  # … for 60 ms


class Hit(NamedTuple):
    """One sound of a recording; its attack is ``LEAD_SECONDS`` after its first sample."""

    samples: Float[Tensor, " time"]
    label: str
    source: str  # the recording it comes from


def attack_times(
    samples: Float[Tensor, " time"], sample_rate: int, times: Float[Tensor, " onset"]
) -> Float[Tensor, " onset"]:
    """Move each annotated time (s) to the steepest rise of loudness near it.

    The rise is the difference between the means of the 5 ms after and before.
    """
    rise = _rise(_loudness(samples, sample_rate), ATTACK_HOPS)
    moved = []
    for time in times.tolist():
        first = max(0, round((time - SEARCH_SECONDS) / HOP_SECONDS))
        window = rise[first : round((time + SEARCH_SECONDS) / HOP_SECONDS) + 1]
        moved.append((first + int(window.argmax())) * HOP_SECONDS if len(window) else time)
    return torch.tensor(moved)


def _loudness(samples: Float[Tensor, " time"], sample_rate: int) -> Float[Tensor, " hop"]:
    """Return the log energy of the high-passed sound (first difference) in 1 ms hops."""
    hop = round(HOP_SECONDS * sample_rate)
    energy = samples.diff(prepend=samples[:1]).square()
    return functional.avg_pool1d(energy[None], hop, hop)[0].add(1e-9).log()


def _rise(loudness: Float[Tensor, " hop"], width: int) -> Float[Tensor, " hop"]:
    """Return the mean of the next ``width`` hops minus the mean of the last ``width``."""
    padded = functional.pad(loudness[None], (width, width - 1), mode="replicate")
    means = functional.avg_pool1d(padded, width, 1)[0]
    return means[width:] - means[:-width]


def cut_hits(
    waveform: Waveform, track: OnsetTrack, source: str, *, silence_ratio: float = SILENCE_RATIO
) -> list[Hit]:
    """Cut every onset of a recording from its attack to shortly before the next one.

    Args:
        waveform: the recording; channels are averaged.
        track: its annotated onsets.
        source: name of the recording, kept with each hit.
        silence_ratio: RMS, relative to that of a hit's loudest 10 ms, where its tail ends for good;
            it ends sooner where it reaches the recording's noise.

    Returns:
        The hits in order of time, denoised and faded at both ends. Hits are left out that are
        shorter than 60 ms, silent, or hardly louder than the recording's steady noise.
    """
    samples, rate = reduce_noise(waveform.mono().samples[0]), waveform.sample_rate
    noise = float(block_rms(samples, rate).quantile(0.2)) if len(samples) >= rate else 0.0
    attacks = attack_times(samples, rate, torch.tensor(track.times)).tolist()
    order = sorted(zip(attacks, track.labels, strict=True))
    hits = []
    for (start, label), (end, _) in itertools.pairwise([*order, (math.inf, "")]):
        first = max(0, sample_index(start - LEAD_SECONDS, rate))
        last = max(first, sample_index(min(end - 2 * LEAD_SECONDS, start + MAX_SECONDS), rate))
        piece = samples[first:last]
        piece = piece[: stroke_end(piece, rate)]
        decayed = {"ratio": silence_ratio, "noise": noise, "quiet": QUIET_BLOCKS}
        piece = piece[: decay_end(piece, rate, **decayed)]
        if len(piece) >= MIN_SECONDS * rate and piece.abs().max() > 0:
            hits.append(Hit(_faded(piece, rate), label, source))
    return hits


def reduce_noise(samples: Float[Tensor, " time"]) -> Float[Tensor, " time"]:
    """Attenuate steady noise: a spectral gate (Boll 1979) at the quiet third of each frequency."""
    if len(samples) < NOISE_FFT:
        return samples
    window = torch.hann_window(NOISE_FFT)
    spectrum = torch.stft(samples, NOISE_FFT, window=window, return_complex=True)
    power = functional.avg_pool1d(spectrum.abs().square()[None], 3, 1, 1)[0]
    noise = NOISE_FACTOR * power.quantile(0.3, dim=1, keepdim=True)
    gain = (1 - noise / power.clamp_min(1e-12)).clamp_min(NOISE_GAIN**2).sqrt()
    return torch.istft(spectrum * gain, NOISE_FFT, window=window, length=len(samples))


def stroke_end(samples: Float[Tensor, " time"], rate: int) -> int:
    """Return the first sample that belongs to another stroke: a rise by 10 dB after 0.1 s.

    Args:
        samples: a hit, beginning about at its attack.
        rate: Hz.

    Returns:
        A sample index, 10 ms before the rise is at its middle; the length if there is none.
    """
    if len(samples) < 2 * STROKE_SECONDS * rate:
        return len(samples)
    rise = _rise(_loudness(samples, rate), STROKE_HOPS)
    rise[: round(STROKE_SECONDS / HOP_SECONDS)] = 0
    again = (rise > STROKE_RISE).nonzero()
    return sample_index((int(again[0]) - 10) * HOP_SECONDS, rate) if len(again) else len(samples)


def _faded(samples: Float[Tensor, " time"], sample_rate: int) -> Float[Tensor, " time"]:
    fade_in = torch.linspace(0, 1, sample_index(FADE_IN_SECONDS, sample_rate))
    fade_out = torch.linspace(1, 0, sample_index(FADE_OUT_SECONDS, sample_rate))
    faded = samples.clone()
    faded[: len(fade_in)] *= fade_in
    faded[-len(fade_out) :] *= fade_out
    return faded
