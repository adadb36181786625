"""Putting a sound under a video without touching its pictures."""

import heapq
import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
import soundfile
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media.atomic import temporary_sibling
from syncfusion.media.container import check_file, open_container, packets, video_stream
from syncfusion.media.video import DEFAULT_RATE, VideoInfo, probe, read_orientation
from syncfusion.timing import sample_index

SoundCodec = Literal["aac", "libopus"]
SOUND_CODECS: dict[str, SoundCodec] = {
    ".mp4": "aac",
    ".mov": "aac",
    ".mkv": "aac",
    ".webm": "libopus",
}
EDITABLE = ("mp4", "mov")  # kinds that can hide the beginning of a stream
BIT_RATE = 192_000  # bits per second, of one or two channels
BLOCK = 2**16  # samples read from the wav at once


def mux(
    video: str | Path | VideoInfo,
    sound: str | Path,
    output: str | Path,
    *,
    bit_rate: int = BIT_RATE,
) -> None:
    """Write a video with another sound; its pictures are copied as they are stored.

    Args:
        video: any video, or what ``probe`` returned for it; its own sound is dropped, its rotation
            kept.
        sound: a mono or stereo wav, cut or padded with silence to the video's length.
        output: the file to write, of the kind its suffix says: mp4, mov, mkv or webm.
        bit_rate: of the sound, bits per second of all channels.

    Raises:
        InputError: if a file cannot be read or written, or if ``output`` is of a kind that cannot
            hold these pictures.
    """
    output = Path(output)
    codec = SOUND_CODECS.get(output.suffix.lower())
    if codec is None:
        kinds = " ".join(SOUND_CODECS)
        raise InputError(f"{output} ends in none of {kinds}; give it one of these endings")
    info = probe(video)
    if output.exists() and output.samefile(info.path):
        raise InputError(f"{output} is the video itself; choose another name for the result")
    with (
        _open_sound(sound) as samples,
        open_container(info.path) as source,
        temporary_sibling(output) as temporary,
    ):
        try:
            _write(source, samples, temporary, codec, info.duration, bit_rate)
        except InputError:
            raise
        except OSError as error:
            raise InputError(
                f"cannot write {output} ({error.strerror}); free some space or go elsewhere"
            ) from error
        except (FFmpegError, ValueError) as error:
            reason = error.strerror if isinstance(error, FFmpegError) else error
            raise InputError(
                f"{output.name} cannot hold the pictures of {info.path.name} ({reason}); "
                "choose a name that ends in .mkv"
            ) from error


def _open_sound(path: str | Path) -> soundfile.SoundFile:
    try:
        sound = soundfile.SoundFile(check_file(path))
    except soundfile.LibsndfileError as error:
        raise InputError(f"{path} is not a sound file; give a wav") from error
    if sound.channels > 2:
        sound.close()
        raise InputError(f"{path} has {sound.channels} channels; mix it to mono or stereo")
    return sound


def _write(
    source: InputContainer,
    sound: soundfile.SoundFile,
    path: Path,
    codec: SoundCodec,
    duration: float,
    bit_rate: int,
) -> None:
    # bitexact: no random identifiers, so that the same input gives the same bytes
    options = {"fflags": "+bitexact"}
    if path.suffix.lower() in (".mp4", ".mov"):
        options["movflags"] = "+faststart"  # plays in a browser before it is loaded whole
    with av.open(str(path), "w", container_options=options) as target:
        pictures = _copied_pictures(source, target)
        encoded = _encoded_sound(sound, target, codec, duration, bit_rate)
        target.start_encoding()
        for packet in heapq.merge(pictures, encoded, key=_decoding_time):
            target.mux(packet)


def _decoding_time(packet: av.Packet) -> float:
    time = packet.pts if packet.dts is None else packet.dts
    return float((time or 0) * packet.time_base)


def _copied_pictures(source: InputContainer, target: OutputContainer) -> Iterator[av.Packet]:
    """Add the video stream to the target; return its packets, the first one shown at 0."""
    stream = video_stream(source)
    copy = target.add_stream_from_template(stream, opaque=True)
    copy.set_display_matrix(read_orientation(source.name).matrix or None)
    copy.codec_context.framerate = stream.average_rate or DEFAULT_RATE
    if stream.codec_context.name == "hevc" and target.format.name in EDITABLE:
        copy.codec_context.codec_tag = "hvc1"  # QuickTime does not play FFmpeg's choice, hev1
    return (_shifted(packet, stream, copy) for packet in packets(source, stream))


def _shifted(packet: av.Packet, stream: av.VideoStream, copy: av.VideoStream) -> av.Packet:
    """Count a packet's times from the video's beginning and hand it to the copy."""
    if packet.is_discard and copy.container.format.name not in EDITABLE:
        raise InputError(
            f"{stream.container.name} hides its first pictures by an edit list, which only mp4 "
            "and mov know; choose a name that ends in .mp4"
        )
    start = stream.start_time or 0
    packet.pts = None if packet.pts is None else packet.pts - start
    packet.dts = None if packet.dts is None else packet.dts - start
    if not packet.duration:
        packet.duration = round(1 / (stream.average_rate or DEFAULT_RATE) / packet.time_base)
    packet.stream = copy
    return packet


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
