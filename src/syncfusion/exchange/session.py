"""What an exchange file is written from, and what every format has in common."""

import itertools
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.event_columns import EventColumns, read_columns
from syncfusion.exchange.timecode import Timeline
from syncfusion.track import Onset, OnsetTrack

UNNAMED = "hit"  # the group of events without a label
TAIL = 1.0  # seconds from the last event to the end of a clip whose length is not known
LONGEST_NAME = 31  # characters of a file's name that every workstation keeps


@dataclass(frozen=True)
class Session:
    """A track on its timeline, with the sounds that belong to it.

    Args:
        track: the events.
        name: of the clip, for titles.
        timeline: the picture's frame rate and first timecode.
        stems: sound file of each group, all of one beginning and length; empty for events alone.
        sound: the whole sound as one file, None where there is none; wav of 24 bit.
        folder: where the exchange file will lie: names of sounds are relative to it.
        note: what the sounds were made from, one line.
        lead: seconds by which the sounds begin before the first picture, exact; 0 or more.
        created: when; None for now.
    """

    track: OnsetTrack
    name: str = "onsets"
    timeline: Timeline = field(default_factory=Timeline)
    stems: Mapping[str, Path] = field(default_factory=dict)
    sound: Path | None = None
    folder: Path = Path()
    note: str = ""
    lead: Fraction = Fraction(0)
    created: datetime | None = None

    @property
    def groups(self) -> dict[str, list[Onset]]:
        """The events by label, in the order in which the labels appear."""
        groups: dict[str, list[Onset]] = {}
        for event in self.track:
            groups.setdefault(group_of(event), []).append(event)
        return groups

    @property
    def duration(self) -> float:
        """Seconds the clip lasts; where that is not known, a second more than its last event."""
        last = self.track.times[-1] + TAIL if len(self.track) else 0.0
        return last if self.track.duration is None else self.track.duration

    @property
    def sample_rate(self) -> int:
        """Hz of the sounds."""
        return SAMPLE_RATE

    def lead_samples(self, rate: int = SAMPLE_RATE) -> int:
        """Return the sample of the sounds at which the first picture begins."""
        return round(self.lead * rate)

    def link(self, path: Path) -> str:
        """Return a sound's name as it stands in the file: relative, with forward slashes."""
        return Path(os.path.relpath(path, self.folder)).as_posix()

    def clips(self) -> Iterator[tuple[str, list["SoundClip"]]]:
        """Yield each track of a workstation: its name, and the parts of a sound on it.

        With stems there is a track a group, and a clip an event, which lasts to the next event of
        its group; its sound goes on beyond both ends. With the whole sound there is one clip.
        """
        for group, events in self.groups.items():
            if group in self.stems:
                ends = [*(event.time for event in events[1:]), self.duration]
                yield (
                    group,
                    [
                        SoundClip(f"{group} {number:03}", event.time, end, self.stems[group], event)
                        for number, (event, end) in enumerate(zip(events, ends, strict=True), 1)
                        if end > event.time
                    ],
                )
        if not self.stems and self.sound is not None:
            yield self.name, [SoundClip(self.name, 0.0, self.duration, self.sound, None)]


class SoundClip(NamedTuple):
    """A part of a sound file that stands where it was cut from, in seconds of the clip."""

    name: str
    start: float
    end: float
    path: Path
    event: Onset | None


def group_of(event: Onset) -> str:
    """Return the name of an event's group: its label, on one line."""
    return " ".join(event.label.split()) or UNNAMED


def columns_of(event: Onset) -> EventColumns:
    """Return the typed columns of an event; a cell that is not understood is an InputError."""
    return read_columns(event.extra, event.time, f"the event at {event.time:g} s")


def file_name(group: str) -> str:
    """Return a group's name as it stands in names of files: ``wood hit`` is ``wood-hit``."""
    plain = unicodedata.normalize("NFC", group).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:LONGEST_NAME] or UNNAMED


def distinct(names: Iterable[str], separator: str = "-") -> list[str]:
    """Return names of which no two are the same: ``hit``, ``hit-2``, ``hit-3`` for three hits."""
    found: list[str] = []
    for name in names:
        numbered = (f"{name}{separator}{number}" for number in itertools.count(2))
        found.append(next(each for each in itertools.chain([name], numbered) if each not in found))
    return found


def find_stems(folder: Path, track: OnsetTrack) -> dict[str, Path]:
    """Return the sound file of every group in a folder: ``wood-hit.wav`` for ``wood hit``.

    A name may hold more, separated by dots or underscores: ``clip_FOLEY_wood-hit_v01.wav``.

    Args:
        folder: holds .wav files; folders in it are not searched.
        track: the events whose labels are the groups.

    Returns:
        File by group, in the order in which the labels appear.

    Raises:
        InputError: if the folder is none, a group has no file or several, or two share one name.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder} of stems; give the one that holds them")
    names: dict[str, str] = {}
    for group in Session(track).groups:
        other = names.setdefault(file_name(group), group)
        if other != group:
            raise InputError(
                f"the labels {other!r} and {group!r} make one file name, {file_name(group)}.wav; "
                "rename one of them"
            )
    return {group: _stem(folder, name, group) for name, group in names.items()}


def _stem(folder: Path, name: str, group: str) -> Path:
    sounds = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".wav")
    exact = [path for path in sounds if path.stem.lower() == name]
    parts = [path for path in sounds if name in re.split(r"[._]", path.stem.lower())]
    found = exact or parts
    if len(found) != 1:
        count = f"{len(found)} files" if found else "no file"
        raise InputError(f"{folder} has {count} for the label {group!r}; name its stem {name}.wav")
    return found[0]


Write = Callable[[Session], bytes]
Read = Callable[[bytes, Timeline | None], OnsetTrack]
