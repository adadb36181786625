"""OpenTimelineIO's own files, and Final Cut Pro 7 XML (xmeml), by opentimelineio and its adapter.

A position of Final Cut Pro 7 XML is a whole frame; one of .otio may lie between frames, as exact
as the event. The adapter reads 23.976 for 24000/1001, so a rate stands for the fraction near it.
"""

from collections.abc import Iterator
from typing import Any

from syncfusion.errors import InputError
from syncfusion.exchange.ids import label_in, read_tag, tag, tag_values
from syncfusion.exchange.session import Session, SoundClip, columns_of, group_of
from syncfusion.exchange.timecode import Timeline, frame_rate
from syncfusion.text_encoding import decode_text
from syncfusion.track import Onset, OnsetTrack

OTIO, FCP7 = "otio_json", "fcp_xml"  # names of the library's adapters


def write_otio(session: Session) -> bytes:
    """Return an .otio file: markers, and clips on stems."""
    return _written(session, OTIO, whole=False)


def write_fcp7(session: Session) -> bytes:
    """Return a Final Cut Pro 7 XML file: markers of the sequence, and clips on stems."""
    return _written(session, FCP7, whole=True)


def read_otio(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the markers of an .otio file's timeline."""
    return _read(content, OTIO)


def read_fcp7(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the markers of the first sequence of a Final Cut Pro 7 XML file."""
    return _read(content, FCP7)


def _written(session: Session, adapter: str, *, whole: bool) -> bytes:
    import opentimelineio as otio
    import otio_fcp_adapter  # noqa: F401 found by opentimelineio; missing, its extra is named

    build = _Builder(session, whole=whole)
    start = build.time_at_frame(session.timeline.start)
    timeline = otio.schema.Timeline(session.name, global_start_time=start)
    timeline.metadata["syncfusion"] = {"rate": str(session.timeline.rate)}
    if session.timeline.drop_frame:  # the adapter counts all frames unless it finds this
        timeline.metadata["fcp_xml"] = {"timecode": {"displayformat": "DF"}}
    timeline.tracks.markers.extend(build.marker(event) for event in session.track)
    timeline.tracks.extend(build.track(name, clips) for name, clips in session.clips())
    if not len(timeline.tracks):
        gap = otio.schema.Gap(duration=build.time(session.duration))
        timeline.tracks.append(otio.schema.Track("events", [gap], kind="Audio"))
    return otio.adapters.write_to_string(timeline, adapter).encode()


class _Builder:
    """Makes the library's objects at the session's rate.

    Args:
        session: what is written.
        whole: whether times are whole frames.
    """

    def __init__(self, session: Session, *, whole: bool) -> None:
        self._session, self._whole = session, whole
        self._rate = float(session.timeline.rate)

    def time(self, seconds: float) -> Any:
        """Return a time of the clip."""
        frames = seconds * self._rate
        return self.time_at_frame(round(frames) if self._whole else frames)

    def time_at_frame(self, frame: float) -> Any:
        """Return a number of frames."""
        from opentimelineio.opentime import RationalTime

        return RationalTime(frame, self._rate)

    def span(self, start: float, end: float) -> Any:
        """Return the range between two times of the clip."""
        from opentimelineio.opentime import TimeRange

        begin = self.time(start)
        return TimeRange(begin, self.time(end) - begin)

    def marker(self, event: Onset) -> Any:
        """Return an event as a marker; its comment holds its id, time and gain."""
        from opentimelineio.schema import Marker

        marked = self.span(event.time, columns_of(event).end or event.time)
        return Marker(group_of(event), marked, metadata=self._remark(event), comment=tag(event))

    def _remark(self, event: Onset) -> dict[str, Any]:
        """Return what holds the tag where the adapter writes the comment from."""
        return {"syncfusion": tag(event), "fcp_xml": {"comment": tag(event)}}

    def track(self, name: str, clips: list[SoundClip]) -> Any:
        """Return clips on one track, with gaps between them."""
        from opentimelineio.schema import Track

        return Track(name, list(self._items(clips)), kind="Audio")

    def _items(self, clips: list[SoundClip]) -> Iterator[Any]:
        from opentimelineio.opentime import TimeRange
        from opentimelineio.schema import Clip as MediaClip
        from opentimelineio.schema import ExternalReference, Gap

        end, lead = self.time(0.0), float(self._session.lead)
        whole = self.span(0.0, self._session.duration + lead)
        for clip in clips:
            place = self.span(clip.start, clip.end)
            if place.start_time > end:
                yield Gap(duration=place.start_time - end)
            if place.duration.value > 0:
                link = (
                    clip.path.absolute().as_uri() if self._whole else self._session.link(clip.path)
                )
                part = TimeRange(place.start_time + self.time(lead), place.duration)
                yield MediaClip(clip.name, ExternalReference(link, whole), part)
                end = place.end_time_exclusive()


def _read(content: bytes, adapter: str) -> OnsetTrack:
    import opentimelineio as otio
    import otio_fcp_adapter  # noqa: F401 found by opentimelineio; missing, its extra is named

    text = decode_text(content)
    try:
        found = otio.adapters.read_from_string(text, adapter)
    except Exception as error:  # noqa: BLE001 the adapters raise whatever their parsers do
        raise InputError(f"it cannot be read ({type(error).__name__}); export it anew") from error
    if not isinstance(found, otio.schema.Timeline):
        timelines = getattr(found, "find_children", lambda **_: [])
        found = next(iter(timelines(descended_from_type=otio.schema.Timeline)), None)
    if found is None:
        raise InputError("it holds no timeline; export the one with the markers")
    return OnsetTrack.from_onsets([_event(marker) for marker in found.tracks.markers])


def _event(marker: Any) -> Onset:
    start, duration = marker.marked_range.start_time, marker.marked_range.duration
    rate = frame_rate(start.rate)
    time = float(start.value / rate)
    own, other = marker.metadata.get("syncfusion", ""), marker.metadata.get("fcp_xml", {})
    remark = str(own or other.get("comment", "") or marker.comment)
    gain, extra = read_tag(remark)
    length = float(duration.value / frame_rate(duration.rate)) if duration.value > 0 else 0.0
    end = {"end": f"{time + length:.6f}"} if length else {}
    label = label_in(tag_values(remark), marker.name.strip())
    return Onset(time, label, gain=gain, extra=end | extra)
