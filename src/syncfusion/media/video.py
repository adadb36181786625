"""Reading video: what it is, and its pictures at a steady rate."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import torch
from av.container import InputContainer
from av.filter import Graph
from jaxtyping import UInt8
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.media.container import (
    check_whole,
    decoded,
    open_container,
    packets,
    start_time,
    video_stream,
)
from syncfusion.media.orientation import Orientation
from syncfusion.timing import frame_count

FrameBatch = UInt8[Tensor, "frame height width 3"]
TimedPicture = tuple[av.VideoFrame, float]  # as decoded, and the second it appears

DEFAULT_RATE = Fraction(25)  # pictures per second of a file that does not say
CLOCK_TOLERANCE = 1e-3  # seconds; Matroska rounds its times to milliseconds


@dataclass(frozen=True)
class VideoInfo:
    """What a video file holds.

    Args:
        path: the file.
        duration: seconds from the first picture's beginning to the last one's end.
        fps: pictures per second, averaged over the video.
        width: pixels, as shown.
        height: pixels, as shown.
        rotation: degrees, clockwise, from the stored to the shown picture: 0, 90, 180 or 270.
        n_frames: pictures in the file.
        has_audio: whether there is a sound stream.
    """

    path: Path
    duration: float
    fps: float
    width: int
    height: int
    rotation: int
    n_frames: int
    has_audio: bool


def probe(video: str | Path | VideoInfo) -> VideoInfo:
    """Look through a video's packets and at its first picture; a probed one is returned unread.

    A file that is missing, no video, or without a picture that can be decoded is an InputError.
    """
    if isinstance(video, VideoInfo):
        return video
    path = Path(video)
    with open_container(path) as container:
        stream = video_stream(container)
        check_whole(container, stream)
        duration, n_frames = _extent(container, stream)
        has_audio = bool(container.streams.audio)
    frame = _first_picture(path)
    turned = Orientation.of(frame)
    size = (frame.height, frame.width) if turned.is_transposed else (frame.width, frame.height)
    fps = n_frames / duration
    return VideoInfo(path, duration, fps, *size, turned.rotation, n_frames, has_audio)


def read_orientation(path: str | Path) -> Orientation:
    """Return how a video's pictures are turned to be shown; fails where ``probe`` does."""
    return Orientation.of(_first_picture(path))


def read_frames(
    video: str | Path | VideoInfo, *, fps: float, width: int, height: int, batch: int = 64
) -> Iterator[FrameBatch]:
    """Read a video once from beginning to end, at a steady rate, in constant memory.

    Args:
        video: the file, or what ``probe`` returned for it, which spares another pass over it.
        fps: frames per second wanted. Frame k is the picture on screen ``k / fps`` seconds after
            the video's beginning, whatever the video's own rate, constant or not.
        width: pixels of the frames wanted; the shown (turned) picture is scaled to it.
        height: likewise.
        batch: frames per tensor; the last one may hold fewer.

    Returns:
        Tensors of RGB frames, ``frame_count(duration, fps)`` frames in all. Damaged pictures are
        left out: the one before stays on screen.

    Raises:
        InputError: if the file is missing, no video, or holds no picture that can be decoded.
    """
    if fps <= 0 or min(width, height, batch) < 1:
        raise ValueError(f"no frames of {width}x{height} at {fps} fps in batches of {batch}")
    info = probe(video)
    n_frames = frame_count(info.duration, fps)
    return _batches(info.path, fps, (width, height), n_frames, batch)


def _batches(
    path: str | Path, fps: float, size: tuple[int, int], n_frames: int, batch: int
) -> Iterator[FrameBatch]:
    frames: list[np.ndarray] = []
    scaler = Scaler(size)
    for picture, n_repeats in schedule(_timed(path), fps, n_frames):
        pixels = scaler(picture)
        for _ in range(n_repeats):
            frames.append(pixels)
            if len(frames) == batch:
                yield torch.from_numpy(np.stack(frames))
                frames.clear()
    if frames:
        yield torch.from_numpy(np.stack(frames))


