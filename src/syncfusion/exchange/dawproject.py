"""DAWproject 1.0 (github.com/bitwig/dawproject): a zip of project.xml, metadata.xml and the sounds.

One level of clips, in seconds and without warps, as not every program reads more. The model has
no regions. A clip's comment holds its event's id, time and gain.
"""

import io
import zipfile
import zlib
from importlib.metadata import version
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from syncfusion.errors import InputError
from syncfusion.exchange.bwf import read_samples
from syncfusion.exchange.ids import (
    WHOLE_SOUND,
    is_whole_sound,
    label_in,
    place_in_sound,
    read_tag,
    tag,
    tag_values,
)
from syncfusion.exchange.session import Session, SoundClip, columns_of, group_of
from syncfusion.exchange.timecode import Timeline
from syncfusion.track import Onset, OnsetTrack

DATE = (1980, 1, 1, 0, 0, 0)  # of every file in the zip: the same session gives the same bytes
LARGEST = 2**24  # bytes of a project.xml that are read
DAMAGED = (  # what zipfile and ElementTree raise then
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    KeyError,
    ValueError,
    EOFError,
    OSError,
    RuntimeError,
)


def write(session: Session) -> bytes:
    """Return the zip with the sounds in it."""
    sounds = {
        clip.path: f"audio/{clip.path.name}" for _, clips in session.clips() for clip in clips
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root in (("project.xml", _project(session)), ("metadata.xml", _about(session))):
            ElementTree.indent(root)
            text = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
            archive.writestr(_entry(name), text)
        for path, name in sounds.items():
            if path.is_file():
                archive.writestr(_entry(name), path.read_bytes())
    return content.getvalue()


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the clips that came from events, and those beside them; else the markers.

    Args:
        content: the zip.
        timeline: not used; the file has seconds, or beats of a fixed tempo.

    Returns:
        An event per clip, its label its track's name, its gain and id those of its comment, its
        column ``mute`` set where the clip is off; or an event per marker with its name. The clip of
        a whole sound is none. Times are seconds of the arrangement.

    Raises:
        InputError: if it is no DAWproject.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        with archive, archive.open("project.xml") as file:
            root = ElementTree.fromstring(file.read(LARGEST))
    except DAMAGED as error:
        raise InputError(f"it is no DAWproject ({error}); export it anew") from error
    scale = _seconds_of_unit(root)
    markers = [
        Onset(scale(lanes, mark.get("time")), mark.get("name", ""))
        for lanes in root.iter("Markers")
        for mark in lanes.iter("Marker")
    ]
    clips = _clips(root, scale)
    came = any("id" in clip.extra for clip in clips)
    return OnsetTrack.from_onsets(clips if clips and (came or not markers) else markers)


def _project(session: Session) -> Element:
    root = Element("Project", version="1.0")
    SubElement(root, "Application", name="SyncFusion", version=version("syncfusion"))
    transport = SubElement(root, "Transport")
    SubElement(transport, "Tempo", unit="bpm", value="120", id="tempo", name="Tempo")
    SubElement(transport, "TimeSignature", denominator="4", numerator="4", id="meter")
    structure = SubElement(root, "Structure")
    arrangement = SubElement(root, "Arrangement", id="arrangement")
    lanes = SubElement(arrangement, "Lanes", timeUnit="seconds", id="lanes")
    for number, (name, clips) in enumerate(session.clips()):
        track = {"contentType": "audio", "loaded": "true", "id": f"track{number}", "name": name}
        channel = {"role": "regular", "solo": "false", "audioChannels": "1"}
        about = SubElement(SubElement(structure, "Track", track), "Channel", channel)
        about.set("id", f"channel{number}")
        SubElement(about, "Volume", unit="linear", value="1.0", id=f"volume{number}", name="Volume")
        lane = SubElement(lanes, "Lanes", track=f"track{number}", id=f"lane{number}")
        row = SubElement(lane, "Clips", id=f"clips{number}")
        for index, clip in enumerate(clips):
            _add_clip(row, clip, session, f"audio{number}.{index}")
    markers = [
        Element("Marker", time=_text(event.time), name=group_of(event)) for event in session.track
    ]
    if markers:  # the schema has no empty list
        row = SubElement(arrangement, "Markers", timeUnit="seconds", id="markers")
        row.extend(markers)
    SubElement(root, "Scenes")
    return root


def _add_clip(row: Element, clip: SoundClip, session: Session, name: str) -> None:
    times = {"time": _text(clip.start), "duration": _text(clip.end - clip.start)}
    remark = tag(clip.event, session.lead) if clip.event else WHOLE_SOUND
    values = {"playStart": _text(clip.start + session.lead), "name": clip.name, "comment": remark}
    if clip.event is not None and columns_of(clip.event).mute:
        values["enable"] = "false"
    node = SubElement(row, "Clip", times | values)
    sound = {"channels": "1", "duration": _text(session.duration), "id": name}
    sound["sampleRate"] = str(session.sample_rate)
    if clip.path.is_file():
        rate, channels, samples = read_samples(clip.path)
        sound |= {"channels": str(channels), "sampleRate": str(rate)}
        sound["duration"] = _text(len(samples) / (3 * channels * rate))
    SubElement(SubElement(node, "Audio", sound), "File", path=f"audio/{clip.path.name}")


def _about(session: Session) -> Element:
    root = Element("MetaData")
    SubElement(root, "Title").text = session.name
    SubElement(root, "Comment").text = session.note
    return root


def _clips(root: Element, scale) -> list[Onset]:  # noqa: ANN001 what _seconds_of_unit returns
    names = {track.get("id"): track.get("name", "") for track in root.iter("Track")}
    found = []
    for lane in root.iter("Lanes"):
        if lane.get("track") is None:
            continue
        for clip in lane.iterfind("Clips/Clip"):
            note = clip.get("comment", "")
            if is_whole_sound(note):
                continue
            gain, extra = read_tag(note)
            extra |= {"mute": "1"} if clip.get("enable") in ("false", "0") else {}
            values = tag_values(note)
            time, written = scale(clip, clip.get("time")), place_in_sound(values)
            if written is not None and clip.get("playStart") is not None:
                time += written - _number(clip.get("playStart"))
            label = label_in(values, names.get(lane.get("track"), ""))
            found.append(Onset(time, label, gain=gain, extra=extra))
    return found


def _seconds_of_unit(root: Element):  # noqa: ANN202 a function of a node and a text to seconds
    """Return what turns an element's time into seconds: it may count beats of a fixed tempo."""
    tempo = root.find("Transport/Tempo")
    per_minute = _number(tempo.get("value", "120")) if tempo is not None else 120.0
    if not per_minute > 0:
        raise InputError(f"it has a tempo of {per_minute:g}; give it one above 0")
    beat = 60 / per_minute
    parents = {child: parent for parent in root.iter() for child in parent}

    def seconds(node: Element | None, text: str | None) -> float:
        while node is not None and not (node.get("timeUnit") and node.tag != "Clip"):
            node = parents.get(node)
        unit = "beats" if node is None else node.get("timeUnit")
        return _number(text) * (1.0 if unit == "seconds" else beat)

    return seconds


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _text(seconds: float) -> str:
    return f"{seconds:.9f}"


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError as error:
        raise InputError(f"{text!r} is no number; export it anew") from error
