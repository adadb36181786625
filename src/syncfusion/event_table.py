"""Tables of events as people and spreadsheets write them: text to rows of cells.

The header decides what the columns are; the delimiter and the decimal mark are found once for the
whole file. What could be read in two ways is refused, never guessed. Three forms have no header:
``time,label[,confidence[,gain]]`` as published, ``time material action`` as Greatest Hits has it,
and Audacity's labels, ``start TAB end TAB label``.
"""

import csv
import re
from collections.abc import Sequence
from typing import NamedTuple

from syncfusion.errors import InputError

COLUMNS = ("time", "label", "confidence", "gain")
REGION = ("time", "end", "label")  # a line of Audacity's
NUMBERS = frozenset({"time", "confidence", "gain", "end", "strength"})  # columns that hold numbers
KNOWN = frozenset(
    {*COLUMNS, "strength", "end", "mute", "seed", "prompt", "reference", "locked", "id"}
)  # in any case
DELIMITERS = "\t;,"  # in the order in which they are looked for
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
SECONDS = " of seconds (a first line may name the columns, such as time,label)"
WORDS = r"\s+"  # what separates the cells of Greatest Hits' annotations
Cells = list[tuple[int, list[str]]]  # line, and the cells on it


class Row(NamedTuple):
    """One event of a table: the line it stands on, and its cells by column."""

    line: int
    cells: dict[str, str]


class _Line(NamedTuple):
    number: int
    text: str


def read_table(text: str) -> list[Row]:
    """Split the text of an event file into rows.

    Args:
        text: lines; blank ones, those without any cell and those that begin with # are skipped.

    Returns:
        One row per event, in the order of the file. Columns are named as in the header, known ones
        in lower case; cells of ``NUMBERS`` are numbers with a decimal point, or empty.

    Raises:
        InputError: if a line is not understood, or could be read in two ways.
    """
    delimiter, lines = _declared_delimiter(_content(text))
    if not lines:
        return []
    if _is_header(lines[0].text):
        columns, rows = _with_header(lines, delimiter)
    else:
        columns, rows = _without_header(lines, delimiter)
    named = [_named(number, cells, columns) for number, cells in rows if any(cells)]
    _check_labels(named, has_header=_is_header(lines[0].text))
    pointed = _with_points(named)
    return [_as_point(row) for row in pointed] if columns is REGION else pointed


def _content(text: str) -> list[_Line]:
    lines = [_Line(number, line) for number, line in enumerate(text.splitlines(), 1)]
    return [line for line in lines if line.text.strip() and not line.text.lstrip().startswith("#")]


def _declared_delimiter(lines: list[_Line]) -> tuple[str | None, list[_Line]]:
    """Return the delimiter that Excel's ``sep=;`` line names, and the lines below it."""
    declared = re.fullmatch(r"sep=(.)", lines[0].text.strip("\r\n"), re.I) if lines else None
    return (declared[1], lines[1:]) if declared else (None, lines)


def _is_header(line: str) -> bool:
    cells = re.split(r"[\t;,]", line)
    return any(cell.strip().strip('"').strip().lower() == COLUMNS[0] for cell in cells)


def _with_header(lines: list[_Line], delimiter: str | None) -> tuple[list[str], Cells]:
    declared = delimiter or next((mark for mark in DELIMITERS if mark in lines[0].text), None)
    first, *rows = _split(lines, declared)
    columns = [name if name.lower() not in KNOWN else name.lower() for name in first[1]]
    while columns and not columns[-1]:
        columns.pop()
    if COLUMNS[0] not in columns:
        raise InputError(
            f"line {first[0]} is {','.join(first[1])[:60]!r}, whose columns are separated in two "
            "ways; separate all of them by commas"
        )
    repeated = {name for name in columns if columns.count(name) > 1} - {""}
    if repeated or "" in columns:
        problem = f"names the column {min(repeated)!r} twice" if repeated else "has an empty name"
        raise InputError(f"line {first[0]}: the header {problem}; give each column its own name")
    return columns, rows


def _without_header(lines: list[_Line], delimiter: str | None) -> tuple[Sequence[str], Cells]:
    if delimiter is None:
        delimiter = next((mark for mark in "\t;" if all(mark in line.text for line in lines)), None)
    if delimiter == "\t" or (delimiter is None and "\t" in lines[0].text):
        return _tabbed([line for line in lines if not line.text.startswith("\\")])
    if delimiter is None and any("," in line.text for line in lines):
        _refuse_decimal_commas(lines)
        if not any(_is_words(line.text) for line in lines):
            return COLUMNS, _split(lines, ",")
    if delimiter is None:
        return COLUMNS, [(n, re.split(WORDS, text.strip(), maxsplit=1)) for n, text in lines]
    return COLUMNS, _split(lines, delimiter)


