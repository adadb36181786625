"""Line charts as inline SVG: drawn by matplotlib, coloured by the style sheet of the page."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

from syncfusion.evaluation.report.curves import Point

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 460, 300  # viewBox; 1 unit is 1 px at matplotlib's 72 px per inch
MARGINS = {"left": 0.12, "right": 0.97, "bottom": 0.17, "top": 0.96}  # fractions of the chart
MOST_MARKERS = 40  # a curve of more points is drawn without markers
SVG = "http://www.w3.org/2000/svg"
HREF = "{http://www.w3.org/1999/xlink}href"
COLOURS = {  # stand-ins that the page's own colours replace, one per variable of report.css
    "#0a0b0c": "--ink",
    "#1a0b0c": "--soft",
    "#2a0b0c": "--line",
    "#3a0b0c": "--ground",
    **{f"#{number}f0b0c": f"--s{number}" for number in range(8)},
}
STAND_INS = {variable: colour for colour, variable in COLOURS.items()}
DASHES: tuple[Any, ...] = (  # as in report.css, in units of the line's width of 2
    "solid",
    (0, (3.5, 1.5)),
    (0, (1, 1.5)),
    (0, (4.5, 1.5, 1, 1.5)),
    (0, (7, 2)),
    (0, (2, 1)),
    (0, (4.5, 1.5, 1, 1.5, 1, 1.5)),
    (0, (0.5, 1)),
)
WIDE, TALL = [(-4, -2), (4, -2), (4, 2), (-4, 2)], [(-2, -4), (2, -4), (2, 4), (-2, 4)]
MARKERS: tuple[Any, ...] = ("o", "s", "^", "D", "v", "P", WIDE, TALL)  # as the symbols of the page
SETTINGS: Any = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "syncfusion",  # ids do not change from run to run
    "font.size": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "lines.solid_capstyle": "butt",
    "lines.solid_joinstyle": "round",
}


class Axis(NamedTuple):
    """One axis of a chart: label with unit, limits, and values with a tick."""

    label: str
    low: float
    high: float
    ticks: Sequence[float]


class Line(NamedTuple):
    """A curve: its name, the index of its style, its points and their tooltips."""

    name: str
    style: int
    points: Sequence[Point]
    tooltips: Sequence[str]


def draw(
    lines: Sequence[Line],
    x: Axis,
    y: Axis,
    *,
    name: str,
    title: str,
    description: str,
    is_marked: bool = True,
) -> str:
    """Return a chart as one SVG element for a page with the variables of ``report.css``.

    Args:
        lines: curves in drawing order.
        x: horizontal axis.
        y: vertical axis.
        name: prefix of all ids, unique on the page.
        title: accessible name.
        description: accessible description.
        is_marked: whether points are drawn as markers, with tooltips.

    Returns:
        The element; equal input gives equal text.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
        figure.subplots_adjust(**MARGINS)
        axes = figure.subplots()
        for number, line in enumerate(lines):
            _plot(axes, line, f"curve-{number}", is_marked and len(line.points) <= MOST_MARKERS)
        _dress(axes, x, y)
        root = _parsed(figure)
    for number, line in enumerate(lines):
        _add_tooltips(root, f"curve-{number}", line)
    _prefix_ids(root, name)
    _describe(root, name, title, description)
    return _with_variables(ElementTree.tostring(root, encoding="unicode"))


def _plot(axes: "Axes", line: Line, gid: str, is_marked: bool) -> None:
    style = line.style % len(MARKERS)
    colour = STAND_INS[f"--s{style}"]
    horizontal, vertical = [point.x for point in line.points], [point.y for point in line.points]
    for point in line.points:
        if point.interval is not None:
            axes.vlines(point.x, *point.interval, color=colour, linewidth=1.5, clip_on=False)
    (curve,) = axes.plot(
        horizontal, vertical, color=colour, linewidth=2, linestyle=DASHES[style], clip_on=False
    )
    curve.set_gid(gid)
    if is_marked:
        (markers,) = axes.plot(
            horizontal,
            vertical,
            linestyle="none",
            marker=MARKERS[style],
            markersize=7,
            markerfacecolor=colour,
            markeredgecolor=STAND_INS["--ground"],
            markeredgewidth=0.75,
            clip_on=False,
        )
        markers.set_gid(f"{gid}-markers")


def _dress(axes: "Axes", x: Axis, y: Axis) -> None:
    ink, soft, line = (STAND_INS[name] for name in ("--ink", "--soft", "--line"))
    axes.set(xlim=(x.low, x.high), ylim=(y.low, y.high))
    axes.set_xticks(x.ticks, [f"{tick:g}".replace("-", "\N{MINUS SIGN}") for tick in x.ticks])
    axes.set_yticks(y.ticks, [f"{tick:g}".replace("-", "\N{MINUS SIGN}") for tick in y.ticks])
    axes.set_xlabel(x.label, color=ink)
    axes.set_ylabel(y.label, color=ink)
    axes.tick_params(length=0, pad=6, colors=soft)
    axes.grid(color=line, linewidth=0.75)
    for spine in axes.spines.values():
        spine.set_color(soft)


def _parsed(figure: "Figure") -> ElementTree.Element:
    """Return a figure as SVG, without metadata and without the style sheet of the whole page."""
    written = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(written, format="svg", transparent=True, metadata=nothing)
    root = ElementTree.fromstring(written.getvalue())
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    return root


def _add_tooltips(root: ElementTree.Element, gid: str, line: Line) -> None:
    for group in root.iter(f"{{{SVG}}}g"):
        if group.get("id") == gid:
            _title(group, line.name)
        elif group.get("id") == f"{gid}-markers":
            for marker, text in zip(group.iter(f"{{{SVG}}}use"), line.tooltips, strict=True):
                _title(marker, text)


def _title(parent: ElementTree.Element, text: str) -> ElementTree.Element:
    title = ElementTree.Element(f"{{{SVG}}}title")
    title.text = text
    parent.insert(0, title)
    return title


def _prefix_ids(root: ElementTree.Element, name: str) -> None:
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", f"{name}-{element.attrib['id']}")
        if HREF in element.attrib:
            element.set("href", f"#{name}-{element.attrib.pop(HREF).removeprefix('#')}")
        for key, value in element.attrib.items():
            element.set(key, value.replace("url(#", f"url(#{name}-"))


def _describe(root: ElementTree.Element, name: str, title: str, description: str) -> None:
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    description_ = ElementTree.Element(f"{{{SVG}}}desc", {"id": f"{name}-description"})
    description_.text = description
    root.insert(0, description_)
    _title(root, title).set("id", f"{name}-title")
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-description")


def _with_variables(text: str) -> str:
    """Use colours and font of the page, no namespaces, and less space between elements."""
    text = re.sub(r"(</?)ns\d+:", r"\1", text)
    text = re.sub(r' xmlns(:ns\d+)?="[^"]*"', "", text)
    text = re.sub(r" font-family: [^;]*;", "", text)
    text = re.sub(r">\s+<", ">\n<", text)
    return re.sub("|".join(COLOURS), lambda found: f"var({COLOURS[found[0]]})", text)
