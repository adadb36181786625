"""Small odd videos, made on the spot.

Picture i is grey of brightness ``STEP * i``, so that a decoded frame tells which picture it is.
"""

import itertools
import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

STEP = 5
CLOCK = Fraction(1, 60_000)  # seconds; MPEG-4 part 2 allows no finer one than 1/65535


def regular(fps: float, n_pictures: int, start: float = 0.0) -> list[float]:
    """Times in seconds at which pictures of a steady rate appear."""
    return [start + index / fps for index in range(n_pictures)]


def make_video(
    path: Path,
    times: Sequence[float],
    *,
    size: tuple[int, int] = (64, 48),
    codec: str = "libx264",
    pixels: str = "yuv420p",
    matrix: Sequence[int] | None = None,
    corner: bool = False,
    b_frames: int = 0,
    sound: np.ndarray | None = None,
    sound_start: float = 0.0,
    sound_rate: int = 48_000,
    options: dict[str, str] | None = None,
    clock: Fraction = CLOCK,
) -> Path:
    """Write a video whose pictures appear at ``times``; the last one lasts like the one before.

    ``corner`` brightens the top left of the stored picture; ``sound`` is mono, or (2, time);
    ``clock`` is the encoder's, in seconds.
    """
    with av.open(str(path), "w", container_options=options or {}) as target:
        *_, last, end = _with_end(times) or (0.0, 0.04)
        rate = (1 / Fraction(end - last)).limit_denominator(1001)
        video = target.add_stream(codec, rate=rate, time_base=clock)
        video.width, video.height, video.pix_fmt = *size, pixels
        video.codec_context.max_b_frames, video.codec_context.gop_size = b_frames, 8
        video.set_display_matrix(matrix)
        if codec == "libx264":
            video.options = {"preset": "veryfast", "qp": "0"}
        if sound is not None:
            _mux_sound(target, np.atleast_2d(sound), sound_start, sound_rate)
        target.start_encoding()
        for index, (time, following) in enumerate(itertools.pairwise(_with_end(times))):
            frame = _picture(index, size, corner)
            frame.pts, frame.time_base = round(time / clock), clock
            frame.duration = round((following - time) / clock)
            target.mux(video.encode(frame))
        target.mux(video.encode())
    return path


def write_pictures(path: Path, pictures, times: Sequence[float], *, crf: int = 18) -> Path:
    """Write RGB pictures (number, height, width, 3) that appear at given times.

    A lower ``crf`` of x264 loses less of them.
    """
    with av.open(str(path), "w") as target:
        video = target.add_stream("libx264", rate=30, time_base=CLOCK)
        video.height, video.width = pictures.shape[1:3]
        video.pix_fmt, video.options = "yuv420p", {"preset": "veryfast", "crf": str(crf)}
        for picture, (time, following) in zip(
            pictures, itertools.pairwise(_with_end(times)), strict=True
        ):
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), "rgb24")
            frame.pts, frame.time_base = round(time / CLOCK), CLOCK
            frame.duration = round((following - time) / CLOCK)
            target.mux(video.encode(frame))
        target.mux(video.encode())
    return path


def make_joined(path: Path, parts: Sequence[Path]) -> Path:
    """Join files byte by byte, as cameras and ``cat`` do: each part's clock starts anew."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def trim(path: Path, *, begin: float, seconds: float) -> Path:
    """Change an mp4's edit list so that it plays a part, as phones trim: pictures stay stored."""
    content = bytearray(path.read_bytes())
    entry = content.index(b"elst") + 12  # the first entry: duration in ms, beginning in ticks
    content[entry : entry + 8] = struct.pack(">Ii", round(1000 * seconds), round(begin / CLOCK))
    path.write_bytes(content)
    return path


def make_with_thumbnail(path: Path, times: Sequence[float]) -> Path:
    """Write a video whose first stream is one large JPEG, not marked as a cover."""
    with av.open(str(path), "w") as target:
        thumbnail = target.add_stream("mjpeg", rate=1, time_base=CLOCK)
        thumbnail.width, thumbnail.height, thumbnail.pix_fmt = 96, 96, "yuvj420p"
        video = target.add_stream("libx264", rate=25, time_base=CLOCK)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.options = {"preset": "veryfast", "qp": "0"}
        target.start_encoding()
        cover = _picture(40, (96, 96), corner=False)
        cover.pts, cover.time_base = 0, CLOCK
        target.mux(thumbnail.encode(cover))
        target.mux(thumbnail.encode())
        for index, time in enumerate(times):
            frame = _picture(index, (64, 48), corner=False)
            frame.pts, frame.time_base = round(time / CLOCK), CLOCK
            target.mux(video.encode(frame))
        target.mux(video.encode())
    return path


def shown(frames) -> list[int]:
    """Which picture each decoded frame shows."""
    bright = frames[:, frames.shape[1] // 2, frames.shape[2] // 2].float().mean(-1)
    return (bright / STEP).round().int().tolist()


def _with_end(times: Sequence[float]) -> list[float]:
    last = times[-1] - times[-2] if len(times) > 1 else 0.04
    return [*times, times[-1] + last] if times else []


def _picture(index: int, size: tuple[int, int], corner: bool) -> av.VideoFrame:
    width, height = size
    pixels = np.full((height, width, 3), min(STEP * index, 255), np.uint8)
    if corner:
        pixels[: height // 4, : width // 4] = 255
    return av.VideoFrame.from_ndarray(pixels, "rgb24")


def _mux_sound(target, sound: np.ndarray, start: float, rate: int) -> None:
    codec = "pcm_s16le" if target.format.name in ("mov", "matroska") else "aac"
    layout = "mono" if len(sound) == 1 else "stereo"
    stream = target.add_stream(codec, rate, layout=layout)
    frame = av.AudioFrame.from_ndarray(sound.astype(np.float32), "fltp", layout)
    frame.sample_rate, frame.pts = rate, round(start * rate)
    frame.time_base = Fraction(1, rate)
    target.mux(stream.encode(frame))
    target.mux(stream.encode())