def _tabbed(lines: list[_Line]) -> tuple[Sequence[str], Cells]:
    """Split lines at tabs: Audacity's regions, where all second cells are numbers, or COLUMNS."""
    rows = [(number, [cell.strip() for cell in text.split("\t")]) for number, text in lines]
    regions = [len(cells) > 1 and NUMBER.fullmatch(cells[1]) for _, cells in rows]
    return (REGION if rows and all(regions) else COLUMNS), rows


def _is_words(line: str) -> bool:
    """Whether a line is ``time material action``, with or without commas behind the time."""
    first, *rest = re.split(WORDS, line.strip(), maxsplit=1)
    apart = rest and rest[0].startswith(",")  # 0.5 , hit
    return NUMBER.fullmatch(first) is not None and not first.endswith(",") and not apart


def _as_point(row: Row) -> Row:
    """Return one of Audacity's labels without its end where that is its start."""
    is_point = float(row.cells["end"]) == float(row.cells["time"])
    return Row(row.line, {k: v for k, v in row.cells.items() if not (is_point and k == "end")})


def _refuse_decimal_commas(lines: list[_Line]) -> None:
    for number, text in lines:
        if re.match(r"[+-]?\d*,\d+(\s|$)", text.strip()):
            raise InputError(
                f"line {number} is {text.strip()[:60]!r}, where the comma may be a decimal mark or "
                "separate two columns; write decimals with a point, or separate columns by tabs or "
                "semicolons"
            )


def _split(lines: list[_Line], delimiter: str | None) -> Cells:
    """Split lines at the delimiter, or at none; a quoted cell may go over several lines."""
    texts = (f"{line.text}\n" for line in lines)
    reader = csv.reader(texts, delimiter=delimiter or "\r", strict=True)
    rows, first = [], lines[0]
    try:
        while reader.line_num < len(lines):
            first = lines[reader.line_num]
            rows.append((first.number, [cell.strip() for cell in next(reader)]))
    except csv.Error as error:
        raise InputError(
            f"line {first.number} is {first.text[:60]!r}: {error}; check its quotes"
        ) from error
    return rows


def _named(number: int, cells: list[str], columns: Sequence[str]) -> Row:
    beyond = [cell for cell in cells[len(columns) :] if cell]
    if beyond:
        raise InputError(
            f"line {number} is {','.join(cells)[:60]!r}: {len(cells)} cells for the "
            f"{len(columns)} columns {','.join(columns)}; put quotes around a cell that holds the "
            "delimiter, and write decimals with a point"
        )
    padded = [*cells, *[""] * len(columns)][: len(columns)]
    return Row(number, dict(zip(columns, padded, strict=True)))


def _check_labels(rows: list[Row], *, has_header: bool) -> None:
    """Refuse labels that are numbers, unless the header names them and times have their point."""
    for row in rows:
        label, time = row.cells.get("label", ""), row.cells["time"]
        is_half = NUMBER.fullmatch(label) or re.match(r"\d+\s*;", label)
        if is_half and not (has_header and "." in time):
            raise InputError(
                f"line {row.line} has the label {label!r}, which may be half of a decimal number "
                "or another column; write decimals with a point, and name the columns in a first "
                "line such as time,gain"
            )


def _with_points(rows: list[Row]) -> list[Row]:
    """Return rows whose numbers have decimal points; the mark is the same in the whole file."""
    numbers = [(row, name) for row in rows for name in sorted(NUMBERS & row.cells.keys())]
    for row, name in numbers:
        cell = row.cells[name]
        if (cell or name == "time") and not NUMBER.fullmatch(cell):
            raise InputError(
                f"line {row.line} has the {name} {cell[:60]!r}; expected a number"
                f"{SECONDS if name in ('time', 'end') else ''}"
            )
    marks = {mark: [row for row, name in numbers if mark in row.cells[name]] for mark in ".,"}
    if all(marks.values()):
        raise InputError(
            f"line {marks['.'][0].line} has a decimal point, line {marks[','][0].line} a decimal "
            "comma; write all numbers with a point"
        )
    return [
        Row(line, {n: c.replace(",", ".") if n in NUMBERS else c for n, c in cells.items()})
        for line, cells in rows
    ]
