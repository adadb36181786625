"""Putting a sound under a video without touching its pictures."""

import heapq
import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from av.container import InputContainer, OutputContainer

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media.atomic import temporary_sibling
from syncfusion.media.container import check_file, open_container, packets, video_stream
from syncfusion.media.video import probe, read_orientation
from syncfusion.timing import sample_index

SOUND_CODECS = {
    ".mp4": "aac",
    ".m4v": "aac",
    ".mov": "aac",
    ".mkv": "aac",
    ".webm": "libopus",
}
BIT_RATE = 192_000  # bits per second; AAC in stereo is hard to tell from the original here
BLOCK = 2**16  # samples read from the wav at once


def mux(video: str | Path, sound: str | Path, output: str | Path) -> None:
    """Write a video with another sound; its pictures are copied as they are stored.

    Args:
        video: any video; its own sound is dropped, its rotation kept.
        sound: a mono or stereo wav, cut or padded with silence to the video's length.
        output: the file to write, of the kind its suffix says: mp4, m4v, mov, mkv or webm.

    Raises:
        InputError: if a file cannot be read or written, or if ``output`` is of a kind that cannot
            hold these pictures.
    """
    video, output = Path(video), Path(output)
    codec = SOUND_CODECS.get(output.suffix.lower())
    if codec is None:
        kinds = " ".join(SOUND_CODECS)
        raise InputError(f"{output} ends in none of {kinds}; give it one of these endings")
    if output.exists() and output.samefile(video):
        raise InputError(f"{output} is the video itself; choose another name for the result")
    duration = probe(video).duration
    with (
        _open_sound(sound) as samples,
        open_container(video) as source,
        temporary_sibling(output) as temporary,
    ):
        try:
            _write(source, samples, temporary, codec, duration)
        except (av.FFmpegError, ValueError) as error:
            raise InputError(
                f"{output.name} cannot hold the pictures of {video.name} ({error}); "
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
    codec: str,
    duration: float,
) -> None:
    # bitexact: no random identifiers, so that the same input gives the same bytes
    options = {"fflags": "+bitexact"}
    if path.suffix.lower() in (".mp4", ".m4v", ".mov"):
        options["movflags"] = "+faststart"  # plays in a browser before it is loaded whole
    with av.open(str(path), "w", container_options=options) as target:
        pictures = _copied_pictures(source, target)
        encoded = _encoded_sound(sound, target, codec, duration)
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
    start = stream.start_time or 0

    def shifted() -> Iterator[av.Packet]:
        for packet in packets(source, stream):
            packet.pts = None if packet.pts is None else packet.pts - start
            packet.dts = None if packet.dts is None else packet.dts - start
            packet.stream = copy
            yield packet

    return shifted()


def _encoded_sound(
    sound: soundfile.SoundFile, target: OutputContainer, codec: str, duration: float
) -> Iterator[av.Packet]:
    """Add a sound stream to the target; return its packets."""
    layout = ("mono", "stereo")[sound.channels - 1]
    stream = target.add_stream(codec, SAMPLE_RATE, layout=layout, bit_rate=BIT_RATE)
    blocks = itertools.chain(_blocks(sound, layout, duration), [None])
    return (packet for block in blocks for packet in stream.encode(block))


def _blocks(
    sound: soundfile.SoundFile, layout: str, duration: float
) -> Iterator[av.AudioFrame]:
    """Yield the sound's first ``duration`` seconds, followed by silence where it is shorter."""
    n_samples = sample_index(duration, sound.samplerate)
    for begin in range(0, n_samples, BLOCK):
        n_block = min(BLOCK, n_samples - begin)
        block = sound.read(n_block, dtype="float32", always_2d=True, fill_value=0)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), "fltp", layout)
        frame.sample_rate = sound.samplerate
        frame.pts, frame.time_base = begin, Fraction(1, sound.samplerate)
        yield frame
