"""The places that the glossary names exist."""

import re

from helpers.places import REPOSITORY

PACKAGE = REPOSITORY / "src" / "syncfusion"


def places() -> list[str]:
    """Every place of the column *where*: a module, a folder, or a name in one of them."""
    rows = [
        line.split("|") for line in (REPOSITORY / "docs" / "glossary.md").read_text().splitlines()
    ]
    return [place for row in rows if len(row) == 7 for place in re.findall(r"`([^`]+)`", row[4])]


def exists(place: str) -> bool:
    """Whether a place is a path, or a module or folder in which a name is defined or exported."""
    module, _, name = place.partition(".")
    files = [PACKAGE / place, PACKAGE / f"{module}.py", PACKAGE / module / "__init__.pyi"]
    if files[0].exists():
        return True
    texts = [file.read_text() for file in files[1:] if file.is_file()]
    return any(re.search(rf"\b{name}\b", text) for text in texts)


def test_every_place_of_the_glossary_exists():
    assert len(places()) > 50
    assert [place for place in places() if not exists(place)] == []
