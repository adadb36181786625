"""What an evaluation found: figures of every clip, of every system, and of pairs of systems.

A *system* is one way to get sound for the clips: a row of a table. It has figures of single clips
(synchrony, envelope distance), whose means are printed with their intervals, and figures that only
a whole set has (Fréchet distance).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncfusion.evaluation.statistics import Interval, PairedTest, Summary, summary
from syncfusion.track import OnsetTrack


@dataclass(frozen=True, kw_only=True)
class ClipResult:
    """One sound of one system.

    Args:
        name: of the clip; the same in all systems.
        sound: file that was judged.
        video: what to show it with; None for none.
        wanted: the onsets it should have: the annotation.
        heard: the onsets heard in it, with confidences.
        figures: by their names in ``figures.FIGURES``; None where the clip does not have one.
    """

    name: str
    sound: Path
    video: Path | None
    wanted: OnsetTrack
    heard: OnsetTrack
    figures: Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class SetFigure:
    """A figure that only a whole set of sounds has.

    Args:
        value: None where it could not be computed.
        interval: 95 %, where one is known.
        n: sounds it is of.
        about: what it depends on: embedder, its weights, dtype, versions of libraries.
    """

    value: float | None
    n: int
    interval: Interval | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SystemResult:
    """All sounds of one system.

    Args:
        name: row of the table.
        settings: how its sounds were made, as far as known.
        clips: judged ones, by name.
        set_figures: figures of the whole set, by name.
        problems: one sentence for everything that was left out or looks wrong.
    """

    name: str
    settings: Mapping[str, Any]
    clips: tuple[ClipResult, ...]
    set_figures: Mapping[str, SetFigure] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def summaries(self) -> dict[str, Summary]:
        """Return mean, 95 % interval and N of every figure that the clips have."""
        names = dict.fromkeys(name for clip in self.clips for name in clip.figures)
        return {name: summary(clip.figures.get(name) for clip in self.clips) for name in names}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two systems by one figure, on the clips that both have.

    Args:
        figure: name.
        first: name of a system.
        second: name of another.
        test: difference of the means and p-value.
    """

    figure: str
    first: str
    second: str
    test: PairedTest


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A table, and what it was made from.

    Args:
        title: of the table.
        protocol: how sounds were cut and judged, in words.
        systems: rows.
        comparisons: of every pair of rows, by the figures that matter.
        about: versions, date, command.
    """

    title: str
    protocol: str
    systems: tuple[SystemResult, ...]
    comparisons: tuple[Comparison, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
