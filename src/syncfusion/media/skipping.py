"""Leaving out pictures that no frame shows and no other picture refers to.

Of H.264 at 25 pictures a second, of which 15 are shown, they are about a fifth. The frames are the
same as without: which pictures they show is settled beforehand, by the times of all packets.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av

from syncfusion.media.container import open_container, packets
from syncfusion.media.sampling import schedule
from syncfusion.media.video_info import VideoInfo
from syncfusion.timing import frame_count

MaybeTimed = tuple[av.VideoFrame | None, float]  # None for one that was not decoded, and its second

CODECS = ("h264",)  # marks pictures that no other refers to: nal_ref_idc is 0 (H.264 §7.4.1)
FORMATS = ("mp4", "matroska", "mpegts")  # store when each picture is shown; AVI does not
LEAST = 0.1  # of the pictures; if fewer are not shown, reading the times of all is not worth it


class Skipping:
    """Which pictures a decoder need not decode, in one pass through a video.

    Args:
        video: from ``probe``.
        fps: frame rate of the frames, see ``schedule``.
    """

    def __init__(self, video: VideoInfo, fps: float) -> None:
        self._unshown: set[int] = set()  # presentation times in ticks
        self._time_base = Fraction(1)
        n_frames = frame_count(video.duration, fps)
        if video.codec in CODECS and n_frames < (1 - LEAST) * video.n_frames:
            self._find_unshown(video, fps, n_frames)

    def _find_unshown(self, video: VideoInfo, fps: float, n_frames: int) -> None:
        with open_container(video.path) as container:
            if not set(FORMATS) & set(container.format.name.split(",")):
                return
            clock = video.clock(container)
            self._time_base = Fraction(clock.stream.time_base or 1)
            displayed = (packet for packet in packets(container, clock) if not packet.is_discard)
            times = sorted({packet.pts or 0 for packet in displayed})
        timed = ((ticks, self._seconds(ticks)) for ticks in times)
        shown = {ticks for ticks, _ in schedule(timed, fps, n_frames, 1 / video.fps)}
        self._unshown = set(times) - shown

    def _seconds(self, ticks: int) -> float:
        return ticks * self._time_base.numerator / self._time_base.denominator

    def before(self, packet: av.Packet) -> None:
        """Let the decoder skip the next packet, or not."""
        if self._unshown and isinstance(packet.stream, av.VideoStream):
            may_skip = packet.pts in self._unshown
            packet.stream.codec_context.skip_frame = "NONREF" if may_skip else "DEFAULT"

    def completed(self, pictures: Iterable[tuple[av.VideoFrame, float]]) -> Iterator[MaybeTimed]:
        """Put the times of skipped pictures back among those decoded: ``schedule`` counts on them.

        Args:
            pictures: those decoded, in display order.

        Yields:
            Pictures and times.
        """
        missing = deque(sorted(self._unshown))
        for picture, time in pictures:
            while missing and picture.pts is not None and missing[0] <= picture.pts:
                ticks = missing.popleft()
                if ticks < picture.pts:
                    yield None, self._seconds(ticks)
            yield picture, time
