import itertools
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import torch
from PIL import Image

from helpers.report_files import EVIL, SECONDS, WANTED, make_clip, make_evaluation
from syncfusion.errors import InputError
from syncfusion.evaluation.report import assets
from syncfusion.evaluation.report.charts import charts
from syncfusion.evaluation.report.curves import (
    f_against_tolerance,
    offset_histogram,
    onset_f,
    precision_recall,
)
from syncfusion.evaluation.report.html import write_report
from syncfusion.evaluation.report.marks import onset_marks
from syncfusion.evaluation.report.media import preview
from syncfusion.evaluation.report.sampling import ladders
from syncfusion.evaluation.report.tables import figure_groups, number
from syncfusion.evaluation.results import Evaluation
from syncfusion.media.audio import Waveform, read_audio, write_wav
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

    def all(self, tag, **wanted):
        """Attributes and text of the elements of a tag that have these attributes."""
        return [
            (attributes, " ".join(" ".join(inside).split()))
            for name, attributes, inside in self.elements
            if name == tag and wanted.items() <= attributes.items()
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
        clip.figures["f_100ms"] for system in evaluation.systems for clip in system.clips
    ]


def test_numbers_of_the_table_are_those_of_the_summaries(evaluation, page):
    (_, first_table), *_ = page.all("table", **{"class": "figures"})
    for system in evaluation.systems[:2]:
        f = system.summaries()["f_100ms"]
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
    groups = {group.heading.text: group.rows for group in figure_groups(evaluation)}
    rows = {row.figure.title: row.cells for row in groups["Onsets against the annotation"]}
    assert [cell.best for cell in rows["onset F ±100 ms"]] == [True, False, False]
    assert not any(cell.best for cell in rows["heard late by"])
    assert not any(cell.best for cell in rows["onsets wanted"])


def test_paired_tests_are_a_row_for_two_systems_and_a_column_a_figure(page):
    (_, table), *_ = page.all("table", **{"class": "figures pairs"})
    assert f"good − {EVIL}" in table
    assert "+0.500 p = 0.031 N = 4" in table
    assert len(page.all("td", **{"class": "sure"})) == 1


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
    assert "No clip was judged." in (tmp_path / "none.html").read_text()


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


def test_the_same_input_gives_the_same_bytes(evaluation, written, tmp_path):
    write_report(evaluation, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == written.read_bytes()


def test_media_over_the_limit_lie_beside_and_are_tidied_up(evaluation, tmp_path, monkeypatch):
    few = replace(
        evaluation, systems=(replace(evaluation.systems[0], clips=evaluation.systems[0].clips[:2]),)
    )
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
        ("wanted", 0.4, True, 20.0),
        ("wanted", 0.9, False, 45.0),
        ("wanted", 1.5, True, 75.0),
        ("heard", 0.2, False, 10.0),
        ("heard", 0.41, True, 20.5),
        ("heard", 1.58, True, 79.0),
    ]


def test_f_rises_with_the_tolerance_at_the_offset(tmp_path):
    clip = make_clip(tmp_path, "late", tuple(time + 0.045 for time in WANTED), None)
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
    right = make_clip(tmp_path, "right", WANTED[:2], None)  # confidences 1 and 0.5
    wrong = make_clip(tmp_path, "wrong", (0.1, 0.2), None)
    assert [point[:2] for point in precision_recall([right, wrong])] == [
        (pytest.approx(1 / 6), 0.5),
        (pytest.approx(2 / 6), 0.5),
    ]
    nothing = replace(right, wanted=OnsetTrack([], SECONDS))
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


def test_curves_stay_on_the_canvas(evaluation):
    for chart in charts(evaluation.systems):
        marks = itertools.chain.from_iterable(curve.marks for curve in chart.curves)
        assert all(54 <= mark.x <= 446 and 12 <= mark.y <= 250 for mark in marks)


def test_f_is_the_figure_of_that_name(evaluation):
    for clip in evaluation.systems[1].clips:
        assert onset_f(clip) == clip.figures["f_100ms"]


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (-0.1234, "−0.123"), (12.34, "12.3"), (0, "0.000")]
)
def test_numbers_are_printed_with_what_matters(value, text):
    assert number(value) == text
