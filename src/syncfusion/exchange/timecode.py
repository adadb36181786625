"""Timecode: hours, minutes, seconds and frames of a rate that is a fraction (SMPTE ST 12-1).

Timecode counts frames by the nominal rate and places them by the true one: at 24000/1001 frames a
second, 01:00:00:00 is 3603.6 s after 00:00:00:00, that is sample 172 972 800 at 48 kHz.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError

DROP_RATES = (Fraction(30_000, 1001), Fraction(60_000, 1001))  # rates that may drop frame numbers
NTSC = 1001  # denominator of rates that run slower than their nominal number
NEAR = 0.005  # frames a second; a decimal rate stands for the fraction this near to it
MINUTES_A_DAY, HOURS_A_DAY = 24 * 60, 24
PATTERN = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;.])(\d{2,3})")


def frame_rate(text: str | float | Fraction) -> Fraction:
    """Return the fraction that a frame rate stands for.

    Args:
        text: "24000/1001", "23.976", 25 or a fraction.

    Returns:
        The exact rate: 23.976, 23.98, 29.97, 47.95, 59.94 and 119.88 are those over 1001.

    Raises:
        InputError: if it is no rate above 0.
    """
    try:
        given = Fraction(str(text).replace(",", "."))
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(f"{text!r} is no frame rate; give 25, 23.976 or 24000/1001") from error
    if given <= 0:
        raise InputError(f"{text!r} is no frame rate; give a number above 0")
    ntsc = Fraction(round(given * NTSC / 1000) * 1000, NTSC)
    whole = Fraction(round(given))
    near = [rate for rate in (whole, ntsc) if rate > 0 and abs(rate - given) < NEAR]
    return min(near, key=lambda rate: abs(rate - given)) if near else given


@dataclass(frozen=True)
class Timeline:
    """A picture's frame rate, and the timecode of its first frame.

    Args:
        rate: frames per second, exact.
        drop_frame: whether two frame numbers (four at 60) are left out each minute but the tenth.
        start: frame number of the first picture.

    Raises:
        InputError: if the rate has no drop-frame timecode.
    """

    rate: Fraction = Fraction(25)
    drop_frame: bool = False
    start: int = 0

    def __post_init__(self) -> None:
        if self.drop_frame and self.rate not in DROP_RATES:
            raise InputError(
                f"{float(self.rate):.5g} frames a second have no drop-frame timecode; only 29.97 "
                "and 59.94 have"
            )

    @classmethod
    def starting(cls, timecode: str, rate: Fraction) -> "Timeline":
        """Return the timeline whose first picture has a timecode; ``;`` stands for drop-frame.

        Args:
            timecode: ``hh:mm:ss:ff``, or ``hh:mm:ss;ff``.
            rate: frames per second, exact.

        Returns:
            The timeline; its ``start`` is the timecode's frame number.

        Raises:
            InputError: if it is no timecode of that rate.
        """
        drop = ";" in timecode
        return cls(rate, drop, cls(rate, drop).frames(timecode))

    @property
    def nominal(self) -> int:
        """Frame numbers a second: 24 for 23.976, 30 for 29.97."""
        return round(self.rate)

    @property
    def _dropped(self) -> int:
        return self.nominal // 15 if self.drop_frame else 0

    def frames(self, timecode: str) -> int:
        """Return how many frames lie between 00:00:00:00 and a timecode.

        Args:
            timecode: ``hh:mm:ss:ff``; the mark before the frames is ignored.

        Returns:
            0 or more; numbers that drop-frame leaves out do not count.

        Raises:
            InputError: if it is no timecode of this rate, or one that drop-frame leaves out.
        """
        found = PATTERN.fullmatch(timecode.strip())
        if found is None:
            raise InputError(f"{timecode!r} is no timecode; write 01:00:00:00, or 01:00:00;00")
        hours, minutes, seconds, frame = (int(found[n]) for n in (1, 2, 3, 5))
        if hours >= HOURS_A_DAY or minutes > 59 or seconds > 59 or frame >= self.nominal:
            raise InputError(
                f"{timecode} is no timecode at {float(self.rate):.5g} frames a second; frames go "
                f"up to {self.nominal - 1}"
            )
        if seconds == 0 and minutes % 10 and frame < self._dropped:
            raise InputError(f"{timecode} is left out by drop-frame; the next one is frame 02")
        minute = 60 * hours + minutes
        dropped = self._dropped * (minute - minute // 10)
        return (60 * minute + seconds) * self.nominal + frame - dropped

    def timecode(self, frames: int) -> str:
        """Return the timecode of a frame, counted from 00:00:00:00; a day begins anew."""
        if self.drop_frame:
            frames += self._left_out(frames)
        seconds, frame = divmod(frames, self.nominal)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes % MINUTES_A_DAY, 60)
        mark = ";" if self.drop_frame else ":"
        return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{frame:02}"

    def _left_out(self, frames: int) -> int:
        """Return how many frame numbers drop-frame leaves out before a frame."""
        minute = 60 * self.nominal - self._dropped  # frames of a minute that drops
        tenth = 10 * minute + self._dropped  # frames of ten minutes
        tens, rest = divmod(frames, tenth)
        ones = max(0, (rest - self._dropped) // minute)
        return self._dropped * (9 * tens + ones)

    def frame_at(self, seconds: float) -> int:
        """Return the frame, counted from 00:00:00:00, nearest to a time of the clip."""
        return self.start + round(Fraction(seconds) * self.rate)

    def at(self, seconds: float) -> str:
        """Return the timecode nearest to a time of the clip."""
        return self.timecode(self.frame_at(seconds))

    def seconds(self, frame: int) -> float:
        """Return the time of the clip at which a frame, counted from 00:00:00:00, is shown."""
        return float((frame - self.start) / self.rate)

    def samples(self, sample_rate: int = SAMPLE_RATE) -> int:
        """Return the sample of the day at which the clip begins: a BWF's time reference."""
        return round(self.start / self.rate * sample_rate)
