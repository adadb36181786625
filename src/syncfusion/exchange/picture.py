"""The timeline of a video: its frame rate, and the timecode of its first picture."""

import logging
import os
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.exchange.timecode import Timeline, frame_rate
from syncfusion.media import read_timecode

START = "SYNCFUSION_START_TC"  # environment variable: the first picture's timecode
log = logging.getLogger(__name__)


def find_start(start: str | None = None) -> str | None:
    """Return the first picture's timecode as given, else that of the environment, else None."""
    return start or os.environ.get(START) or None


def picture_timeline(video: Path, start: str | None = None) -> Timeline:
    """Return the timeline of a video.

    Args:
        video: the file.
        start: its first picture's timecode; None for ``SYNCFUSION_START_TC``, the one that the file
            states, or zero.

    Returns:
        Exact rate, and the first picture's frame number. A timecode in the file that is none of its
        rate is left out with a warning.

    Raises:
        InputError: if the video cannot be read, or the timecode given is none of its rate.
    """
    stated_rate, stated = read_timecode(video)
    rate, given = frame_rate(stated_rate), find_start(start)
    if given:
        return Timeline.starting(given, rate)
    try:
        return Timeline.starting(stated, rate) if stated else Timeline(rate)
    except InputError as error:
        log.warning("%s states a timecode that is not used: %s", video, error)
        return Timeline(rate)
