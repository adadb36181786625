"""Sync pops: a tone of one frame two seconds before the first picture, and two after the last.

They show whoever lays the sounds under the picture that all lie right. Two seconds are counted in
frames, as timecode does: 48 of them at 23.976, which last 2.002 s. Files with pops begin with the
first and end with the last, and their time reference (bext, EBU Tech 3285) is that of the first.
"""

import itertools
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.exchange.bwf import DEPTH, bwf_around
from syncfusion.exchange.session import Session
from syncfusion.exchange.timecode import Timeline
from syncfusion.media import temporary_sibling
from syncfusion.track import OnsetTrack

SECONDS = 2  # of timecode between a pop's beginning and the picture
TONE = 1000  # Hz
LEVEL = 10 ** (-20 / 20)  # peak, -20 dBFS: the reference level of digital sound (SMPTE RP 155)
BLOCK = 2**18  # samples copied at once


@dataclass(frozen=True)
class Pops:
    """The pops of a picture.

    Args:
        timeline: its frame rate, and the timecode of its first frame.

    Raises:
        InputError: if the first pop would lie before 00:00:00:00.
    """

    timeline: Timeline

    def __post_init__(self) -> None:
        if self.timeline.start < SECONDS * self.timeline.nominal:
            raise InputError(
                f"a pop two seconds before {self.timeline.at(0.0)} would lie on the day before; "
                "give the first picture's timecode by --start-tc, such as 01:00:00:00"
            )

    @property
    def lead(self) -> Fraction:
        """Seconds from the beginning of a file with pops to the first picture."""
        return SECONDS * self.timeline.nominal / self.timeline.rate

    @property
    def lead_samples(self) -> int:
        """The same in samples at 48 kHz: 96 096 at 23.976 frames a second."""
        return round(self.lead * SAMPLE_RATE)

    @property
    def n_samples(self) -> int:
        """Samples of one pop at 48 kHz: one frame."""
        return round(SAMPLE_RATE / self.timeline.rate)

    def tone(self) -> bytes:
        """Return the samples of one pop, as a wav of 24 bits holds them."""
        times = np.arange(self.n_samples) / SAMPLE_RATE
        levels = LEVEL * 2 ** (DEPTH - 1) * np.sin(2 * np.pi * TONE * times)
        whole = np.round(levels).astype("<i4")[:, None]
        return np.ascontiguousarray(whole.view(np.uint8)[:, :3]).tobytes()

    def write(self, sound: Path, path: Path, name: str) -> None:
        """Write a sound with its pops, in constant memory.

        Args:
            sound: a wav of 48 kHz, mono, 24 bit, from the first picture to the last.
            path: the file to write, which may be the same.
            name: of the clip, for the file's description.

        Raises:
            InputError: if the result would be larger than a wav can be.
            OSError: if it cannot be written.
        """
        session = Session(OnsetTrack([]), name, self.timeline, lead=self.lead)
        tone, silence = self.tone(), bytes(3 * self.lead_samples)
        before, after = tone + silence[len(tone) :], silence + tone
        with temporary_sibling(path) as new, wave.open(str(sound)) as plain, new.open("wb") as file:
            n_bytes = len(before) + 3 * plain.getnframes() + len(after)
            head, end = bwf_around(session, SAMPLE_RATE, 1, n_bytes)
            samples = iter(lambda: plain.readframes(BLOCK), b"")
            for part in itertools.chain([head, before], samples, [after, end]):
                file.write(part)
