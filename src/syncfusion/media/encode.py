"""Encoding frames and sound to a new file."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from jaxtyping import Float, UInt8
from torch import Tensor

from syncfusion.media.atomic import temporary_sibling
from syncfusion.media.outputs import MP4_OPTIONS

BIT_RATE = 128_000  # bits per second of AAC, mono
BLOCK = 2**14  # samples encoded at once
LARGEST_DENOMINATOR = 1001  # of a frame rate: 30000/1001


@contextmanager
def new_mp4(path: str | Path) -> Iterator[OutputContainer]:
    """Open an mp4 to write; it gets its name when it is whole."""
    with (
        temporary_sibling(path) as temporary,
        av.open(str(temporary), "w", format="mp4", container_options=MP4_OPTIONS) as container,
    ):
        yield container


def encode_video(
    frames: Iterable[UInt8[np.ndarray, "height width 3"]],
    fps: float,
    sound: Float[Tensor, "1 time"] | None,
    sample_rate: int,
    path: str | Path,
    *,
    quality: float = 21.0,
) -> None:
    """Write an mp4 with H.264 pictures and AAC sound; the same input gives the same bytes.

    Args:
        frames: RGB, all of the same even size; consumed one at a time.
        fps: frames per second.
        sound: -1 to 1; None for a file without a sound stream.
        sample_rate: of the sound in Hz.
        path: the file, written atomically.
        quality: x264's constant rate factor; lower means better and larger.

    Raises:
        ValueError: if there is no frame.
    """
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise ValueError("a video needs at least one frame")
    with new_mp4(path) as container:
        streams = [_encoded_pictures(container, first, frames, fps, quality)]
        if sound is not None:
            streams.append(_encoded_sound(container, sound, sample_rate))
        container.start_encoding()
        for packet in heapq.merge(*streams, key=_decoding_time):
            container.mux(packet)


def encode_sound(sound: Float[Tensor, "1 time"], sample_rate: int, path: str | Path) -> None:
    """Write an m4a with AAC sound of -1 to 1; the same input gives the same bytes."""
    with new_mp4(path) as container:
        packets = _encoded_sound(container, sound, sample_rate)
        container.start_encoding()
        for packet in packets:
            container.mux(packet)


def _encoded_pictures(
    container: OutputContainer,
    first: UInt8[np.ndarray, "height width 3"],
    rest: Iterator[UInt8[np.ndarray, "height width 3"]],
    fps: float,
    quality: float,
) -> Iterator[av.Packet]:
    """Add a video stream; return its packets."""
    options = {"crf": f"{quality:g}", "preset": "veryfast", "threads": "1"}
    rate = Fraction(fps).limit_denominator(LARGEST_DENOMINATOR)
    stream = container.add_stream("libx264", rate, options=options)
    stream.height, stream.width = first.shape[:2]
    stream.pix_fmt = "yuv420p"

    def encoded() -> Iterator[av.Packet]:
        yield from stream.encode(av.VideoFrame.from_ndarray(first))
        for frame in rest:
            yield from stream.encode(av.VideoFrame.from_ndarray(frame))
        yield from stream.encode(None)

    return encoded()


def _encoded_sound(
    container: OutputContainer, sound: Float[Tensor, "1 time"], sample_rate: int
) -> Iterator[av.Packet]:
    """Add a sound stream; return its packets."""
    stream = container.add_stream("aac", sample_rate, layout="mono", bit_rate=BIT_RATE)
    samples = sound.detach().cpu().float().contiguous().numpy()

    def encoded() -> Iterator[av.Packet]:
        for begin in range(0, samples.shape[1], BLOCK):
            block = np.ascontiguousarray(samples[:, begin : begin + BLOCK])
            frame = av.AudioFrame.from_ndarray(block, "fltp", "mono")
            frame.sample_rate = sample_rate
            frame.pts, frame.time_base = begin, Fraction(1, sample_rate)
            yield from stream.encode(frame)
        yield from stream.encode(None)

    return encoded()


def _decoding_time(packet: av.Packet) -> float:
    time = packet.pts if packet.dts is None else packet.dts
    return float((time or 0) * packet.time_base)
