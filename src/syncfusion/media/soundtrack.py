"""The sound of a video as a wav with its peaks, in constant memory."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import soxr
import torch
from jaxtyping import Float32, Int8

from syncfusion.constants import SAMPLE_RATE
from syncfusion.media.audio import Placement
from syncfusion.media.clock import Clock
from syncfusion.media.container import decoded, find_audio_stream, open_container
from syncfusion.media.peaks import SAMPLES_PER_PEAK, sound_peaks
from syncfusion.media.probing import VideoInfo
from syncfusion.media.wav import WavWriter
from syncfusion.progress import Progress, ignore
from syncfusion.timing import sample_index

Mono = Float32[np.ndarray, " time"]


def write_soundtrack(
    video: VideoInfo, path: Path, progress: Progress = ignore
) -> Int8[np.ndarray, "peak 2"] | None:
    """Write a video's sound from its first picture on as mono wav of 48 kHz and 16 bits.

    Args:
        video: from ``probe``.
        path: the file, as long as the pictures.
        progress: called with ("Reading the sound", seconds done, seconds in all).

    Returns:
        Its peaks, see ``peaks.sound_peaks``; None where there is no sound that can be decoded, and
        then no file.

    Raises:
        InputError: if the video cannot be read, or the file not be written.
    """
    blocks = _whole_peaks(_mono(video), sample_index(video.duration, SAMPLE_RATE))
    first = next(blocks, None)
    if first is None:
        return None
    found, n_samples = [], 0
    with WavWriter(path, sample_rate=SAMPLE_RATE, subtype="PCM_16") as writer:
        while first is not None:
            writer.write(torch.from_numpy(first)[None])
            found.append(sound_peaks(first))
            n_samples += len(first)
            seconds = min(n_samples // SAMPLE_RATE, int(video.duration))
            progress("Reading the sound", seconds, int(video.duration))
            first = next(blocks, None)
    return np.concatenate(found)


def _mono(video: VideoInfo) -> Iterator[Mono]:
    """Yield the mean of the channels at 48 kHz, in blocks of any length."""
    with open_container(video.path) as container:
        stream = find_audio_stream(container)
        if stream is None:
            return
        placed = Placement(video.clock(container).origin_seconds, stream.rate)
        resampled = soxr.ResampleStream(stream.rate, SAMPLE_RATE, 1, dtype="float32")
        has_sound = False
        for frame in decoded(container, Clock(stream)):
            if isinstance(frame, av.AudioFrame):
                has_sound = True
                yield resampled.resample_chunk(placed(frame).mean(axis=0))
        if has_sound:
            yield resampled.resample_chunk(np.zeros(0, np.float32), last=True)


def _whole_peaks(blocks: Iterator[Mono], n_samples: int) -> Iterator[Mono]:
    """Yield blocks of whole peaks, ``n_samples`` in all: cut, or followed by silence."""
    held, n_held, n_left, is_empty = [], 0, n_samples, True
    for block in blocks:
        is_empty = False
        held.append(block[: n_left - n_held])
        n_held += len(held[-1])
        if n_held >= SAMPLE_RATE:
            joined = np.concatenate(held)
            end = len(joined) // SAMPLES_PER_PEAK * SAMPLES_PER_PEAK
            yield joined[:end]
            held, n_held, n_left = [joined[end:]], len(joined) - end, n_left - end
    while not is_empty and n_left > 0:
        size = min(n_left, SAMPLE_RATE // SAMPLES_PER_PEAK * SAMPLES_PER_PEAK)
        joined = np.concatenate([*held, np.zeros(max(0, size - n_held), np.float32)])
        yield joined[:size]
        held, n_held, n_left = [joined[size:]], len(joined) - size, n_left - size
