"""Onset tracks: the moments of a clip, as a value, as a file, as impulses.

Conventions: times in seconds from the start of the clip, ascending; one onset per moment.
"""

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.timing import sample_index

COLUMNS = ("time", "label", "confidence", "gain")


class Onset(NamedTuple):
    """One event: time in seconds, what it is, the detector's probability, loudness factor."""

    time: float
    label: str = ""
    confidence: float = 1.0
    gain: float = 1.0


@dataclass(frozen=True)
class OnsetTrack:
    """The onsets of one clip, one entry per event in every column.

    Args:
        times: seconds, ascending, from 0 up to (not including) ``duration``.
        duration: length of the clip in seconds; None where it is not known.
        labels: what each event is ("metal hit"); empty for none.
        confidences: the detector's probability per event, 0 to 1; empty for all 1.
        gains: linear loudness per event, 0 or more; empty for all 1.

    Raises:
        InputError: if times are not finite, negative, unsorted or past the end, or if a column is
            of another length.
    """

    times: Sequence[float]
    duration: float | None = None
    labels: Sequence[str] = ()
    confidences: Sequence[float] = ()
    gains: Sequence[float] = ()

    def __post_init__(self) -> None:
        times = tuple(float(time) for time in self.times)
        _check_times(times, self.duration)
        columns: dict[str, tuple] = {
            "times": times,
            "labels": tuple(self.labels) or ("",) * len(times),
            "confidences": tuple(map(float, self.confidences)) or (1.0,) * len(times),
            "gains": tuple(map(float, self.gains)) or (1.0,) * len(times),
        }
        for name, column in columns.items():
            if len(column) != len(times):
                raise InputError(
                    f"{len(column)} {name} for {len(times)} onsets; give one per onset"
                )
            object.__setattr__(self, name, column)
        for name in ("confidences", "gains"):
            if any(not math.isfinite(value) or value < 0 for value in columns[name]):
                raise InputError(f"{name} must be finite numbers of 0 or more")

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[Onset]:
        return map(Onset, self.times, self.labels, self.confidences, self.gains)

    @classmethod
    def from_onsets(cls, onsets: Sequence[Onset], duration: float | None = None) -> "OnsetTrack":
        """Build a track from events, in any order."""
        return cls._from_ordered(sorted(onsets, key=lambda onset: onset.time), duration)

    @classmethod
    def _from_ordered(cls, onsets: Sequence[Onset], duration: float | None) -> "OnsetTrack":
        times, labels, confidences, gains = zip(*onsets, strict=True) if onsets else ((),) * 4
        return cls(times, duration, labels, confidences, gains)

    @classmethod
    def read(cls, path: str | Path, duration: float | None = None) -> "OnsetTrack":
        """Read ``time,label[,confidence[,gain]]`` or Greatest Hits' ``time material action``.

        Args:
            path: a text file; a header line, blank lines and lines starting with # are skipped.
            duration: length of the clip, to check the times against; None to skip that check.

        Returns:
            The track; labels ``None None`` and ``None`` become empty.

        Raises:
            InputError: if the file is missing, a line has no time, or the times are not valid.
        """
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot read the onsets {path}: {_reason(error)}") from error
        try:
            return cls.from_csv(text, duration)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error

    @classmethod
    def from_csv(cls, text: str, duration: float | None = None) -> "OnsetTrack":
        """Parse the text that ``read`` reads from a file."""
        lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1)]
        lines = [(n, line) for n, line in lines if line and not line.startswith("#")]
        if lines and lines[0][1].split(",")[0].strip().lower() == COLUMNS[0]:
            lines = lines[1:]
        return cls._from_ordered([_parse_line(number, line) for number, line in lines], duration)

    def to_csv(self) -> str:
        """Return the track as text that ``from_csv`` reads, with a header; labels on one line."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for time, label, confidence, gain in self:
            label = " ".join(label.split())
            writer.writerow((f"{time:.6f}", label, f"{confidence:.4f}", f"{gain:.4f}"))
        return text.getvalue()

    def between(self, start: float, end: float) -> "OnsetTrack":
        """Return the onsets of ``[start, end)``, their times counted from ``start``."""
        kept = [
            onset._replace(time=onset.time - start) for onset in self if start <= onset.time < end
        ]
        return OnsetTrack.from_onsets(kept, end - start)

    def with_duration(self, duration: float) -> "OnsetTrack":
        """Return the same onsets in a clip of this length; those past the end are an error."""
        return replace(self, duration=duration)

    def impulses(self, sample_rate: int, n_samples: int) -> Float[Tensor, "1 time"]:
        """Return the track as a signal: each onset's gain at its sample, 0 elsewhere (paper §3.2).

        Onsets that round past the last sample are dropped; of two in one sample the louder stays.
        """
        signal = torch.zeros(1, n_samples)
        for onset in self:
            index = sample_index(onset.time, sample_rate)
            if index < n_samples:
                signal[0, index] = max(signal[0, index].item(), onset.gain)
        return signal


def _check_times(times: tuple[float, ...], duration: float | None) -> None:
    if duration is not None and not (math.isfinite(duration) and duration >= 0):
        raise InputError(f"a track's duration is 0 or more seconds, not {duration}")
    for position, time in enumerate(times, 1):
        if not math.isfinite(time):
            raise InputError(f"onset {position} has the time {time}; give seconds as a number")
        if time < 0:
            raise InputError(f"onset {position} is at {time:g} s; times start at 0")
        if position > 1 and time < times[position - 2]:
            raise InputError(
                f"onset {position} at {time:g} s comes before the one above it; sort the times"
            )
        if duration is not None and time >= duration:
            raise InputError(
                f"onset {position} at {time:g} s is past the end of the clip ({duration:g} s); "
                "remove it or check that the file belongs to this video"
            )


def _parse_line(number: int, line: str) -> Onset:
    cells = next(csv.reader([line])) if "," in line else re.split(r"\s+", line, maxsplit=1)
    cells = [cell.strip() for cell in cells]
    try:
        time, label, confidence, gain = [*cells, "", "", "", ""][:4]
        onset = Onset(float(time), label, float(confidence or 1), float(gain or 1))
    except ValueError as error:
        raise InputError(
            f"line {number} is {line[:60]!r}; expected time,label[,confidence[,gain]] with numbers"
        ) from error
    return onset._replace(label="" if set(onset.label.split()) <= {"None"} else onset.label)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "" if isinstance(error, OSError) else "it is not a text file"
