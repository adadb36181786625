"""Modules and functions fit a screen or two; what is longer is named here, and the lists shrink."""

import ast
from collections.abc import Iterator

from helpers.places import REPOSITORY

PACKAGE = REPOSITORY / "src" / "syncfusion"
MODULE_LINES = 220
FUNCTION_LINES = 40  # without the docstring, which says as much as it has to
LONG_MODULES: set[str] = set()
LONG_FUNCTIONS = {
    "product/pipeline.py: generate",
}


def modules() -> Iterator[tuple[str, str]]:
    """The place of every module in the package, and its text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), path.read_text()


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has below its signature and docstring."""
    documented = ast.get_docstring(function) is not None and len(function.body) > 1
    first, last = function.body[documented], function.body[-1]
    return (last.end_lineno or 0) - first.lineno + 1


def test_a_module_is_short():
    long = {place for place, text in modules() if len(text.splitlines()) > MODULE_LINES}
    assert long - LONG_MODULES == set(), f"over {MODULE_LINES} lines: divide it by concept"
    assert LONG_MODULES - long == set(), "take what is mended off the list"


def test_a_function_is_short():
    long = {
        f"{place}: {node.name}"
        for place, text in modules()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and body_lines(node) > FUNCTION_LINES
    }
    assert long - LONG_FUNCTIONS == set(), f"over {FUNCTION_LINES} lines: divide it"
    assert LONG_FUNCTIONS - long == set(), "take what is mended off the list"


def test_lines_are_counted_below_the_docstring():
    lines = [
        "def f(",
        "    a,",
        "):",
        '    """Do.',
        "",
        "    More.",
        '    """',
        "    b = a",
        "    return b",
    ]
    [function] = ast.parse("\n".join(lines)).body
    assert isinstance(function, ast.FunctionDef)
    assert body_lines(function) == 2
