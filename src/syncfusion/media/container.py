"""Opening containers (mp4, mov, mkv, …) and decoding what can be decoded."""

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import overload

import av
from av.container import Flags, InputContainer
from av.error import FFmpegError
from av.stream import Disposition

from syncfusion.errors import InputError

log = logging.getLogger(__name__)


def check_file(path: str | Path) -> Path:
    """Return the path of a file; one that is missing, empty or a folder is an InputError."""
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a video or sound file")
    if not path.is_file():
        raise InputError(f"there is no file {path}; check its name and folder")
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty; record or copy it again")
    return path


def open_container(path: str | Path) -> InputContainer:
    """Open a video or sound file for reading; close it by ``with``.

    One that is missing, empty, cut off before its index or of another kind is an InputError.
    """
    path = check_file(path)
    try:
        # absolute, because FFmpeg takes what precedes a colon for a protocol
        container = av.open(str(path.absolute()), metadata_errors="replace")
    except (FFmpegError, OSError) as error:
        raise InputError(f"{path} {_complaint(path, error)}") from error
    container.flags |= Flags.gen_pts.value  # presentation times, which AVI does not store
    return container


def check_whole(container: InputContainer, stream: av.VideoStream) -> None:
    """Look whether the file is as long as its index says; one that is cut off is an InputError."""
    if "mp4" not in container.format.name:
        return  # others write their index last, or none
    size = Path(container.name).stat().st_size
    missing = sum(entry.pos + entry.size > size for entry in stream.index_entries)
    if missing:
        raise InputError(
            f"{container.name} is cut off: {missing} of {len(stream.index_entries)} pictures are "
            "missing; export or copy it again"
        )


def _complaint(path: Path, error: OSError | FFmpegError) -> str:
    if isinstance(error, PermissionError):
        return "may not be read; change its permissions"
    with path.open("rb") as file:
        is_mp4 = file.read(8)[4:] == b"ftyp"  # ISO/IEC 14496-12 §4.3
    if is_mp4:
        return "is damaged or cut off (its index is missing); export or copy it again"
    return "is not a video or sound file that can be read; convert it to mp4 or wav"


def video_stream(container: InputContainer) -> av.VideoStream:
    """Return the first stream of moving pictures; that there is none is an InputError."""
    stream = find_video_stream(container)
    if stream is None:
        raise InputError(f"{container.name} has no video stream; give a file with pictures")
    return stream


def find_video_stream(container: InputContainer) -> av.VideoStream | None:
    """Return the first stream of moving pictures or None; cover art does not count."""
    moving = (s for s in container.streams.video if not s.disposition & Disposition.attached_pic)
    return next((stream for stream in moving if stream.codec_context), None)


def start_time(stream: av.VideoStream | av.AudioStream) -> float:
    """Return the presentation time of a stream's beginning, in seconds of its container's clock."""
    return float((stream.start_time or 0) * (stream.time_base or 0))


def find_audio_stream(container: InputContainer) -> av.AudioStream | None:
    """Return the first stream of sound that can be decoded or None."""
    return next((stream for stream in container.streams.audio if stream.codec_context), None)


def packets(
    container: InputContainer, *streams: av.VideoStream | av.AudioStream
) -> Iterator[av.Packet]:
    """Yield the packets with content of some streams, to the end or to where reading fails."""
    try:
        for packet in container.demux(*streams):
            if packet.size:
                yield packet
    except FFmpegError as error:
        log.warning("%s cannot be read to its end: %s", container.name, error.strerror)


@overload
def decoded(container: InputContainer, stream: av.VideoStream, /) -> Iterator[av.VideoFrame]: ...
@overload
def decoded(container: InputContainer, stream: av.AudioStream, /) -> Iterator[av.AudioFrame]: ...
@overload
def decoded(
    container: InputContainer, *streams: av.VideoStream | av.AudioStream
) -> Iterator[av.VideoFrame | av.AudioFrame]: ...
def decoded(
    container: InputContainer, *streams: av.VideoStream | av.AudioStream
) -> Iterator[av.VideoFrame | av.AudioFrame]:
    """Yield the frames of some streams, each stream's as they are shown, but for damaged ones."""
    n_damaged = 0
    read = ((packet.stream, packet) for packet in packets(container, *streams))
    for stream, packet in itertools.chain(read, ((stream, None) for stream in streams)):
        try:
            frames = stream.decode(packet)
        except FFmpegError:
            n_damaged += 1
            continue
        for frame in frames:
            n_damaged += frame.is_corrupt
            if not frame.is_corrupt:
                frame.time_base = stream.time_base  # the decoder's last frames come without it
                yield frame
    if n_damaged:
        log.warning("%s: left out %d damaged frames", container.name, n_damaged)
