"""Containers for a video with another sound: which one holds its pictures, tried beforehand."""

import io
import itertools
from pathlib import Path
from typing import Literal

import av
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media.clock import period
from syncfusion.media.container import open_container, packets
from syncfusion.media.isolation import answer
from syncfusion.media.video_info import VideoInfo

SoundCodec = Literal["aac", "libopus"]
SOUND_CODECS: dict[str, SoundCodec] = {
    ".mp4": "aac",
    ".mov": "aac",
    ".mkv": "aac",
    ".webm": "libopus",
}
FORMATS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm"}
# bitexact: no random identifiers; faststart: plays in a browser before it is loaded whole
MP4_OPTIONS = {"fflags": "+bitexact", "movflags": "+faststart"}
EDITABLE = (".mp4", ".mov")  # can hide the beginning of a stream
USUAL = (".mp4", ".mov", ".mkv")
PREFERRED = {  # what players expect of a codec; FFmpeg would write more, which few of them play
    "prores": (".mov", ".mkv"),
    "vp8": (".webm", ".mkv"),
    "vp9": (".webm", ".mkv"),
    "ffv1": (".mkv",),
    "gif": (),
    "apng": (),
}
REENCODED = ".mp4"
N_TRIED = 8  # packets


def default_output(video: VideoInfo, *, reencode: bool = False) -> Path:
    """Return the name of the result beside a video, of a kind that holds its pictures.

    Args:
        video: the video.
        reencode: whether the pictures will be encoded anew.

    Returns:
        ``<name>.sync`` and the ending of the first container that can be written.

    Raises:
        InputError: if no container holds the pictures as they are stored.
    """
    suffix = REENCODED if reencode else _suitable(video)
    if suffix is None:
        raise InputError(
            f"no container holds the {video.codec} pictures of {video.path} as they are stored; "
            "add --reencode to encode them anew as H.264"
        )
    return video.path.with_name(f"{video.path.stem}.sync{suffix}")


def check_container(video: VideoInfo, output: str | Path, *, reencode: bool = False) -> None:
    """Check that an output can hold a video's pictures, by writing the beginning to memory.

    Args:
        video: the video.
        output: name of the result; its ending decides.
        reencode: whether the pictures will be encoded anew.

    Raises:
        InputError: if the ending is unknown, or the container cannot hold the pictures; the message
            names a way that was tried.
    """
    output = Path(output)
    sound_codec(output)
    reason = None if reencode and output.suffix.lower() != ".webm" else _refusal(video, output)
    if reencode and output.suffix.lower() == ".webm":
        raise InputError(f"{output} cannot hold H.264; choose a name that ends in {REENCODED}")
    if reason is None:
        return
    suffix = _suitable(video)
    advice = f"choose a name that ends in {suffix}, or " if suffix else ""
    raise InputError(
        f"{output.name} cannot hold the {video.codec} pictures of {video.path.name} ({reason}); "
        f"{advice}add --reencode to encode them anew as H.264"
    )


def sound_codec(output: Path) -> SoundCodec:
    """Return the codec of an output's sound; an unknown ending is an InputError."""
    codec = SOUND_CODECS.get(output.suffix.lower())
    if codec is None:
        kinds = " ".join(SOUND_CODECS)
        raise InputError(f"{output} ends in none of {kinds}; give it one of these endings")
    return codec


def add_copied_stream(
    stream: av.VideoStream, target: OutputContainer, video: VideoInfo
) -> av.VideoStream:
    """Add a stream for the copied packets of a video stream."""
    copy = target.add_stream_from_template(stream, opaque=True)
    copy.set_display_matrix(video.orientation.matrix or None)
    copy.codec_context.framerate = 1 / period(stream)
    if stream.codec_context.name == "hevc" and target.format.name in ("mp4", "mov"):
        copy.codec_context.codec_tag = "hvc1"  # QuickTime does not play FFmpeg's choice, hev1
    return copy


def _suitable(video: VideoInfo) -> str | None:
    """Return the ending of the first container that holds a video's pictures."""
    suffixes = PREFERRED.get(video.codec, USUAL)
    return next((s for s in suffixes if _refusal(video, Path(f"x{s}")) is None), None)


def _refusal(video: VideoInfo, output: Path) -> str | None:
    """Return why an output cannot hold the pictures as they are stored; None if it can."""
    n_before, n_after = video.n_hidden
    if n_after or (n_before and output.suffix.lower() not in EDITABLE):
        return "an edit list hides some, which cannot be kept"
    if not PREFERRED.get(video.codec, USUAL):
        return "players show them in no container"
    return answer(video.path, _tried, video, output)


def _tried(video: VideoInfo, output: Path) -> str | None:
    """Write a header and some packets to memory; return why that failed, or None."""
    try:
        with open_container(video.path) as source:
            _try(source, video, output)
    except (InputError, MemoryError):
        raise
    except (FFmpegError, ValueError) as error:
        return str(error.strerror if isinstance(error, FFmpegError) else error)
    return None


def _try(source: InputContainer, video: VideoInfo, output: Path) -> None:
    clock = video.clock(source)
    memory = io.BytesIO()
    with av.open(memory, "w", format=FORMATS[output.suffix.lower()]) as target:
        copy = add_copied_stream(clock.stream, target, video)
        codec = sound_codec(output)
        target.add_stream(codec, SAMPLE_RATE, layout="mono")
        target.start_encoding()
        for packet in itertools.islice(packets(source, clock), N_TRIED):
            packet.stream = copy
            target.mux(packet)
