"""Turning decoded pictures into frames: orientation, size and colours."""

from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from jaxtyping import UInt8

from syncfusion.media.orientation import Orientation

Steps = tuple[tuple[str, str], ...]  # FFmpeg filters (name, arguments) in order


class Filter:
    """Applies a chain of FFmpeg filters to pictures; it is built anew when their format changes.

    Args:
        last: filters after the picture is oriented.
        size: width and height of the displayed result; None for the picture's.
    """

    def __init__(self, last: Steps, size: tuple[int, int] | None = None) -> None:
        self._last, self._size = last, size
        self._format: tuple = ()
        self._graph = Graph()

    def __call__(self, picture: av.VideoFrame) -> av.VideoFrame:
        """Return the filtered picture, oriented as it is displayed."""
        kind = (picture.width, picture.height, picture.format.name)
        kind += (int(picture.colorspace), int(picture.color_range))
        if kind != self._format:
            self._graph, self._format = self._build(picture), kind
        self._graph.vpush(picture)
        return self._graph.vpull()

    def _build(self, picture: av.VideoFrame) -> Graph:
        turned = Orientation.of(picture)
        steps = turned.filters + self._last
        if self._size is not None:
            width, height = reversed(self._size) if turned.is_transposed else self._size
            steps = (("scale", f"{width}:{height}"), *steps)
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
        chain = [graph.add(name, arguments) for name, arguments in steps]
        graph.link_nodes(source, *chain, graph.add("buffersink")).configure()
        return graph


class Scaler:
    """Turns pictures into RGB frames of one size.

    Args:
        size: width and height of the frames.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        # scaling to yuv first: swscale scales to rgb24 at half the speed, and no better
        self._filter = Filter((("format", "yuv422p"), ("scale", ""), ("format", "rgb24")), size)

    def __call__(self, picture: av.VideoFrame) -> UInt8[np.ndarray, "height width 3"]:
        """Return the displayed picture as RGB."""
        return self._filter(picture).to_ndarray()
