"""Imports go down one list, and what is imported is installed."""

import ast
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from helpers.places import REPOSITORY

PACKAGE = REPOSITORY / "src" / "syncfusion"
LAYERS = (  # a module may import its own folder and all above it in this list, not its neighbours
    ("constants", "errors", "timing", "places", "cores", "hashing", "plain_values"),
    ("event_table", "event_columns", "text_encoding"),
    ("device", "progress", "options", "published", "weights", "clip_files", "track", "extras"),
    ("command", "composition", "ownership", "engines", "addresses"),
    ("media", "trainer"),
    ("onset", "prompt", "diffusion"),
    ("hits", "checkpoint"),
    ("preprocess", "synthetic", "mixtures"),
    ("shards",),
    ("evaluation", "rendering", "exchange", "library"),
    ("product",),
    ("studio", "training"),
    ("experiments", "recipe"),
    ("cli",),
    ("__main__", "__init__"),
)
EXCEPTIONS = {  # imports past a front door: measurements of inner parts; this list only shrinks
    "benchmarks/diffusion_pair.py: syncfusion.checkpoint.keys",
    "benchmarks/diffusion_pair.py: syncfusion.diffusion.cpu.operations",
    "benchmarks/diffusion_training.py: syncfusion.checkpoint.keys",
    "benchmarks/diffusion_training.py: syncfusion.diffusion.vdiffusion",
    "benchmarks/onset_data.py: syncfusion.onset.data.examples",
    "benchmarks/onset_data.py: syncfusion.onset.data.frames",
    "benchmarks/onset_data.py: syncfusion.onset.data.sampling",
    "benchmarks/onset_data.py: syncfusion.onset.data.transforms",
    "benchmarks/onset_data.py: syncfusion.onset.detect",
    "benchmarks/onset_detection.py: syncfusion.onset.detect",
    "benchmarks/onset_detection.py: syncfusion.onset.folding",
    "benchmarks/preprocess.py: syncfusion.onset.data.frames",
    "benchmarks/sampling_quality.py: syncfusion.evaluation.statistics",
    "benchmarks/sampling_quality.py: syncfusion.rendering.render",
    "benchmarks/sampling_quality.py: syncfusion.rendering.windows",
    "benchmarks/shard_data.py: syncfusion.shards.embeddings",
    "benchmarks/shard_data.py: syncfusion.shards.stream",
}
RANKS = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """The imports of a file, inside functions too."""
    tree = ast.walk(ast.parse(path.read_text()))
    return [node for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(path: Path) -> set[str]:
    """Every absolute import of a file, inside functions too, as a dotted name."""
    names: set[str] = set()
    for node in nodes(path):
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


def test_imports_go_down_the_list():
    unplaced = {part_of(path) for path in MODULES} - RANKS.keys()
    assert unplaced == set(), "give each its place in LAYERS"
    upwards = [
        f"{path.relative_to(PACKAGE)} imports {other}"
        for path in MODULES
        for other in sorted(parts_imported(path) - {part_of(path)})
        if RANKS.get(other, len(LAYERS)) >= RANKS[part_of(path)]
    ]
    assert upwards == []


def test_every_part_of_the_list_is_there():
    assert RANKS.keys() - {part_of(path) for path in MODULES} == set()


def parts_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("syncfusion.")}


def test_folders_are_entered_by_their_front_doors():
    found = {
        f"{path.relative_to(REPOSITORY)}: {module}"
        for path in [*MODULES, *outside("script"), *outside("benchmarks")]
        for module in imported_modules(path)
        if not is_own_room(path, module)
    }
    assert found - EXCEPTIONS == set(), (
        "import the name from the folder, and list it in its __all__"
    )
    assert EXCEPTIONS - found == set(), "take what is mended off the list"


def outside(folder: str) -> list[Path]:
    return sorted((REPOSITORY / folder).glob("*.py"))


def imported_modules(path: Path) -> set[str]:
    """Every module below the package that names are imported from."""
    return {
        node.module
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("syncfusion.")
    }


def is_own_room(path: Path, module: str) -> bool:
    """Whether a file may import from a module: a front door, or one in a folder around the file."""
    home = path.relative_to(PACKAGE.parent).parts[:-1] if path.is_relative_to(PACKAGE) else ()
    parts = tuple(module.split("."))
    folders = parts if PACKAGE.parent.joinpath(*parts).is_dir() else parts[:-1]
    for depth in range(2, len(folders) + 1):
        if folders[:depth] != home[:depth]:
            return parts == folders[:depth]
    return True


def test_no_import_is_relative():
    relative = [
        path.name
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_everything_imported_stands_in_the_requirements():
    files = [
        path for part in ("src", "script", "tests") for path in (REPOSITORY / part).rglob("*.py")
    ]
    ours = {path.stem for path in [*files, *(REPOSITORY / "benchmarks").glob("*.py")]}
    ours |= {"syncfusion", "helpers", "fuzz"}
    names = {name.split(".")[0] for path in files for name in imported(path)}
    wanted = names - ours - set(sys.stdlib_module_names)
    lines = (REPOSITORY / "requirements.txt").read_text().splitlines()
    listed = {normal(line.split("==")[0].split("[")[0]) for line in lines if "==" in line}
    homes = packages_distributions()
    unlisted = {n for n in wanted if not listed & {normal(home) for home in homes.get(n, [n])}}
    assert unlisted == set()


def normal(name: str) -> str:
    return name.strip().lower().replace("_", "-")
