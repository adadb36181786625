"""A session to export, and the independent libraries that read what is written."""

import io
import zipfile
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import torch

from syncfusion.exchange import Session, Timeline
from syncfusion.exchange.session import file_name
from syncfusion.media import Waveform, write_wav
from syncfusion.track import Onset, OnsetTrack

RATE = Fraction(24_000, 1001)
START = "01:00:00:00"
FIRST_SAMPLE = 172_972_800  # of the day, at 48 kHz
TRACK = OnsetTrack.from_onsets(
    [
        Onset(0.5, "wood hit", gain=1.0, extra={"prompt": "a plank", "seed": "7"}),
        Onset(1.25, "metal hit", gain=0.5, extra={"end": "1.75", "locked": "1", "strength": "0.5"}),
        Onset(2.0020833, "wood hit", gain=0.25),
        Onset(2.5, "木 – <b> & 'q'", gain=1.5),
    ],
    3.0,
)


def session(folder: Path, *, stems: bool = True, track: OnsetTrack = TRACK) -> Session:
    """The events on a timeline of 23.976, with a mix and, if asked for, a stem a label."""
    mix = folder / "clip.wav"
    write_wav(Waveform(torch.linspace(-0.5, 0.5, 144_001)[None], 48_000), mix)
    made = Session(
        track,
        "clip",
        Timeline.starting(START, RATE),
        sound=mix,
        folder=folder,
        note="wood & seed 7",
        created=datetime(2026, 11, 25, 10, 0, 0),
    )
    names = {group: folder / "stems" / f"{file_name(group)}.wav" for group in made.groups}
    for path in names.values():
        write_wav(Waveform(torch.zeros(1, 144_000), 48_000), path)
    return Session(**{**vars(made), "stems": names if stems else {}})


def by_mido(content: bytes) -> list[float]:
    """Seconds of the markers, by mido's own clock."""
    import mido

    now, found = 0.0, []
    for message in mido.MidiFile(file=io.BytesIO(content), charset="utf-8"):
        now += message.time
        found += [now] if message.type == "marker" else []
    return found


def by_rpp(content: bytes) -> list[float]:
    """Seconds of the items of a REAPER project."""
    import rpp

    project = rpp.loads(content.decode())
    items = [item for track in project.findall("TRACK") for item in track.findall("ITEM")]
    return sorted(float(item.find("POSITION")[1]) for item in items)


def by_wavinfo(content: bytes) -> list[float]:
    """Seconds of the cues of a wav."""
    from wavinfo import WavInfoReader

    info = WavInfoReader(io.BytesIO(content))
    return sorted(cue.position / info.fmt.sample_rate for cue in info.cues.cues)


def by_pycmx(content: bytes) -> list[float]:
    """Seconds of the events of an EDL, by the true frame rate."""
    import pycmx

    edl = pycmx.parse_cmx3600(io.StringIO(content.decode()))
    edits = [edit for event in edl.events for edit in event.edits]
    timeline = Timeline.starting(START, RATE)
    return [timeline.seconds(timeline.frames(edit.record_in)) for edit in edits]


def by_lxml(content: bytes) -> list[float]:
    """Seconds of the clips of a DAWproject."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read("project.xml"))
    return sorted(float(clip.get("time")) for clip in root.iter("Clip"))


def by_lxml_sequence(content: bytes) -> list[float]:
    """Seconds of the markers of a Final Cut Pro 7 sequence."""
    from lxml import etree

    [sequence] = etree.fromstring(content).iter("sequence")
    assert sequence.findtext("rate/timebase") == "24"
    assert sequence.findtext("rate/ntsc").upper() == "TRUE"
    return sorted(float(int(m.findtext("in")) / RATE) for m in sequence.findall("marker"))


def by_otio(content: bytes) -> list[float]:
    """Seconds of the markers of an .otio file."""
    import opentimelineio as otio

    timeline = otio.adapters.read_from_string(content.decode(), "otio_json")
    return [marker.marked_range.start_time.to_seconds() for marker in timeline.tracks.markers]


INDEPENDENT = {  # format: the library, and what it reads
    "midi": ("mido", by_mido),
    "cue": ("wavinfo", by_wavinfo),
    "reaper": ("rpp", by_rpp),
    "edl": ("pycmx", by_pycmx),
    "dawproject": ("lxml", by_lxml),
    "fcp7": ("lxml", by_lxml_sequence),
    "otio": ("opentimelineio", by_otio),
}
