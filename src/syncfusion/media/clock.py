"""One clock: the times of a stream's packets, and so of its pictures, on one timeline.

Containers store times in several ways: not at all (raw H.264), from a new beginning where two
recordings were joined, guessed ones (AVI with B-frames), from a beginning other than 0. A ``Clock``
gives every packet its time; probing, decoding and muxing read packets through it and nothing else.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import av

Stream = TypeVar("Stream", av.VideoStream, av.AudioStream)

DEFAULT_RATE = Fraction(25)  # pictures per second of a file that stores none
RESTART = 0.5  # seconds; a clock that steps back by more starts anew
GAP = 10.0  # seconds; where restarts are usual, so does one that steps forward by more
RESTARTING = ("mpegts", "mpeg")  # formats whose recordings can be joined byte by byte


@dataclass(frozen=True)
class StreamOrigin:
    """Where the times of a video stream are counted from.

    Args:
        stream: index of the stream.
        ticks: presentation time of the first displayed picture, in units of the stream's
            time base; 0 for a stream without times.
        order: for a stream without presentation times, the place of each packet's picture among the
            displayed ones; empty for other streams.
    """

    stream: int
    ticks: int = 0
    order: tuple[int, ...] = ()


def period(stream: av.VideoStream) -> Fraction:
    """Return the usual length of a picture in seconds."""
    return 1 / (stream.average_rate or DEFAULT_RATE)


class Clock(Generic[Stream]):
    """Sets the times of one stream's packets during one pass through its file.

    Args:
        stream: the stream.
        origin: of a video stream, to count times from its first picture and to order pictures
            without times; None to keep the container's origin.
    """

    def __init__(self, stream: Stream, origin: StreamOrigin | None = None) -> None:
        self.stream = stream
        self.n_restarts = 0
        self.n_timeless = 0  # packets without presentation time
        self._origin = origin or StreamOrigin(stream.index)
        self._offset = 0  # ticks to add to stored times since the last restart
        self._end: int | None = None  # decoding time at which the next packet is due
        self._n_packets = 0
        self._time_base = stream.time_base or Fraction(1, av.time_base)
        self._tick = float(self._time_base)  # seconds; exact fractions take long for each packet
        order = self._origin.order
        self._delay = max((n - place for n, place in enumerate(order)), default=0)

    def set(self, packet: av.Packet) -> None:
        """Set the presentation and decoding time and the duration of the stream's next packet.

        Times are in ticks of the stream's time base. A packet without presentation time gets its
        place on the timeline; where that has none, its decoding time or the time it is due.
        """
        if isinstance(self.stream, av.VideoStream) and not packet.duration:
            packet.duration = round(period(self.stream) / self._time_base)
        if self._origin.order:
            length = packet.duration or 0
            packet.pts = self._origin.order[self._n_packets] * length
            packet.dts = (self._n_packets - self._delay) * length
            self._n_packets += 1
            return
        self.n_timeless += packet.pts is None
        if packet.pts is None:
            packet.pts = packet.dts if packet.dts is not None else (self._end or 0) - self._offset
        self._unwrap(packet)
        shift = self._offset - self._origin.ticks
        packet.pts += shift
        packet.dts = None if packet.dts is None else packet.dts + shift

    @property
    def origin_seconds(self) -> float:
        """Time 0 of the set times, in seconds of the container's clock."""
        return float(self._origin.ticks * self._time_base)

    def _unwrap(self, packet: av.Packet) -> None:
        """Continue where a restarted clock has stopped."""
        time = packet.pts if packet.dts is None else packet.dts
        if time is None:
            return
        if self._end is not None:
            step = (time + self._offset - self._end) * self._tick
            if step < -RESTART or (step > GAP and self._restarts):
                self._offset = self._end - time
                self.n_restarts += 1
        self._end = time + self._offset + (packet.duration or 0)

    @property
    def _restarts(self) -> bool:
        return self.stream.container.format.name in RESTARTING
