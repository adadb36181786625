"""Opening containers (mp4, mov, mkv, …) and decoding what can be decoded."""

import itertools
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import av
from av.container import Flags, InputContainer
from av.error import FFmpegError
from av.stream import Disposition

from syncfusion.errors import InputError
from syncfusion.media.clock import Clock
from syncfusion.media.limits import memory_is_short, watched

MOST_PIXELS = 2**26  # of a picture; 8K has half of that
log = logging.getLogger(__name__)


def check_file(path: str | Path) -> Path:
    """Return the path of a file; a missing or empty file or a folder is an InputError."""
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a video or sound file")
    if not path.is_file():
        raise InputError(f"there is no file {path}; check its name and folder")
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty; record or copy it again")
    return path


def open_container(path: str | Path) -> InputContainer:
    """Open a video or sound file for reading, to be closed by ``with``.

    A file that is missing, empty, truncated before its index or of another kind is an InputError.
    """
    path = check_file(path)
    try:
        # absolute, as FFmpeg would take text before a colon for a protocol
        with watched():
            container = av.open(str(path.absolute()), metadata_errors="replace")
    except (FFmpegError, OSError) as error:
        raise InputError(f"{path} {_complaint(path, error)}") from error
    container.flags |= Flags.gen_pts.value  # presentation times for AVI, which stores none
    for stream in container.streams.video:
        if stream.codec_context:  # pictures may also change their size on the way
            stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    return container


def check_whole(container: InputContainer, stream: av.VideoStream) -> None:
    """Check that the file is as long as its index requires; a truncated file is an InputError."""
    if "mp4" not in container.format.name:
        return  # other formats write their index last, or none
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
    """Return the stream of moving pictures; a file without one is an InputError."""
    stream = find_video_stream(container)
    if stream is None:
        raise InputError(f"{container.name} has no video stream; give a file with pictures")
    if stream.width * stream.height > MOST_PIXELS:
        raise InputError(
            f"{container.name} has pictures of {stream.width}x{stream.height}, over the "
            f"{MOST_PIXELS >> 20} million pixels that are read; export it smaller"
        )
    return stream


def find_video_stream(container: InputContainer) -> av.VideoStream | None:
    """Return FFmpeg's choice among the streams of moving pictures, or None if there is none."""
    moving = moving_streams(container)
    best = container.streams.best("video")
    chosen = [stream for stream in moving if best and stream.index == best.index]
    return next(iter([*chosen, *moving]), None)


def moving_streams(container: InputContainer) -> list[av.VideoStream]:
    """Return the streams of moving pictures that can be decoded.

    Cover art does not count, nor does a single picture where another stream has more.
    """
    videos = (s for s in container.streams.video if not s.disposition & Disposition.attached_pic)
    streams = [stream for stream in videos if stream.codec_context]
    return [stream for stream in streams if stream.frames != 1] or streams


def remark(text: str) -> None:
    """Log a warning about a file; ``isolation`` does so once, however often the file is opened."""
    log.warning("%s", text, extra={"once": True})


def start_seconds(stream: av.VideoStream | av.AudioStream) -> float:
    """Return a stream's beginning by its header, in seconds of the container's clock."""
    return float((stream.start_time or 0) * (stream.time_base or 0))


def find_audio_stream(container: InputContainer) -> av.AudioStream | None:
    """Return the first stream of sound that can be decoded or None."""
    return next((stream for stream in container.streams.audio if stream.codec_context), None)


def packets(container: InputContainer, *clocks: Clock) -> Iterator[av.Packet]:
    """Yield the packets with content, to the end or to where reading fails.

    Args:
        container: the opened file.
        *clocks: one for each stream to read; they set the packets' times.

    Yields:
        Packets of all these streams, in the order of the file.
    """
    setters = {clock.stream.index: clock for clock in clocks}
    try:
        for packet in _each_watched(container.demux(*(clock.stream for clock in clocks))):
            if packet.size:
                setters[packet.stream.index].set(packet)
                yield packet
    except FFmpegError as error:
        log.warning("%s cannot be read to its end: %s", container.name, error.strerror)


def _each_watched(found: Iterator[av.Packet]) -> Iterator[av.Packet]:
    while True:
        with watched():
            packet = next(found, None)
        if packet is None:
            return
        yield packet


def decoded(
    container: InputContainer, *clocks: Clock, before: Callable[[av.Packet], object] | None = None
) -> Iterator[av.VideoFrame | av.AudioFrame]:
    """Yield the frames of some streams, each stream's in display order, without damaged ones.

    Args:
        container: that is open.
        *clocks: of the streams.
        before: called with each packet before it is decoded.

    Yields:
        Frames of pictures and sound.

    Raises:
        MemoryError: where one takes more than this process may have.
    """
    n_damaged = 0
    time_bases = {clock.stream.index: clock.stream.time_base for clock in clocks}
    read = ((packet.stream, packet) for packet in packets(container, *clocks))
    for stream, packet in itertools.chain(read, ((clock.stream, None) for clock in clocks)):
        if before is not None and packet is not None:
            before(packet)
        try:
            with watched():
                frames = stream.decode(packet)
        except MemoryError:
            raise
        except FFmpegError:
            n_damaged += 1
            continue
        for frame in frames:
            n_damaged += frame.is_corrupt
            if not frame.is_corrupt:
                # the decoder's last frames come without it
                frame.time_base = time_bases[stream.index]
                yield frame
    if n_damaged and memory_is_short():
        raise MemoryError
    if n_damaged:
        log.warning("%s: left out %d damaged frames", container.name, n_damaged)


def display_order(container: InputContainer, stream: av.VideoStream) -> tuple[int, ...]:
    """Return the place of each packet's picture among the displayed ones, by decoding them all.

    A packet without a picture comes right after the packet before it.
    """
    clock, numbers, n_packets = Clock(stream), [], 0
    stream.thread_type = "AUTO"
    for packet in itertools.chain(packets(container, clock), [None]):
        if packet is not None:
            packet.pts = packet.dts = n_packets
            n_packets += 1
        try:
            with watched():
                numbers += [frame.pts for frame in stream.decode(packet)]
        except FFmpegError:
            continue  # damaged pictures are counted where the stream is decoded for use
    shown = [number for number in dict.fromkeys(numbers) if number is not None]
    for number in sorted(set(range(n_packets)) - set(shown)):
        shown.insert(shown.index(number - 1) + 1 if number else 0, number)
    places = {number: place for place, number in enumerate(shown)}
    return tuple(places[number] for number in range(n_packets))
