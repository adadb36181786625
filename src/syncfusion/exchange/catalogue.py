"""The formats by name: what each is called, what opens it, and what it can hold.

It imports nothing, so that a command can list the names at once; ``formats`` holds what writes
and reads them.
"""

from typing import NamedTuple


class FormatFacts(NamedTuple):
    """What is known of a format.

    Args:
        suffix: ending of its files.
        opened_by: programs, or what they call it.
        precision: seconds that times keep to; None for half a frame of the picture.
        identity: by what events are known that come back: "id", or "label and time".
        source: its specification.
    """

    suffix: str
    opened_by: str
    precision: float | None
    identity: str
    source: str

    @property
    def needs_rate(self) -> bool:
        """Whether it cannot be written without the picture's frame rate."""
        return self.precision is None or self.suffix in (".otio", ".spotting.csv")


SAMPLE = 1 / 48_000 / 2  # half a sample
ON_STEMS = ("reaper", "dawproject", "fcp7", "otio")  # have a track a label with items on its stem
LABEL = "label and time"
CATALOGUE: dict[str, FormatFacts] = {
    "csv": FormatFacts(".csv", "this program, spreadsheets", 1e-6, "id", "README.md"),
    "json": FormatFacts(".json", "programs of your own", 1e-9, "id", "this page"),
    "midi": FormatFacts(".mid", "every workstation", SAMPLE, LABEL, "MIDI 1.0, RP-001"),
    "cue": FormatFacts(".wav", "REAPER, Audition, WaveLab, Pro Tools", SAMPLE, "id", "EBU 3285"),
    "reaper": FormatFacts(".rpp", "REAPER", 1e-6, "id", "REAPER's own files"),
    "reaper-csv": FormatFacts(
        ".reaper.csv", "REAPER's Region/Marker Manager", 5.1e-4, LABEL, "REAPER's own files"
    ),
    "audacity": FormatFacts(
        ".txt", "Audacity, Sonic Visualiser", 1e-6, LABEL, "manual.audacityteam.org"
    ),
    "audition": FormatFacts(
        ".audition.csv", "Adobe Audition's Markers panel", 5.1e-4, "id", "Audition's own files"
    ),
    "edl": FormatFacts(
        ".edl", "DaVinci Resolve: Timeline Markers from EDL", None, LABEL, "CMX 3600"
    ),
    "spotting": FormatFacts(".spotting.csv", "people, spreadsheets", 1e-6, "id", "this page"),
    "dawproject": FormatFacts(
        ".dawproject", "Bitwig, Studio One, Cubase", 1e-6, "id", "github.com/bitwig/dawproject"
    ),
    "fcp7": FormatFacts(".xml", "Premiere, Resolve, Vegas", None, "id", "xmeml 5"),
    "otio": FormatFacts(".otio", "Resolve, Kdenlive, Hiero", 1e-6, "id", "opentimeline.io"),
}
