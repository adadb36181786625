"""Positions as text, in the forms that lists of markers use."""

import re

from syncfusion.errors import InputError
from syncfusion.exchange.timecode import PATTERN, Timeline

CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)")  # h:mm:ss.mmm or m:ss.mmm
BARS = re.compile(r"\d+\.\d+\.\d+")
LONGEST = 40  # characters of a position
NO_RATE = "it counts frames; give the picture's frame rate by --rate, such as 25 or 24000/1001"


def clock(seconds: float) -> str:
    """Return ``h:mm:ss.mmm``."""
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest / 1000:06.3f}"


def minutes(seconds: float) -> str:
    """Return ``m:ss.mmm``; minutes go on beyond 59."""
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes}:{rest / 1000:06.3f}"


def seconds_of(text: str, timeline: Timeline | None) -> float:
    """Return the seconds of a position: a clock, a timecode, or plain seconds.

    Args:
        text: ``h:mm:ss.mmm``, ``m:ss.mmm``, ``hh:mm:ss:ff``, ``hh:mm:ss;ff`` or ``12.345``.
        timeline: of the picture, for timecode; None where it is not known.

    Returns:
        Seconds from the first picture for a timecode; any other position as it stands, in seconds.

    Raises:
        InputError: if it counts bars, counts frames where the rate is not known, or is no time.
    """
    if len(text) > LONGEST:
        raise InputError(f"{text[:LONGEST]!r}… is no time; export seconds or timecode")
    if PATTERN.fullmatch(text) and (text.count(":") == 3 or ";" in text):
        return timecode_seconds(text, timeline)
    found = CLOCK.fullmatch(text)
    if found:
        return 3600 * int(found[1] or 0) + 60 * int(found[2]) + float(found[3])
    if BARS.fullmatch(text):
        raise InputError(
            f"{text} counts bars and beats; set the ruler to minutes and seconds, and export anew"
        )
    try:
        return float(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no time; export seconds or timecode") from error


def timecode_seconds(text: str, timeline: Timeline | None) -> float:
    """Return the time of the clip that a timecode stands for.

    Args:
        text: ``hh:mm:ss:ff``; ``;`` before the frames for drop-frame.
        timeline: of the picture; None where it is not known.

    Returns:
        Seconds from the first picture, 0 or more.

    Raises:
        InputError: if the rate is not known, the timecode is none of it, or lies before the start.
    """
    if timeline is None:
        raise InputError(NO_RATE)
    time = timeline.seconds(timeline.frames(text))
    if time < 0:
        raise InputError(
            f"its marker at {text} lies before the picture's first frame, {timeline.at(0.0)}; give "
            "the right start by --start-tc"
        )
    return time
