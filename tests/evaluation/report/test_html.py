import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
import torch
from PIL import Image

from helpers.report_files import EVIL, REFERENCE, SECONDS, make_clip, make_evaluation
from syncfusion.errors import InputError
from syncfusion.evaluation.report import assets
from syncfusion.evaluation.report.cards import onset_marks
from syncfusion.evaluation.report.charts import charts
from syncfusion.evaluation.report.curves import (
    f_against_tolerance,
    offset_histogram,
    onset_f,
    precision_recall,
)
from syncfusion.evaluation.report.html import write_report
from syncfusion.evaluation.report.media import preview
from syncfusion.evaluation.report.metric_titles import MAIN
from syncfusion.evaluation.report.sampling import ladders
from syncfusion.evaluation.report.tables import MOST_COLUMNS, clip_columns, metric_groups, number
from syncfusion.evaluation.results import Evaluation
from syncfusion.media import Waveform, read_audio, write_wav
from syncfusion.media.video import probe
from syncfusion.track import OnsetTrack

VOID = {"meta", "link", "img", "input", "br", "hr"}


class Page(HTMLParser):
    """A page as a list of (tag, attributes, text inside), its tags checked for balance."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict, list[str]]] = []
        self._open: list[tuple[str, dict, list[str]]] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes), []))
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes), []))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        for _, _, inside in self._open:
            inside.append(data)

    def all(self, tag, **reference):
        """Attributes and text of the elements of a tag that have these attributes."""
        return [
            (attributes, " ".join(" ".join(inside).split()))
            for name, attributes, inside in self.elements
            if name == tag and reference.items() <= attributes.items()
        ]


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory) -> Evaluation:
    return make_evaluation(tmp_path_factory.mktemp("sounds"), 4)


@pytest.fixture(scope="module")
def written(evaluation, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(evaluation, path)
    return path


@pytest.fixture(scope="module")
def page(written) -> Page:
    return Page(written.read_text())


def test_the_page_is_one_file_without_links_out(written, page):
    assert list(written.parent.iterdir()) == [written]
    sources = [
        attributes[key]
        for _, attributes, _ in page.elements
        for key in ("src", "href")
        if key in attributes
    ]
    assert all(source.startswith(("data:", "#")) for source in sources)
    assert {attributes["lang"] for attributes, _ in page.all("html")} == {"en"}


def test_every_clip_of_every_system_has_its_row(evaluation, page):
    rows = [(a["data-system"], a["data-name"]) for a, _ in page.all("tbody", **{"class": "clip"})]
    assert rows == [
        (str(number), clip.name)
        for number, system in enumerate(evaluation.systems)
        for clip in system.clips
    ]
    assert [float(a["data-f"]) for a, _ in page.all("tbody", **{"class": "clip"})] == [
        clip.metrics["f_100ms"] for system in evaluation.systems for clip in system.clips
    ]


def test_numbers_of_the_table_are_those_of_the_summaries(evaluation, page):
    (_, first_table), *_ = page.all("table", **{"class": "metrics"})
    good, worse = (system.summaries()["f_100ms"] for system in evaluation.systems[:2])
    assert good.interval is None  # of equal clips
    assert f"{good.mean:.3f} best N = {good.n}" in first_table
    for f in [worse]:
        low, high = f.interval
        assert f"{f.mean:.3f}" in first_table
        assert f"{low:.3f} to {high:.3f} N = {f.n}" in first_table
    printed = {float(attributes["value"]) for attributes, _ in page.all("data")}
    assert {
        summary.mean
        for system in evaluation.systems
        for summary in system.summaries().values()
        if summary.mean is not None
    } <= printed


def test_offsets_that_some_clips_lack_say_how_many(page):
    assert "N = 3, 1 without" in {text for _, text in page.all("small", **{"class": "n"})}


def test_the_best_is_marked_only_where_a_direction_is_better(evaluation):
    groups = {group.heading.text: group.rows for group in metric_groups(evaluation)}
    rows = {row.metric.title: row.cells for row in groups["Onsets against the annotation"]}
    assert [cell.best for cell in rows["onset F ±100 ms"]] == [True, False, False]
    assert not any(cell.best for cell in rows["mean offset"])
    assert not any(cell.best for cell in rows["reference onsets"])


def test_paired_tests_are_a_row_for_two_systems_and_a_column_a_metric(page):
    (_, table), *_ = page.all("table", **{"class": "metrics pairs"})
    assert f"good − {EVIL}" in table
    assert "+0.500 p = 0.031 N = 4" in table
    assert len(page.all("td", **{"class": "significant"})) == 1


def test_names_and_problems_cannot_become_markup(page, written):
    assert EVIL not in written.read_text()
    assert not any("onerror" in attributes for _, attributes, _ in page.elements)
    (_, problems) = next(pair for pair in page.all("section") if pair[0].get("class") == "problems")
    assert f"{EVIL}.wav is silent" in problems
    assert "no sound fits a clip" in problems


def test_one_clip_has_no_interval_and_no_system_breaks_nothing(evaluation, tmp_path):
    single = replace(evaluation.systems[0], clips=evaluation.systems[0].clips[:1])
    write_report(replace(evaluation, systems=(single,)), tmp_path / "one.html")
    one = Page((tmp_path / "one.html").read_text())
    assert not one.all("small", **{"class": "interval"})
    assert {text for _, text in one.all("small", **{"class": "n"})} == {"N = 1"}
    write_report(replace(evaluation, systems=(), comparisons=()), tmp_path / "none.html")
    assert "No clip was scored." in (tmp_path / "none.html").read_text()


def test_a_clip_without_a_video_gets_an_audio_player(page):
    assert len(page.all("audio")) == 3
    assert len(page.all("video")) == 5
    assert all(attributes["aria-label"] for attributes, _ in page.all("video"))
    assert all("onsets" in attributes["alt"] for attributes, _ in page.all("img"))


def test_silence_is_dark_and_plays_to_its_end(evaluation, tmp_path):
    write_wav(Waveform(torch.zeros(1, 24_000), 16_000), tmp_path / "silent.wav")
    silent = replace(evaluation.systems[0].clips[1], sound=tmp_path / "silent.wav")
    shown = preview(silent, tmp_path, name="silent")
    assert (shown.seconds, shown.peak, shown.trouble) == (pytest.approx(1.5, abs=0.001), 0, "")
    assert max(high for _, high in Image.open(shown.spectrogram).getextrema()) < 10
    assert read_audio(shown.player).duration == pytest.approx(1.5, abs=0.05)


@pytest.fixture(scope="module")
def few(evaluation) -> Evaluation:
    """Two clips of one system, one with a video."""
    system = replace(evaluation.systems[0], clips=evaluation.systems[0].clips[:2])
    return replace(evaluation, systems=(system,))


def test_the_same_input_gives_the_same_bytes(few, tmp_path):
    for name in ("one.html", "two.html"):
        write_report(few, tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_media_over_the_limit_lie_beside_and_are_tidied_up(few, tmp_path, monkeypatch):
    path, folder = tmp_path / "report.html", tmp_path / "report_media"
    monkeypatch.setattr(assets, "EMBED_LIMIT", 10)
    write_report(few, path)
    text = path.read_text()
    linked = Page(text)
    sources = {a["src"] for tag in ("img", "audio", "video") for a, _ in linked.all(tag)}
    assert sources == {f"report_media/{file.name}" for file in folder.iterdir()}
    assert "report_media/" in " ".join(text for _, text in linked.all("code"))
    (video,) = folder.glob("*.mp4")
    assert probe(video).duration == pytest.approx(SECONDS, abs=0.1)
    assert read_audio(video).duration == pytest.approx(SECONDS, abs=0.1)
    monkeypatch.undo()
    write_report(few, path)
    assert not folder.exists()


def test_sounds_that_are_gone_are_told_and_the_rest_is_shown(evaluation, tmp_path):
    clip = replace(evaluation.systems[0].clips[0], sound=tmp_path / "gone.wav")
    other = replace(evaluation.systems[0].clips[1], video=tmp_path / "gone.mp4")
    system = replace(evaluation.systems[0], clips=(clip, other))
    write_report(replace(evaluation, systems=(system,)), tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text())
    (_, problems) = next(pair for pair in page.all("section") if pair[0].get("class") == "problems")
    assert "gone.wav" in problems
    assert "gone.mp4" in problems
    assert (len(page.all("audio")), len(page.all("video")), len(page.all("img"))) == (1, 0, 1)


def test_a_page_that_cannot_be_written_is_an_input_error(evaluation, tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        write_report(evaluation, tmp_path)


def test_marks_tell_matched_missed_and_extra_apart(tmp_path):
    clip = make_clip(tmp_path, "clip", (0.2, 0.41, 1.58), None)
    marks = onset_marks(clip, seconds=SECONDS)
    told = [(mark.kind, mark.time, mark.matched, mark.place) for mark in marks]
    assert told == [
        ("reference", 0.4, True, 20.0),
        ("reference", 0.9, False, 45.0),
        ("reference", 1.5, True, 75.0),
        ("estimate", 0.2, False, 10.0),
        ("estimate", 0.41, True, 20.5),
        ("estimate", 1.58, True, 79.0),
    ]


def test_f_rises_with_the_tolerance_at_the_offset(tmp_path):
    clip = make_clip(tmp_path, "late", tuple(time + 0.045 for time in REFERENCE), None)
    points = f_against_tolerance([clip])
    assert [point.x for point in points] == list(range(10, 201, 10))
    assert [point.y for point in points] == [0.0] * 4 + [1.0] * 16
    assert f_against_tolerance([]) == []


def test_offsets_are_counted_in_signed_milliseconds(tmp_path):
    clip = make_clip(tmp_path, "late", (0.445, 0.945, 1.465), None)
    shares = {point.x: point.y for point in offset_histogram([clip]) if point.y}
    assert shares == {45.0: pytest.approx(200 / 3), -35.0: pytest.approx(100 / 3)}
    assert offset_histogram([make_clip(tmp_path, "none", (), None)]) == []


def test_precision_and_recall_are_pooled_over_clips_by_confidence(tmp_path):
    right = make_clip(tmp_path, "right", REFERENCE[:2], None)  # confidences 1 and 0.5
    wrong = make_clip(tmp_path, "wrong", (0.1, 0.2), None)
    assert [point[:2] for point in precision_recall([right, wrong])] == [
        (pytest.approx(1 / 6), 0.5),
        (pytest.approx(2 / 6), 0.5),
    ]
    nothing = replace(right, reference=OnsetTrack([], SECONDS))
    assert precision_recall([nothing]) == []


def test_systems_that_differ_in_steps_alone_are_joined_over_evaluations(evaluation):
    def sampled(name, **render):
        settings = {"condition": "text", "made": {"render": render}}
        return replace(evaluation.systems[0], name=name, settings=settings)

    systems = [
        sampled("slow", steps=150, guidance=2.0),
        sampled("fast", steps=8, guidance=2.0),
        sampled("heun", steps=8, guidance=1.0, solver="heun"),
        evaluation.systems[0],
        evaluation.systems[2],
    ]
    told = [(names, style, [point.x for point in line]) for names, style, line in ladders(systems)]
    assert told == [(["fast", "slow"], 0, [16, 300]), (["heun"], 2, [15]), (["good"], 3, [24])]
    assert charts(systems)[-1].curves[0].name == "fast → slow"


def test_there_is_no_plot_of_evaluations_where_all_take_as_many(evaluation):
    assert ladders([evaluation.systems[0]] * 2) == []
    assert len(charts(evaluation.systems[:1])) == 3
    assert charts(evaluation.systems[2:]) == []


@pytest.fixture(scope="module")
def drawings(evaluation) -> list[str]:
    return [chart.svg(f"chart-{n}") for n, chart in enumerate(charts(evaluation.systems))]


def test_charts_are_named_drawings_in_the_colours_of_the_page(drawings, evaluation):
    for chart, text in zip(charts(evaluation.systems), drawings, strict=True):
        root = ElementTree.fromstring(text)
        assert root.get("role") == "img"
        for key, tag in (("aria-labelledby", "title"), ("aria-describedby", "desc")):
            assert root.get(key) == root.find(tag).get("id")
            assert root.find(tag).text
        assert root.find("title").text == chart.title
        assert re.findall(r"(?:fill|stroke): (?!none|var\()[^;\"]*", text) == []
        assert "<style" not in text
        assert "xmlns" not in text


def test_ids_of_charts_are_unique_on_the_page(page):
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_markers_stay_on_the_canvas_and_have_tooltips(drawings):
    uses = [use for text in drawings for use in ElementTree.fromstring(text).iter("use")]
    assert uses
    for use in uses:
        assert 0 <= float(use.get("x")) <= 460
        assert 0 <= float(use.get("y")) <= 300
        assert use.find("title").text


def test_a_chart_drawn_again_is_the_same_text(drawings, evaluation):
    assert charts(evaluation.systems)[0].svg("chart-0") == drawings[0]


def test_controls_and_recordings_are_never_best(evaluation):
    good, worse, _ = evaluation.systems

    def marked(*kinds):
        systems = tuple(
            replace(system, name=f"{n}", kind=kind)
            for n, (system, kind) in enumerate(zip((good, worse, worse), kinds, strict=True))
        )
        (group, *_) = metric_groups(replace(evaluation, systems=systems))
        return [cell.best for cell in group.rows[0].cells]

    assert marked("model", "model", "control") == [True, False, False]
    assert marked("recording", "model", "model") == [False, True, True]
    assert marked("recording", "model", "control") == [False, False, False]


def test_a_problem_of_several_systems_and_clips_is_told_once(evaluation, tmp_path):
    systems = tuple(
        replace(system, clips=(), problems=("a.wav: 8000 Hz", "b.wav: 8000 Hz", "no weights"))
        for system in evaluation.systems
    )
    write_report(replace(evaluation, systems=systems), tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text())
    (_, told) = next(pair for pair in page.all("section") if pair[0].get("class") == "problems")
    assert told == "Problems all systems : a.wav, b.wav: 8000 Hz all systems : no weights"


def test_a_missing_video_of_several_systems_is_told_once(evaluation, tmp_path):
    systems = tuple(
        replace(system, clips=(replace(system.clips[1], video=tmp_path / "gone.mp4"),))
        for system in evaluation.systems[:2]
    )
    write_report(replace(evaluation, systems=systems), tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text())
    (_, told) = next(pair for pair in page.all("section") if pair[0].get("class") == "problems")
    assert told.count("gone.mp4") == 1


def test_scores_of_clips_come_in_parts_that_fit_side_by_side(evaluation):
    columns = clip_columns(evaluation.systems)
    assert max(len(part.metrics) for part in columns) <= MOST_COLUMNS
    names = [name for part in columns for name in part.metrics]
    assert sorted(names) == sorted(evaluation.systems[0].clips[0].metrics.keys() - {MAIN})


def test_f_is_the_metric_of_that_name(evaluation):
    for clip in evaluation.systems[1].clips:
        assert onset_f(clip) == clip.metrics["f_100ms"]


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (-0.1234, "−0.123"), (12.34, "12.3"), (0, "0.000")]
)
def test_numbers_are_printed_with_what_matters(value, text):
    assert number(value) == text
