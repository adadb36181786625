"""Onset tracks: the moments of a clip, as a value, as a file, as impulses.

Conventions: times in seconds from the start of the clip, ascending; one onset per moment.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from syncfusion.errors import InputError, reading
from syncfusion.event_columns import read_columns
from syncfusion.event_table import COLUMNS, Row, read_table
from syncfusion.text_encoding import decode_text
from syncfusion.timing import sample_index

if TYPE_CHECKING:  # torch takes seconds to import, and most uses of a track need none
    from jaxtyping import Float
    from torch import Tensor


class Onset(NamedTuple):
    """One event: time in seconds, what it is, the detector's probability, loudness factor.

    ``extra`` holds the cells of further columns by name, as they stood in the file.
    """

    time: float
    label: str = ""
    confidence: float = 1.0
    gain: float = 1.0
    extra: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class OnsetTrack:
    """The onsets of one clip, one entry per event in every column.

    Args:
        times: seconds, ascending, from 0 up to (not including) ``duration``.
        duration: length of the clip in seconds; None where it is not known.
        labels: what each event is ("metal hit"); empty for none.
        confidences: the detector's probability per event, 0 to 1; empty for all 1.
        gains: linear loudness per event, 0 or more; empty for all 1.
        extras: cells of further columns per event, by column; empty for none. They are kept as text
            on the way from file to file.

    Raises:
        InputError: if times are not finite, negative, unsorted or past the end, if a confidence is
            no probability, or if a column is of another length.
    """

    times: Sequence[float]
    duration: float | None = None
    labels: Sequence[str] = ()
    confidences: Sequence[float] = ()
    gains: Sequence[float] = ()
    extras: Sequence[Mapping[str, str]] = ()

    def __post_init__(self) -> None:
        times = tuple(float(time) for time in self.times)
        _check_times(times, self.duration)
        columns: dict[str, tuple] = {
            "times": times,
            "labels": tuple(self.labels) or ("",) * len(times),
            "confidences": tuple(map(float, self.confidences)) or (1.0,) * len(times),
            "gains": tuple(map(float, self.gains)) or (1.0,) * len(times),
            "extras": tuple(self.extras) or (MappingProxyType({}),) * len(times),
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
        if any(value > 1 for value in columns["confidences"]):
            raise InputError(
                f"the confidence {max(columns['confidences']):g} is no probability; give 0 to 1"
            )

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[Onset]:
        return map(Onset, self.times, self.labels, self.confidences, self.gains, self.extras)

    @classmethod
    def from_onsets(cls, onsets: Sequence[Onset], duration: float | None = None) -> "OnsetTrack":
        """Build a track from events, in any order."""
        ordered = sorted(onsets, key=lambda onset: onset.time)
        times, labels, confidences, gains, extras = (
            zip(*ordered, strict=True) if ordered else ((),) * 5
        )
        return cls(times, duration, labels, confidences, gains, extras)

    @classmethod
    def read(cls, path: str | Path, duration: float | None = None) -> "OnsetTrack":
        """Read an event file; ``event_table`` lists the forms it may have.

        Args:
            path: a text file; rows may stand in any order.
            duration: length of the clip, to check the times against; None to skip that check.

        Returns:
            The track; labels ``None None`` and ``None`` become empty.

        Raises:
            InputError: if the file is missing or not understood, or the times are not valid.
        """
        with reading(f"the onsets {path}"):
            return cls.from_bytes(Path(path).read_bytes(), duration)

    @classmethod
    def from_bytes(cls, content: bytes, duration: float | None = None) -> "OnsetTrack":
        """Parse the content of an event file, of whatever encoding ``decode_text`` knows."""
        return cls.from_csv(decode_text(content), duration)

    @classmethod
    def from_csv(cls, text: str, duration: float | None = None) -> "OnsetTrack":
        """Parse the text of an event file."""
        return cls.from_onsets([_onset(row) for row in read_table(text)], duration)

    def to_csv(self) -> str:
        """Return the track as text that ``from_csv`` reads, with a header; texts on one line."""
        further = list(dict.fromkeys(name for extra in self.extras for name in extra))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow((*COLUMNS, *further))
        for time, label, confidence, gain, extra in self:
            texts = [
                " ".join(cell.split()) for cell in (label, *(extra.get(n, "") for n in further))
            ]
            numbers = (f"{confidence:.4f}", f"{gain:.4f}")
            writer.writerow((f"{time:.6f}", texts[0], *numbers, *texts[1:]))
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

    def impulses(self, sample_rate: int, n_samples: int) -> "Float[Tensor, '1 time']":
        """Return the track as a signal: each onset's gain at its sample, 0 elsewhere (paper §3.2).

        Onsets that round past the last sample are dropped; of two in one sample the louder stays.
        """
        import torch

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


def _onset(row: Row) -> Onset:
    cells = dict(row.cells)
    label = cells.pop("label", "")
    time, confidence, gain = (
        float(cells.pop(name, "") or 1) for name in ("time", "confidence", "gain")
    )
    if not 0 <= confidence <= 1:
        raise InputError(
            f"line {row.line} has the confidence {confidence:g}; a confidence is 0 to 1"
        )
    read_columns(cells, time, f"line {row.line}")
    return Onset(time, "" if set(label.split()) <= {"None"} else label, confidence, gain, cells)