def schedule(
    pictures: Iterable[TimedPicture], fps: float, n_frames: int
) -> Iterator[tuple[av.VideoFrame, int]]:
    """Yield each picture that is on screen at a wanted time, and at how many of them."""
    shown, n_done = None, 0
    for picture, time in pictures:
        n_before = min(n_frames, math.ceil((time - CLOCK_TOLERANCE) * fps))
        if shown and n_before > n_done:
            yield shown, n_before - n_done
            n_done = n_before
        if n_done == n_frames:
            return
        shown = picture
    if shown:
        yield shown, n_frames - n_done


def _timed(path: str | Path) -> Iterator[TimedPicture]:
    with open_container(path) as container:
        stream = video_stream(container)
        stream.thread_type = "AUTO"
        yield from timed(decoded(container, stream), stream)


def timed(pictures: Iterable[av.VideoFrame], stream: av.VideoStream) -> Iterator[TimedPicture]:
    """Yield a stream's pictures and the seconds at which they appear, from its beginning."""
    start, time = start_time(stream), 0.0
    period = 1 / (stream.average_rate or DEFAULT_RATE)
    for picture in pictures:
        time = time + period if picture.time is None else picture.time - start
        yield picture, time


class Scaler:
    """Turns and scales pictures; its filter graph is built anew when their format changes.

    Args:
        size: width and height of the frames it returns.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._format: tuple = ()
        self._graph = Graph()

    def __call__(self, picture: av.VideoFrame) -> UInt8[np.ndarray, "height width 3"]:
        """Return a picture as it is shown, RGB."""
        kind = (picture.width, picture.height, picture.format.name)
        kind += (int(picture.colorspace), int(picture.color_range))
        if kind != self._format:
            self._graph, self._format = _scaling_graph(picture, self._size), kind
        self._graph.vpush(picture)
        return self._graph.vpull().to_ndarray()


def _scaling_graph(picture: av.VideoFrame, size: tuple[int, int]) -> Graph:
    turned = Orientation.of(picture)
    width, height = reversed(size) if turned.is_transposed else size
    graph = Graph()
    graph.threads = 1  # a picture is too small to be shared among cores
    source = graph.add(
        "buffer",
        video_size=f"{picture.width}x{picture.height}",
        pix_fmt=picture.format.name,
        time_base=str(picture.time_base or Fraction(1, 1000)),
        colorspace=str(int(picture.colorspace)),
        range=str(int(picture.color_range)),
    )
    # scaling to yuv first: swscale scales to rgb24 at half the speed, and no better
    to_rgb = (("format", "yuv422p"), ("scale", ""), ("format", "rgb24"))
    steps = (("scale", f"{width}:{height}"), *turned.filters, *to_rgb)
    chain = [graph.add(name, arguments) for name, arguments in steps]
    graph.link_nodes(source, *chain, graph.add("buffersink")).configure()
    return graph


def _first_picture(path: str | Path) -> av.VideoFrame:
    picture = next((picture for picture, _ in _timed(path)), None)
    if picture is None:
        raise InputError(f"{path} has no picture that can be decoded; export or copy it again")
    return picture


def _extent(container: InputContainer, stream: av.VideoStream) -> tuple[float, int]:
    """Return duration in seconds and number of pictures, as the packets have it.

    Headers are not believed: Matroska and cut-off files have none or wrong ones.
    """
    start, end, n_frames = start_time(stream), 0.0, 0
    period = 1 / float(stream.average_rate or DEFAULT_RATE)
    for packet in packets(container, stream):
        if packet.is_discard:
            continue
        n_frames += 1
        time = packet.pts if packet.pts is not None else packet.dts
        length = float((packet.duration or 0) * packet.time_base) or period
        begin = end if time is None else float(time * packet.time_base) - start
        end = max(end, begin + length)
    return end, n_frames
