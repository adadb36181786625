"""A small copy of a video that a browser plays and seeks at once."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av

from syncfusion.media.atomic import temporary_sibling
from syncfusion.media.clock import Clock
from syncfusion.media.container import open_container, packets
from syncfusion.media.isolation import answer, answers
from syncfusion.media.outputs import MP4_OPTIONS
from syncfusion.media.pictures import read_pictures
from syncfusion.media.probing import probe
from syncfusion.media.reencoding import CLOCK
from syncfusion.media.scaling import Filter
from syncfusion.media.video_info import VideoInfo
from syncfusion.progress import Progress, ignore

PLAYED = {  # codecs that browsers play, by the containers that they open
    "mov,mp4,m4a,3gp,3g2,mj2": ("h264", "vp9", "av1"),
    "matroska,webm": ("vp8", "vp9", "av1"),
}
PIXELS = ("yuv420p", "yuvj420p")  # 8 bit 4:2:0, which every browser decodes
TALLEST = 1080  # pixels of an original that is shown as it is
HEIGHT = 720  # pixels of a proxy
KEY_SECONDS = 0.5  # between two pictures that are decoded on their own
QUALITY = 25  # x264's constant rate factor


def is_played(video: VideoInfo) -> bool:
    """Whether browsers play a file as it is, with the first displayed picture at second 0."""
    return answer(video.path, _is_played, video)


def _is_played(video: VideoInfo) -> bool:
    with open_container(video.path) as container:
        stream = video.clock(container).stream
        codecs = PLAYED.get(container.format.name, ())
        streams = [s for s in container.streams if s.start_time is not None]
        starts = [(s.start_time or 0) * (s.time_base or Fraction(1)) for s in streams]
        begins = video.origin.ticks * (stream.time_base or Fraction(1))
        return (
            stream.codec_context.name in codecs
            and stream.pix_fmt in PIXELS
            and min(video.width, video.height) <= TALLEST
            and video.n_hidden == (0, 0)
            and begins == min(starts, default=0)
        )


def longest_seek(video: VideoInfo) -> float:
    """Return the seconds of pictures that a player decodes at most to show one of them."""
    return answer(video.path, _longest_seek, video)


def _longest_seek(video: VideoInfo) -> float:
    with open_container(video.path) as container:
        clock: Clock = video.clock(container)
        base = clock.stream.time_base or Fraction(1)
        found = packets(container, clock)
        keys = [float((packet.pts or 0) * base) for packet in found if packet.is_keyframe]
    ends = [*keys[1:], video.duration]
    return max((end - begin for begin, end in zip(keys, ends, strict=True)), default=0.0)


def write_proxy(video: VideoInfo | str | Path, path: Path, progress: Progress = ignore) -> None:
    """Write a video's pictures as H.264 of 720 lines at most, each at its own time, without sound.

    Args:
        video: the file, or what ``probe`` returned for it.
        path: the mp4 to write, atomically.
        progress: called with ("Making a copy to look at", pictures done, pictures in all).

    Raises:
        InputError: if the video cannot be read, or the file not be written.
    """
    info = probe(video)
    with temporary_sibling(path) as temporary:
        for (number,) in answers(info.path, _write, info, temporary):
            progress("Making a copy to look at", min(number, info.n_frames), info.n_frames)


def proxy_size(video: VideoInfo) -> tuple[int, int]:
    """Return width and height of a proxy: even, and never larger than the video."""
    scale = min(1.0, HEIGHT / min(video.width, video.height))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (video.width, video.height))
    return width, height


def _write(video: VideoInfo, path: Path) -> Iterator[tuple[int]]:
    """Write a proxy, in the process that decodes; yield the number of each picture."""
    size, gap = proxy_size(video), max(1, round(video.fps * KEY_SECONDS))
    options = {"crf": str(QUALITY), "preset": "superfast", "tune": "fastdecode"}
    rate = Fraction(video.fps).limit_denominator(1001)
    upright = Filter((("format", "yuv420p"),), size)
    with av.open(str(path), "w", format="mp4", container_options=MP4_OPTIONS) as target:
        stream = target.add_stream("libx264", rate, options=options, time_base=CLOCK)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = gap
        target.start_encoding()
        last = -1
        for number, (picture, time) in enumerate(read_pictures(video), 1):
            shown, begins = upright(picture), round(time / CLOCK)
            yield (number,)
            if begins > last:
                shown.pts, shown.time_base, shown.pict_type = begins, CLOCK, 0
                last = begins
                target.mux(stream.encode(shown))
        target.mux(stream.encode(None))
