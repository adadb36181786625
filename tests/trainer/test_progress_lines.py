import logging
import re
import sys

import pytest

from helpers.tiny_runs import fit
from syncfusion.trainer.progress_lines import (
    ProgressLines,
    StepBar,
    duration,
    progress_callbacks,
)


def test_a_line_says_the_step_of_how_many_the_loss_the_speed_and_the_time_left(tmp_path, caplog):
    caplog.set_level(logging.INFO, "syncfusion")
    fit(tmp_path, steps=3, callbacks=(ProgressLines(interval_seconds=0),))
    lines = [record.message for record in caplog.records if record.name.startswith("syncfusion")]
    assert re.fullmatch(r"step 1 of 3, loss [\d.]+, [\d.e+]+ steps/s, \d+:\d\d left", lines[0])
    assert lines[-1].endswith("done")
    assert "Epoch" not in "".join(lines)


def test_between_two_lines_there_is_a_minute(tmp_path, caplog):
    caplog.set_level(logging.INFO, "syncfusion")
    fit(tmp_path, steps=3, callbacks=(ProgressLines(),))
    assert len([r for r in caplog.records if "steps/s" in r.message]) == 1  # the last one


def test_a_run_without_an_end_names_none(tmp_path, caplog):
    caplog.set_level(logging.INFO, "syncfusion")
    fit(tmp_path, steps=-1, max_time={"seconds": 0}, callbacks=(ProgressLines(0),))
    assert "of" not in caplog.messages[-1].split(",")[0]


@pytest.mark.parametrize(("terminal", "kind"), [(True, StepBar), (False, ProgressLines)])
def test_a_terminal_has_bars_and_a_file_has_lines(monkeypatch, terminal, kind):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    (found,) = progress_callbacks(True)
    assert isinstance(found, kind)
    assert progress_callbacks(False) == []


def test_a_bar_of_a_training_without_epochs_names_its_step(tmp_path, capsys):
    fit(tmp_path, steps=2, callbacks=(StepBar(),), enable_progress_bar=True)
    printed = "".join(capsys.readouterr())
    assert "from step 0" in printed
    assert "Epoch" not in printed


def test_times_are_short():
    assert [duration(each) for each in (5, 65, 3661)] == ["0:05", "1:05", "1:01:01"]
