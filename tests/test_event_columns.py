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
        "strength": "0.5",
        "id": "a1",
        "Note": "kept",
    }
    assert read_columns(cells, 1.25, "line 2") == EventColumns(
        end=1.75, mute=True, seed=7, prompt="a plank", locked=True, strength=0.5, id="a1"
    )
    assert read_columns({"reference": "knock.wav"}, 0.0, "").reference == "knock.wav"


def test_empty_cells_and_missing_columns_are_the_defaults():
    names = ("end", "mute", "seed", "prompt", "reference", "locked", "strength", "id")
    empty = dict.fromkeys(names, " ")
    assert read_columns(empty, 0.5, "") == read_columns({}, 0.5, "") == EventColumns()


def test_an_end_at_the_event_itself_is_none():
    assert read_columns({"end": "0.5"}, 0.5, "").end is None


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"seed": "-3"}, "line 3 has the seed '-3'"),
        ({"seed": "1.5"}, "line 3 has the seed '1.5'"),
        ({"seed": "4294967296"}, "a whole number up to 4294967295"),
        ({"mute": "perhaps"}, "line 3 has mute 'perhaps'; give 1 or 0"),
        (
            {"prompt": "wood hit", "reference": "knock.wav"},
            "line 3 has the prompt 'wood hit' and the reference",
        ),
        ({"end": "0.5"}, "line 3 has the end '0.5'; give seconds of 1 or more"),
        ({"end": "soon"}, "line 3 has the end 'soon'"),
        ({"strength": "soft"}, "line 3 has the strength 'soft'; expected a number"),
        ({"strength": "0.05"}, "line 3 has the strength '0.05'; give 0.1 to 3, or nothing"),
        ({"strength": "-1"}, "line 3 has the strength '-1'"),
        ({"strength": "4"}, "line 3 has the strength '4'"),
        ({"strength": "1e999"}, "line 3 has the strength '1e999'"),
    ],
)
def test_a_cell_that_is_not_understood_is_refused_with_its_line_and_column(tmp_path, cells, reason):
    path = tmp_path / "events.csv"
    header, row = (",".join(each) for each in (["time", *cells], ["1", *cells.values()]))
    path.write_text(f"{header}\n0.5{',' * len(cells)}\n{row}\n")
    with pytest.raises(InputError, match=reason):
        OnsetTrack.read(path)


def test_strengths_are_kept_from_table_to_table_whatever_their_decimal_mark():
    track = OnsetTrack.from_csv("time;strength\n0,5;0,25\n1,0;\n2,0;3\n")
    assert [extra["strength"] for extra in track.extras] == ["0.25", "", "3"]
    assert OnsetTrack.from_csv(track.to_csv()) == track
