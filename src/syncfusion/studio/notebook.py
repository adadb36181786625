"""The studio's timeline in a notebook: a track shown, edited by hand, and read again.

It is made of the page's own modules, which go along with the widget; a notebook needs no server.
"""

import re
from pathlib import Path, PurePosixPath
from typing import Any

import anywidget
import traitlets

from syncfusion.onset import OnsetCurve
from syncfusion.track import Onset, OnsetTrack

PAGE = Path(__file__).parent / "page"
ENTRY = "notebook/timeline.js"
IMPORT = re.compile(r'^(?:import\b[^"]*|\} from )"(\.[^"]+)"', re.MULTILINE)
AFTER = 1.0  # seconds shown after the last onset where the duration is not known
GAP = 0.2  # seconds between two peaks of a curve


class TimelineWidget(anywidget.AnyWidget):
    """A track on the studio's timeline; ``track`` is what it has become.

    Args:
        track: the onsets; each label is a lane.
        curve: of the detector, drawn above them; its threshold line decodes it anew, and leaves
            alone what was moved. None for none.
        threshold: at which the track was decoded from the curve.
    """

    _esm = (PAGE / "notebook" / "loader.js").read_text(encoding="utf-8")
    _css = (PAGE / "style" / "tokens.css").read_text(encoding="utf-8").replace(
        ":root", ".syncfusion-timeline"
    ) + (PAGE / "style" / "notebook.css").read_text(encoding="utf-8")
    modules = traitlets.Dict().tag(sync=True)
    project = traitlets.Dict().tag(sync=True)
    curve = traitlets.Dict(allow_none=True).tag(sync=True)

    def __init__(
        self, track: OnsetTrack, curve: OnsetCurve | None = None, threshold: float = 0.5
    ) -> None:
        self._onsets = {f"e{number}": onset for number, onset in enumerate(track, 1)}
        self._duration = track.duration
        last = max(track.times, default=0.0)
        super().__init__(
            modules=_modules(),
            project=self._shown(track.duration or last + AFTER, curve is not None, threshold),
            curve=None if curve is None else _plain(curve),
        )

    @property
    def track(self) -> OnsetTrack:
        """The onsets as they are now; what the timeline does not show of them is kept."""
        lanes = {group["id"]: group["prompt"] for group in self.project["groups"]}
        onsets = []
        for event in self.project["events"]:
            new = Onset(event["time"], lanes[event["group"]], event["confidence"])
            known = self._onsets.get(event["id"], new)
            onsets.append(known._replace(time=event["time"], gain=event["gain"]))
        return OnsetTrack.from_onsets(onsets, self._duration)

    def _shown(self, duration: float, is_decoded: bool, threshold: float) -> dict[str, Any]:
        """Return the track as a project of the studio."""
        labels = list(dict.fromkeys(onset.label for onset in self._onsets.values())) or [""]
        groups = [
            {"id": f"g{n}", "name": label, "prompt": label, "color": n % 10}
            for n, label in enumerate(labels)
        ]
        origin = "detected" if is_decoded else "added"
        events = [
            {"id": id, "time": onset.time, "group": f"g{labels.index(onset.label)}"}
            | {"confidence": onset.confidence, "gain": onset.gain, "origin": origin}
            for id, onset in self._onsets.items()
        ]
        settings = {"duration": duration, "threshold": threshold, "minimum_gap": GAP}
        return settings | {"groups": groups, "events": events}


def _modules() -> dict[str, str]:
    """Return the sources of the widget's module and of all that it imports, by name."""
    found: dict[str, str] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = (PAGE / name).read_text(encoding="utf-8")
        for path in IMPORT.findall(found[name]):
            other = (PAGE / PurePosixPath(name).parent / path).resolve()
            waiting.append(other.relative_to(PAGE.resolve()).as_posix())
    return found


def _plain(curve: OnsetCurve) -> dict[str, Any]:
    return {
        "times": curve.times.tolist(),
        "probabilities": curve.probabilities.tolist(),
        "cuts": list(curve.cuts),
    }
