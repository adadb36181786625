"""Tables of other programs, whose first line names the columns."""

import csv
import io
from collections.abc import Collection

from syncfusion.errors import InputError
from syncfusion.text_encoding import decode_text


def read_rows(
    content: bytes, columns: Collection[str], *, delimiter: str = ",", quoted: bool = True
) -> list[dict[str, str]]:
    """Return the rows of a table by column; cells that are missing are empty.

    Args:
        content: of the file.
        columns: that have to be there.
        delimiter: between cells.
        quoted: whether a cell may stand in double quotes.

    Returns:
        One dictionary a row.

    Raises:
        InputError: if it is no table, or a column is missing.
    """
    text = io.StringIO(decode_text(content), newline="")
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    reader = csv.DictReader(text, delimiter=delimiter, quoting=quoting)
    try:
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise InputError(f"it has no column {min(missing)!r}; keep the names of the first line")
        return [
            {name: (cell or "").strip() for name, cell in row.items() if isinstance(name, str)}
            for row in reader
        ]
    except csv.Error as error:
        raise InputError(f"line {reader.line_num} is damaged ({error}); export it anew") from error
