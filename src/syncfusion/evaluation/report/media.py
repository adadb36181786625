"""Media of a sound for the page: a small video, a waveform, a spectrogram."""

import hashlib
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional

from syncfusion.errors import InputError
from syncfusion.evaluation.picture import FLOOR_DB, mel_spectrogram
from syncfusion.evaluation.results import ClipResult
from syncfusion.media import (
    VideoInfo,
    Waveform,
    encode_sound,
    encode_video,
    mux,
    probe,
    read_audio,
    read_frames,
    temporary_sibling,
    write_wav,
)
from syncfusion.timing import sample_index

VIDEO_WIDTH = 320  # pixels; enough to recognise a hit
VIDEO_RATE = 30.0  # upper limit, frames per second
VIDEO_QUALITY = 30.0  # x264's constant rate factor
SOUND_BIT_RATE = 96_000  # bits per second
PICTURE_COLUMNS = 960  # of the spectrogram
PICTURE_QUALITY = 80  # WebP's
WAVE_COLUMNS = 600
WAVE_HEIGHT = 100  # units from -1 to 1 of the waveform's path
SHORTEST = 0.1  # minimal duration of a picture, seconds


class Preview(NamedTuple):
    """Pictures and player of one sound.

    Args:
        seconds: duration of the picture.
        wave: SVG path of the waveform, ``WAVE_COLUMNS`` wide; "" without a sound.
        peak: largest absolute sample, 1 at full scale.
        highest_hz: upper edge of the spectrogram.
        spectrogram: picture of the spectrogram.
        player: mp4 or m4a file.
        trouble: a sentence about what cannot be shown; "" if everything can.
    """

    seconds: float
    wave: str = ""
    peak: float = 0.0
    highest_hz: int = 0
    spectrogram: Path | None = None
    player: Path | None = None
    trouble: str = ""

    @property
    def has_video(self) -> bool:
        """Whether the player shows a video."""
        return self.player is not None and self.player.suffix == ".mp4"


def preview(clip: ClipResult, folder: Path, *, name: str) -> Preview:
    """Draw a sound, and combine it with a small copy of its video.

    Args:
        clip: clip to show; a file that cannot be read is reported in ``trouble``.
        folder: folder for the files; small silent videos in it are reused.
        name: stem of the files.

    Returns:
        The pictures and the player.
    """
    last = max((*clip.reference.times, *clip.estimate.times, SHORTEST))
    try:
        sound = _at_least(read_audio(clip.sound, mono=True), last)
    except InputError as error:
        return Preview(seconds=last, trouble=str(error))
    peak = float(sound.samples.abs().max())
    spectrogram = folder / f"{name}.webp"
    _draw_spectrogram(mel_spectrogram(sound), spectrogram)
    shown = Preview(sound.duration, wave_path(sound), peak, sound.sample_rate // 2, spectrogram)
    try:
        return shown._replace(player=_player(clip.video, sound, folder / name))
    except InputError as error:
        player = _player(None, sound, folder / name)
        return shown._replace(player=player, trouble=str(error))


def wave_path(sound: Waveform) -> str:
    """Return the outline of a sound as an SVG path, scaled to its largest sample."""
    samples = sound.mono().samples / sound.samples.abs().max().clamp_min(1e-6)
    high = functional.adaptive_max_pool1d(samples, WAVE_COLUMNS)[0]
    low = -functional.adaptive_max_pool1d(-samples, WAVE_COLUMNS)[0]
    upper = [f"{column},{_height(value)}" for column, value in enumerate(high.tolist())]
    lower = [f"{column},{_height(value)}" for column, value in enumerate(low.tolist())]
    return f"M{' '.join(upper + lower[::-1])}Z"


def _height(value: float) -> int:
    return round(WAVE_HEIGHT * (1 - value) / 2)


def _at_least(sound: Waveform, seconds: float) -> Waveform:
    """Pad a sound so that it includes a time."""
    missing = sample_index(seconds, sound.sample_rate) + 1 - sound.samples.shape[1]
    return Waveform(functional.pad(sound.samples, (0, max(0, missing))), sound.sample_rate)


def _draw_spectrogram(decibels: Float[Tensor, "band column"], path: Path) -> None:
    from matplotlib import colormaps
    from PIL import Image

    columns = functional.adaptive_max_pool1d(decibels, PICTURE_COLUMNS).flip(0)
    pixels = colormaps["magma"]((1 - columns / FLOOR_DB).numpy(), bytes=True)
    with temporary_sibling(path) as temporary:
        Image.fromarray(np.ascontiguousarray(pixels[..., :3])).save(
            temporary, quality=PICTURE_QUALITY
        )


def _player(video: Path | None, sound: Waveform, stem: Path) -> Path:
    """Write a file that plays a sound, with a small copy of its video if there is one."""
    if video is None:
        player = stem.with_name(f"{stem.name}.m4a")
        encode_sound(sound.samples, sound.sample_rate, player)
        return player
    small, player = _small_video(video, sound.duration, stem.parent), f"{stem.name}.mp4"
    wav = stem.with_name(f"{stem.name}.wav")
    write_wav(sound, wav)
    mux(small, wav, stem.with_name(player), bit_rate=SOUND_BIT_RATE)
    wav.unlink()
    return stem.with_name(player)


def _small_video(video: Path, seconds: float, folder: Path) -> Path:
    """Write the beginning of a video, small and silent; it is shared by all systems."""
    key = hashlib.sha256(f"{video.absolute()} {seconds:.2f}".encode()).hexdigest()[:16]
    small = folder / f"silent-{key}.mp4"
    if not small.exists():
        info = probe(video)
        fps = min(info.fps, VIDEO_RATE)
        frames = _frames(info, fps, math.ceil(seconds * fps))
        encode_video(frames, fps, None, 1, small, quality=VIDEO_QUALITY)
    return small


def _frames(
    video: VideoInfo, fps: float, n_frames: int
) -> Iterator[UInt8[np.ndarray, "height width 3"]]:
    """Yield a video's first frames; a shorter video repeats its last frame."""
    width = min(VIDEO_WIDTH, video.width) // 2 * 2
    height = max(2, round(width * video.height / video.width / 2) * 2)
    batches = read_frames(video.path, fps=fps, width=width, height=height)
    frame, n_done = torch.empty(0), 0
    for frame in itertools.islice(itertools.chain.from_iterable(batches), n_frames):
        n_done += 1
        yield frame.numpy()
    yield from itertools.repeat(frame.numpy(), n_frames - n_done)
