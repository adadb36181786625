"""Write docs/api.md from the front doors: what each folder of the package exports, and what it is.

    python script/api_page.py            # write the page
    python script/api_page.py --check    # exit code 1 where it is not current

Sources are parsed, not imported, so that it needs nothing but Python.
"""

import argparse
import ast
import sys
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY / "src"
PAGE = REPOSITORY / "docs" / "api.md"
HEAD = """# The Python interface

Made from the front doors by `python script/api_page.py`; do not edit. From outside a folder only
these names are imported, such as `from syncfusion.onset import decode_onsets`. A name is imported
when it is first used, so a folder costs nothing until then.
"""
Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


class Entry(NamedTuple):
    """One exported name."""

    name: str
    kind: str
    summary: str


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; compare")
    page = write_page()
    if not parser.parse_args().check:
        PAGE.write_text(page)
    elif not PAGE.is_file() or PAGE.read_text() != page:
        print("docs/api.md is not current: run python script/api_page.py", file=sys.stderr)
        return 1
    return 0


def write_page() -> str:
    """Return the page's text."""
    doors = sorted((SOURCE / "syncfusion").rglob("__init__.pyi"), key=lambda path: path.parts)
    rooms = [part for door in doors if (part := write_room(door))]
    return "\n".join([HEAD, *rooms])


def write_room(door: Path) -> str:
    """Return one folder's section; empty where it exports nothing."""
    entries = [describe(door, name) for name in exported(door)]
    if not entries:
        return ""
    name = ".".join(door.parent.relative_to(SOURCE).parts)
    rows = [f"| `{e.name}` | {e.kind} | {e.summary} |" for e in entries]
    purpose = first_line(ast.parse(door.with_suffix(".py").read_text()))
    return "\n".join(
        [f"## `{name}`\n", f"{purpose}\n", "| name | is | |", "|---|---|---|", *rows, ""]
    )


def exported(door: Path) -> list[str]:
    """Return the names of ``__all__``."""
    for node in ast.parse(door.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return sorted(ast.literal_eval(node.value), key=str.lower)
    return []


def describe(door: Path, name: str) -> Entry:
    """Find where an exported name is defined, and its summary."""
    file, inner = origin(door, name)
    text = file.read_text()
    for node in ast.parse(text).body:
        if isinstance(node, Definition) and inner in names_of(node):
            return Entry(name, kind_of(node), escape(summary(node, inner, text.splitlines())))
    return Entry(name, "module", escape(first_line(ast.parse(text))))


def origin(file: Path, name: str) -> tuple[Path, str]:
    """Follow the imports of a stub, or of a module, to the file that defines a name."""
    for node in ast.parse(file.read_text()).body:
        if not isinstance(node, ast.ImportFrom):
            continue
        start = file.parent if node.level else SOURCE
        for alias in node.names:
            if (alias.asname or alias.name) == name:
                return resolve(start.joinpath(*(node.module or "").split(".")), alias.name)
    return file, name


def resolve(module: Path, name: str) -> tuple[Path, str]:
    """Return the file of a name that is imported from a module or folder."""
    if module.with_suffix(".py").is_file():
        return origin(module.with_suffix(".py"), name)
    if (module / name / "__init__.py").is_file():
        return module / name / "__init__.py", name
    if (module / f"{name}.py").is_file():
        return module / f"{name}.py", name
    return origin(module / "__init__.pyi", name)


def names_of(node: Definition) -> list[str]:
    """Return what a statement defines."""
    if isinstance(node, ast.Assign):
        return [
            name for target in node.targets for name in ast.unparse(target).strip("()").split(", ")
        ]
    return [ast.unparse(node.target)] if isinstance(node, ast.AnnAssign) else [node.name]


def kind_of(node: Definition) -> str:
    """Return what a definition is called in the page."""
    if isinstance(node, ast.FunctionDef):
        return "function"
    return "class" if isinstance(node, ast.ClassDef) else "constant"


def summary(node: Definition, name: str, lines: list[str]) -> str:
    """Return the first line of a docstring, or a constant's value and the comment beside it."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return first_line(node)
    value = node.value
    if isinstance(value, ast.Tuple) and len(names_of(node)) > 1:
        value = value.elts[names_of(node).index(name)]
    shown = ast.unparse(value) if value else ""
    comment = lines[node.lineno - 1].partition("  # ")[2]
    return ", ".join(part for part in (f"`{shown}`" if len(shown) < 60 else "", comment) if part)


def first_line(node: ast.Module | ast.FunctionDef | ast.ClassDef) -> str:
    """Return a docstring's first paragraph as one line; empty where there is none."""
    return (ast.get_docstring(node) or "").split("\n\n")[0].replace("\n", " ")


def escape(text: str) -> str:
    """Return a text that a cell of a table can hold."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
