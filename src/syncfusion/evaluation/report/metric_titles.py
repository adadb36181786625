"""Titles of metrics on the page, and the headings they are grouped under."""

from typing import NamedTuple

from syncfusion.evaluation.frechet import set_metric
from syncfusion.evaluation.metrics import METRICS, PUBLISHED, QUALITY, SIDES, Metric

MAIN = "f_100ms"  # metric of clips that ranks the worst ten


class Heading(NamedTuple):
    """A group of metrics: its title, and whether it is open at first."""

    text: str
    is_open: bool = True


SETS = Heading("Fréchet distances of the whole set")
ARITHMETIC = Heading("Published arithmetic")
SOUND = Heading("Sound")
OTHERS = Heading("Other metrics of clips")
ONSETS = {
    "": Heading("Onsets against the annotation"),
    "target_": Heading("Onsets against those detected in the target's sound", is_open=False),
    "excerpt_": Heading("Onsets of the first 2 s against the annotation", is_open=False),
}
ORDER = (ONSETS[""], ARITHMETIC, SOUND, SETS, ONSETS["target_"], ONSETS["excerpt_"], OTHERS)


class MetricView(NamedTuple):
    """A metric and its heading on the page."""

    metric: Metric
    heading: Heading


def clip_metric_view(name: str) -> MetricView:
    """Return title and section of a per-clip metric; unknown metrics keep their raw name."""
    if name not in METRICS:
        return MetricView(Metric(name, ""), OTHERS)
    if name in PUBLISHED or name in QUALITY:
        return MetricView(METRICS[name], ARITHMETIC if name in PUBLISHED else SOUND)
    side = max((prefix for prefix in SIDES if name.startswith(prefix)), key=len)
    return MetricView(METRICS[name], ONSETS[side])


def set_metric_view(name: str) -> MetricView:
    """Return title and section of a metric of a whole set."""
    return MetricView(set_metric(name), SETS)
