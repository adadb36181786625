"""The sound of a video as a wav with its peaks, in constant memory."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Int8

from syncfusion.constants import SAMPLE_RATE
from syncfusion.media.isolation import answers
from syncfusion.media.peaks import SAMPLES_PER_PEAK, sound_peaks
from syncfusion.media.sounds import Mono, mono_sound
from syncfusion.media.video_info import VideoInfo
from syncfusion.media.wav import WavWriter
from syncfusion.progress import Progress, ignore
from syncfusion.timing import sample_index


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
    sound = (block for (block,) in answers(video.path, mono_sound, video))
    blocks = _whole_peaks(sound, sample_index(video.duration, SAMPLE_RATE))
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
