"""Cells of one event: typed, or refused with their line and column."""

import pytest

from syncfusion.errors import InputError
from syncfusion.event_columns import EventColumns, read_columns
from syncfusion.track import OnsetTrack


def test_cells_become_values():
    cells = {
        "end": "1.75",
        "mute": "Yes",
        "seed": "7.0",
        "prompt": " a  plank ",
        "locked": "1",
        "id": "a1",
        "Note": "kept",
    }
    assert read_columns(cells, 1.25, "line 2") == EventColumns(
        end=1.75, mute=True, seed=7, prompt="a plank", locked=True, id="a1"
    )
    assert read_columns({"reference": "knock.wav"}, 0.0, "").reference == "knock.wav"


def test_empty_cells_and_missing_columns_are_the_defaults():
    empty = dict.fromkeys(("end", "mute", "seed", "prompt", "reference", "locked", "id"), " ")
    assert read_columns(empty, 0.5, "") == read_columns({}, 0.5, "") == EventColumns()


def test_an_end_at_the_event_itself_is_none():
    assert read_columns({"end": "0.5"}, 0.5, "").end is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,,-3,,,", "line 3 has the seed '-3'"),
        ("1,,1.5,,,", "line 3 has the seed '1.5'"),
        ("1,,4294967296,,,", "a whole number up to 4294967295"),
        ("1,perhaps,,,,", "line 3 has mute 'perhaps'; give 1 or 0"),
        ("1,,,wood hit,knock.wav,", "line 3 has the prompt 'wood hit' and the reference"),
        ("1,,,,,0.5", "line 3 has the end '0.5'; give seconds of 1 or more"),
        ("1,,,,,soon", "line 3 has the end 'soon'"),
    ],
)
def test_a_cell_that_is_not_understood_is_refused_with_its_line_and_column(tmp_path, row, reason):
    path = tmp_path / "events.csv"
    path.write_text(f"time,mute,seed,prompt,reference,end\n0.5,no,0,,,\n{row}\n")
    with pytest.raises(InputError, match=reason):
        OnsetTrack.read(path)
