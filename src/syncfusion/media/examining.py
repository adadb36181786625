"""A video's properties from its packets and its first picture: the part of ``probe`` that reads.

It runs in the process that decodes (``isolation.py``).
"""

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
from av.container import InputContainer

from syncfusion.errors import InputError
from syncfusion.media.clock import Clock, StreamOrigin
from syncfusion.media.container import (
    check_whole,
    decoded,
    display_order,
    find_audio_stream,
    moving_streams,
    open_container,
    packets,
    remark,
    start_seconds,
    video_stream,
)
from syncfusion.media.orientation import Orientation
from syncfusion.media.video_info import VideoInfo, picture_clock

LONGEST = 86_400.0  # seconds of a video
LATE = 0.1  # seconds after the sound from which a log message names the pictures' late beginning


class _Extent(NamedTuple):
    """What the packets of a stream add up to, in ticks of its time base."""

    begin: int
    end: int
    n_frames: int
    n_packets: int
    n_hidden: tuple[int, int]
    n_timeless: int
    n_restarts: int


def described(path: Path) -> dict[str, Any]:
    """Return the fields of a file's ``VideoInfo`` but its path, as plain values."""
    fields = asdict(examine(path))
    del fields["path"]
    return fields


def examine(path: Path) -> VideoInfo:
    """Do what ``probe`` does, in this process."""
    with open_container(path) as container:
        stream, has_audio = video_stream(container), bool(container.streams.audio)
        check_whole(container, stream)
        _remark_on_streams(container, stream)
        index, codec = stream.index, stream.codec_context.name
        time_base = Fraction(stream.time_base or 0)
        extent = _extent(container, Clock(stream))
        sound = find_audio_stream(container)
        sound_start = None if sound is None else start_seconds(sound)
    origin = StreamOrigin(index, extent.begin)
    if extent.n_timeless > extent.n_frames / 2:
        origin, extent = _ordered(path, index)
        rate = extent.n_frames / float((extent.end - extent.begin) * time_base)
        remark(f"{path} has no timestamps; its stream's rate counts, {rate:g} pictures/s")
    picture = _first_picture(path, origin)
    duration = _duration(path, extent, time_base)
    _remark_on_times(path, extent, float(origin.ticks * time_base), sound_start)
    turned = Orientation.of(picture)
    size = (picture.width, picture.height)
    return VideoInfo(
        path=path,
        duration=duration,
        fps=extent.n_frames / duration,
        width=size[turned.is_transposed],
        height=size[not turned.is_transposed],
        rotation=turned.rotation,
        n_frames=extent.n_frames,
        has_audio=has_audio,
        codec=codec,
        origin=origin,
        orientation=turned,
        n_packets=extent.n_packets,
        n_hidden=extent.n_hidden,
    )


def _duration(path: Path, extent: _Extent, time_base: Fraction) -> float:
    duration = float((extent.end - extent.begin) * time_base)
    if not 0 < duration <= LONGEST:
        raise InputError(
            f"{path} lasts no time or over {LONGEST / 3600:g} hours by its timestamps; "
            "export it again, or cut it into parts"
        )
    return duration


def _extent(container: InputContainer, clock: Clock) -> _Extent:
    """Add up the packets of a stream; headers are not used, as some are missing or wrong."""
    begin, end, n_frames, n_packets = None, 0, 0, 0
    hidden: list[int] = []  # times of hidden pictures with displayed ones behind them
    trailing: list[int] = []
    for number, packet in enumerate(packets(container, clock), 1):
        time = packet.pts or 0
        if packet.is_discard:
            trailing.append(time)
            continue
        hidden += trailing
        trailing.clear()
        n_frames, n_packets = n_frames + 1, number
        begin = time if begin is None else min(begin, time)
        end = max(end, time + (packet.duration or 0))
    begin = begin or 0
    n_before = sum(time < begin for time in hidden)
    n_hidden = (n_before, len(hidden) - n_before)
    return _Extent(begin, end, n_frames, n_packets, n_hidden, clock.n_timeless, clock.n_restarts)


def _ordered(path: str | Path, index: int) -> tuple[StreamOrigin, _Extent]:
    """Return the origin of a stream without timestamps, which takes decoding it."""
    with open_container(path) as container:
        stream = picture_clock(container, StreamOrigin(index)).stream
        origin = StreamOrigin(index, order=display_order(container, stream))
    with open_container(path) as container:
        return origin, _extent(container, picture_clock(container, origin))


def _remark_on_streams(container: InputContainer, stream: av.VideoStream) -> None:
    n_streams = len(container.streams.video)
    if len(moving_streams(container)) > 1 or stream.index != container.streams.video[0].index:
        remark(
            f"{container.name} has {n_streams} video streams; stream {stream.index} counts "
            f"({stream.codec_context.name}, {stream.width}x{stream.height})"
        )


def _remark_on_times(
    path: str | Path, extent: _Extent, begin: float, sound_start: float | None
) -> None:
    if extent.n_restarts:
        remark(
            f"{path} holds {extent.n_restarts + 1} recordings, whose clocks each start anew; "
            "they follow each other without a gap"
        )
    if sound_start is not None and begin - sound_start > LATE:
        remark(
            f"the pictures of {path} begin {begin - sound_start:.2f} s after its sound; times "
            "count from the first picture"
        )


def _first_picture(path: str | Path, origin: StreamOrigin) -> av.VideoFrame:
    with open_container(path) as container:
        clock = picture_clock(container, origin)
        for picture in decoded(container, clock):
            if isinstance(picture, av.VideoFrame):
                return picture
    raise InputError(f"{path} has no picture that can be decoded; export or copy it again")
