"""The packages of pyproject.toml, of requirements.txt and of the code are the same ones."""

import ast
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from helpers.installed import BLOCKER
from helpers.places import REPOSITORY, SAMPLE
from syncfusion.errors import InputError
from syncfusion.extras import EXTRAS, missing_extra

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
OPTIONAL = PROJECT["project"]["optional-dependencies"]
CORE = {  # module: package
    "av": "av",
    "cv2": "opencv-python-headless",
    "dotenv": "python-dotenv",
    "fsspec": "fsspec",
    "jaxtyping": "jaxtyping",
    "lazy_loader": "lazy_loader",
    "mido": "mido",
    "numpy": "numpy",
    "safetensors": "safetensors",
    "soundfile": "soundfile",
    "soxr": "soxr",
    "torch": "torch",
    "torchaudio": "torchaudio",
    "tqdm": "tqdm",
    "yaml": "PyYAML",
}
BROUGHT_ALONG = {"lightning_fabric": "pytorch_lightning"}  # module: that whose package has it
UNNAMED = {"a-unet"}  # of an extra, imported by its other packages alone
PINNED_ONLY = {"einops", "pandas"}  # brought by packages of "reference"


def names(requirements):
    return {Requirement(line).name for line in requirements} - {"syncfusion"}


def pins():
    lines = (REPOSITORY / "requirements.txt").read_text().splitlines()
    found = [Requirement(line.partition("#")[0]) for line in lines if "==" in line]
    return {each.name: next(iter(each.specifier)).version for each in found}


def optional_modules():
    return {module for modules in EXTRAS.values() for module in modules}


def run_without(blocked, *arguments, cwd):
    code = BLOCKER.format(blocked=set(blocked))
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def test_the_core_of_the_project_is_the_list_here():
    assert names(PROJECT["project"]["dependencies"]) == set(CORE.values())


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_extras_of_the_project_and_of_the_messages_are_the_same(extra):
    assert names(OPTIONAL[extra]) - UNNAMED == set(EXTRAS[extra].values())


def test_every_import_of_the_package_is_in_the_core_or_in_an_extra():
    imported = set()
    for path in (REPOSITORY / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    third_party = imported - set(sys.stdlib_module_names) - {"syncfusion"}
    assert third_party - CORE.keys() - optional_modules() - BROUGHT_ALONG.keys() == set()


def test_every_range_holds_what_is_pinned():
    groups = [PROJECT["project"]["dependencies"], *OPTIONAL.values()]
    groups += PROJECT["dependency-groups"].values()
    ranges = [Requirement(line) for group in groups for line in group]
    pinned = pins()
    outside = [
        str(each)
        for each in ranges
        if each.name != "syncfusion" and not each.specifier.contains(pinned.get(each.name, "0"))
    ]
    assert outside == []
    assert pinned.keys() - PINNED_ONLY == {each.name for each in ranges} - {"syncfusion"}


@pytest.mark.slow
def test_generate_imports_nothing_of_the_extras(tmp_path):
    output = tmp_path / "out.mp4"
    options = ["--prompt", "wood hit", "--steps", "2", "-o", output]
    made = run_without(optional_modules(), "generate", SAMPLE, *options, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert output.is_file()


@pytest.mark.slow
@pytest.mark.parametrize("words", [["checkpoints", "list"], ["evaluate", "--help"], ["--help"]])
def test_what_needs_no_extra_runs_without_one(words, tmp_path):
    ended = run_without(optional_modules(), *words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr


def test_an_error_names_the_package_and_the_extra():
    error = missing_extra(ModuleNotFoundError(name="transformers.models"))
    assert isinstance(error, InputError)
    expected = "transformers is not installed; run pip install 'syncfusion[clap]'"
    assert str(error) == expected


def test_of_a_package_in_several_extras_all_are_named():
    error = missing_extra(ModuleNotFoundError(name="sklearn"))
    assert "'syncfusion[train]' or pip install 'syncfusion[report]'" in str(error)


@pytest.mark.parametrize("name", ["torch", "some_module", None])
def test_other_modules_are_no_matter_of_an_extra(name):
    assert missing_extra(ModuleNotFoundError(name=name)) is None
