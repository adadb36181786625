"""Imports go down one list, and what is imported is installed."""

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "src" / "syncfusion"
LAYERS = (  # a module may import its own folder and all above it in this list, not its neighbours
    ("constants", "errors", "timing"),
    (
        "device",
        "progress",
        "options",
        "weights",
        "download",
        "finite_loss",
        "loggers",
        "batch_count",
    ),
    ("media",),
    ("onset", "prompt", "diffusion"),
    ("hits", "checkpoint_keys", "checkpoint_sources"),
    ("checkpoint", "preprocess", "synthetic", "mixtures"),
    ("windows", "shards", "mixture_data", "checkpoint_kinds"),
    ("evaluation", "rendering", "export", "checkpoint_convert"),
    ("training",),
    ("preset",),
    ("delivery", "record"),
    ("pipeline",),
    ("experiments", "recipe"),
    ("studio",),
    ("checkpoint_commands",),
    ("cli",),
    ("__main__", "__init__"),
)
RANKS = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Every absolute import of a file, inside functions too, as a dotted name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "syncfusion":
            names |= {f"syncfusion.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def part_of(path: Path) -> str:
    """The folder or module right below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def cases():
    for path in MODULES:
        name = path.relative_to(PACKAGE).as_posix()
        yield pytest.param(path, id=name)


@pytest.mark.parametrize("path", cases())
def test_imports_go_down_the_list(path):
    own = part_of(path)
    assert own in RANKS, f"give {own} its place in LAYERS"
    others = {name.split(".")[1] for name in imported(path) if name.startswith("syncfusion.")}
    upwards = {part for part in others - {own} if RANKS.get(part, len(LAYERS)) >= RANKS[own]}
    assert upwards == set()


def test_no_import_is_relative():
    relative = [
        path.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_everything_imported_stands_in_the_requirements():
    files = [
        path for part in ("src", "script", "tests") for path in (REPOSITORY / part).rglob("*.py")
    ]
    ours = {path.stem for path in files} | {"syncfusion"}
    names = {name.split(".")[0] for path in files for name in imported(path)}
    wanted = names - ours - set(sys.stdlib_module_names)
    lines = (REPOSITORY / "requirements.txt").read_text().splitlines()
    listed = {normal(line.split("==")[0].split("[")[0]) for line in lines if "==" in line}
    homes = packages_distributions()
    unlisted = {n for n in wanted if not listed & {normal(home) for home in homes.get(n, [n])}}
    assert unlisted == set()


def normal(name: str) -> str:
    return name.strip().lower().replace("_", "-")
