"""Writing a video with another sound."""

import heapq
import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media.atomic import temporary_sibling
from syncfusion.media.container import check_file, open_container, packets
from syncfusion.media.isolation import answer
from syncfusion.media.outputs import (
    EDITABLE,
    SoundCodec,
    add_copied_stream,
    check_container,
    sound_codec,
)
from syncfusion.media.probing import probe
from syncfusion.media.reencoding import encoded_pictures
from syncfusion.media.video_info import VideoInfo
from syncfusion.timing import sample_index

BIT_RATE = 192_000  # bits per second, of one or two channels
SPAN_TOLERANCE = 0.05  # seconds, besides one picture
BLOCK = 2**16  # samples read from the wav at once


def mux(
    video: VideoInfo | str | Path,
    sound: str | Path,
    output: str | Path,
    *,
    bit_rate: int = BIT_RATE,
    reencode: bool = False,
) -> None:
    """Write a video with another sound; its pictures are copied as they are stored.

    The sound begins with the first displayed picture. The result gets its name after the span of
    its pictures was compared with the video's.

    Args:
        video: result of ``probe``, or the file; its own sound is dropped, its rotation kept.
        sound: a mono or stereo wav, cut or padded with silence to the video's length.
        output: the file to write; its suffix decides its kind: mp4, mov, mkv or webm.
        bit_rate: of the sound, bits per second of all channels.
        reencode: whether to encode the pictures anew as H.264 instead of copying them.

    Raises:
        InputError: if a file cannot be read or written, or the output cannot hold the pictures.
    """
    output = Path(output)
    sound_codec(output)
    info = probe(video)
    if output.exists() and output.samefile(info.path):
        raise InputError(f"{output} is the video itself; choose another name for the result")
    answer(sound, _check_sound, sound)
    with temporary_sibling(output, is_result=True) as temporary:
        check_container(info, output, reencode=reencode)
        answer(info.path, _written, info, sound, temporary, output, bit_rate, reencode)
        _check_span(temporary, info)


def _check_span(path: Path, video: VideoInfo) -> None:
    """Compare the span of the written pictures with the video's."""
    span = probe(path).duration
    if abs(span - video.duration) > SPAN_TOLERANCE + 1 / video.fps:
        raise InputError(
            f"the pictures of the result would last {span:.2f} s, those of {video.path} "
            f"{video.duration:.2f} s; add --reencode to encode them anew as H.264"
        )


def _check_sound(path: str | Path) -> None:
    with _open_sound(path):
        pass


def _open_sound(path: str | Path) -> soundfile.SoundFile:
    try:
        sound = soundfile.SoundFile(check_file(path))
    except soundfile.LibsndfileError as error:
        raise InputError(f"{path} is not a sound file; give a wav") from error
    if sound.channels > 2:
        sound.close()
        raise InputError(f"{path} has {sound.channels} channels; mix it to mono or stereo")
    return sound


def _written(
    video: VideoInfo,
    sound: str | Path,
    temporary: Path,
    output: Path,
    bit_rate: int,
    reencode: bool,
) -> None:
    """Write a video, in the process that decodes; errors name the output."""
    try:
        with _open_sound(sound) as samples:
            _write(video, samples, temporary, bit_rate, reencode)
    except (InputError, MemoryError):
        raise
    except OSError as error:
        raise InputError(
            f"cannot write {output} ({error.strerror}); free disk space or change the folder"
        ) from error
    except (FFmpegError, ValueError) as error:
        reason = error.strerror if isinstance(error, FFmpegError) else error
        raise InputError(
            f"{output.name} cannot hold the pictures of {video.path.name} ({reason}); "
            "add --reencode to encode them anew as H.264"
        ) from error


def _write(
    video: VideoInfo, sound: soundfile.SoundFile, path: Path, bit_rate: int, reencode: bool
) -> None:
    # bitexact: no random identifiers, so that the same input gives the same bytes
    options = {"fflags": "+bitexact"}
    if path.suffix.lower() in EDITABLE:
        options["movflags"] = "+faststart"  # plays in a browser before it is loaded whole
    with (
        open_container(video.path) as source,
        av.open(str(path), "w", container_options=options) as target,
    ):
        if reencode:
            pictures = encoded_pictures(video, target)
        else:
            pictures = _copied_pictures(source, target, video)
        encoded = _encoded_sound(sound, target, sound_codec(path), video.duration, bit_rate)
        target.start_encoding()
        for packet in heapq.merge(pictures, encoded, key=_decoding_time):
            target.mux(packet)


def _decoding_time(packet: av.Packet) -> float:
    time = packet.pts if packet.dts is None else packet.dts
    return float((time or 0) * packet.time_base)


def _copied_pictures(
    source: InputContainer, target: OutputContainer, video: VideoInfo
) -> Iterator[av.Packet]:
    """Add the video stream to the target; return its packets, the first one displayed at 0."""
    clock = video.clock(source)
    copy = add_copied_stream(clock.stream, target, video)

    def copied() -> Iterator[av.Packet]:
        due: int | None = None  # decoding times have to grow
        for packet in itertools.islice(packets(source, clock), video.n_packets):
            packet.stream = copy
            if packet.dts is not None and packet.pts is not None:
                packet.dts = packet.dts if due is None else max(packet.dts, due)
                packet.pts, due = max(packet.pts, packet.dts), packet.dts + 1
            yield packet

    return copied()


def _encoded_sound(
    sound: soundfile.SoundFile,
    target: OutputContainer,
    codec: SoundCodec,
    duration: float,
    bit_rate: int,
) -> Iterator[av.Packet]:
    """Add a sound stream to the target; return its packets."""
    layout = ("mono", "stereo")[sound.channels - 1]
    stream = target.add_stream(codec, SAMPLE_RATE, layout=layout, bit_rate=bit_rate)
    blocks = itertools.chain(_blocks(sound, layout, duration), [None])
    return (packet for block in blocks for packet in stream.encode(block))


def _blocks(sound: soundfile.SoundFile, layout: str, duration: float) -> Iterator[av.AudioFrame]:
    """Yield the sound's first ``duration`` seconds, followed by silence where it is shorter."""
    n_samples = sample_index(duration, sound.samplerate)
    for begin in range(0, n_samples, BLOCK):
        n_block = min(BLOCK, n_samples - begin)
        block = sound.read(n_block, dtype="float32", always_2d=True, fill_value=0)
        planes = np.ascontiguousarray(block.T, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(planes, "fltp", layout)
        frame.sample_rate = sound.samplerate
        frame.pts, frame.time_base = begin, Fraction(1, sound.samplerate)
        yield frame
