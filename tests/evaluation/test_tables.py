"""Tables: text, json and csv say the same, with intervals, N and problems."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from syncfusion.evaluation.metrics import METRICS
from syncfusion.evaluation.results import (
    ClipResult,
    Evaluation,
    SetMetric,
    SystemResult,
    compare_systems,
)
from syncfusion.evaluation.statistics import Interval
from syncfusion.evaluation.tables import NO_INTERVAL, format_evaluation, write_metrics
from syncfusion.track import OnsetTrack


def clip(name: str, **metrics: float | None) -> ClipResult:
    track = OnsetTrack((0.5,), 2.0)
    sound = Path(f"{name}.wav")
    return ClipResult(
        name=name, sound=sound, video=None, reference=track, estimate=track, metrics=metrics
    )


def system(name: str, values: list[float], offsets: list[float | None], **more) -> SystemResult:
    clips = [
        clip(f"clip {number}", f_100ms=value, mean_offset=offset, paper_accuracy=1.0)
        for number, (value, offset) in enumerate(zip(values, offsets, strict=True))
    ]
    return SystemResult(name=name, settings={"seed": 0}, clips=tuple(clips), **more)


@pytest.fixture
def found() -> Evaluation:
    distance = SetMetric(value=1.5, n=4, interval=Interval(1.0, 2.0), about={"weights": "none"})
    lost = ("clip 4: there is no sound of it",)
    ours = system(
        "ours",
        [0.25, 0.5, 0.75, 0.5],
        [5.0, 15.0, None, None],
        set_metrics={"frechet_inf_logmel": distance},
        problems=lost,
    )
    theirs = system("theirs", [0.0, 0.25, 0.5, 0.25], [1.0] * 4, problems=lost)
    none = SystemResult(name="none", settings={}, clips=(), problems=("no shard",))
    return Evaluation(
        title="A table",
        protocol="In words.",
        systems=(ours, theirs, none),
        comparisons=compare_systems([ours, theirs]),
        about={"date": "today"},
    )


def line(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


def test_the_text_has_mean_interval_and_number_of_clips(found):
    text = format_evaluation(found)
    assert text.startswith("A table\nIn words.\n")
    assert line(text, "N (clips)").split()[2:] == ["4", "4", "0"]
    cells = line(text, "onset F ±100 ms ↑").partition("↑")[2]
    assert text.count(NO_INTERVAL) == 1
    assert [cell.strip() for cell in cells.split("]")] == [
        "0.500 [0.312, 0.688",
        "0.250 [0.062, 0.438",
        "–",
    ]


def test_a_metric_that_some_clips_lack_says_of_how_many_it_is(found):
    assert "10.000 N=2" in line(format_evaluation(found), "mean offset (ms)")


def test_ours_stands_beside_the_published_arithmetic_and_distances(found):
    text = format_evaluation(found)
    assert line(text, "as published: accuracy ↑").split()[-3:] == ["1.000", "1.000", "–"]
    assert "1.500 [1.000, 2.000]" in line(text, "FAD∞ (logmel) ↓")


def test_pairs_are_told_with_their_p_value_and_number(found):
    assert "+0.250 p=0.125 N=4" in line(format_evaluation(found), "ours minus theirs")


def test_a_problem_of_several_systems_is_told_once(found):
    problems = format_evaluation(found).partition("Problems\n")[2].splitlines()
    assert problems == ["ours; theirs: clip 4: there is no sound of it", "none: no shard"]


def test_a_problem_of_many_clips_is_told_once_with_the_first_of_them(found):
    problems = tuple(f"{name}.wav: 44100 Hz, resampled" for name in "abcde")
    ours, *others = found.systems
    text = format_evaluation(replace(found, systems=(replace(ours, problems=problems), *others)))
    assert "ours: a.wav, b.wav, c.wav and 2 more: 44100 Hz, resampled" in text.splitlines()


def test_json_holds_every_clip_and_metric(found, tmp_path):
    write_metrics(found, tmp_path / "new")
    told = json.loads((tmp_path / "new" / "metrics.json").read_text())
    ours = told["systems"][0]
    assert ours["metrics"]["f_100ms"] == {
        "value": 0.5,
        "low": 0.3125,
        "high": 0.6875,
        "n": 4,
        "n_undefined": 0,
    }
    assert ours["metrics"]["mean_offset"]["n_undefined"] == 2
    assert ours["about"]["frechet_inf_logmel"] == {"weights": "none"}
    assert ours["clips"][2]["metrics"]["mean_offset"] is None
    assert told["comparisons"][0]["p_value"] == 0.125
    assert told["about"] == {"date": "today"}


def test_csv_holds_a_line_a_system_and_metric(found, tmp_path):
    write_metrics(found, tmp_path)
    with (tmp_path / "metrics.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 3 + 1 + 3
    first = lines[0]
    assert (first["system"], first["metric"], first["value"]) == ("ours", "f_100ms", "0.5")
    assert (first["better"], first["n"]) == ("higher", "4")
    assert first["title"] == METRICS["f_100ms"].title
