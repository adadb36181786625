"""The Dockerfile, read as text, and its steps done without Docker: it is built where Docker is."""

import json
import re
import runpy
import shlex
import shutil

import pytest
import yaml

from helpers.installed import build_wheel, install
from helpers.places import REPOSITORY
from helpers.studio_client import until
from syncfusion.cli.app import build_parser

INSTRUCTIONS = {
    *("ARG", "FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "EXPOSE"),
    *("HEALTHCHECK", "ENTRYPOINT", "CMD"),
}


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile, with its words."""
    lines = (REPOSITORY / "Dockerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    found = [line.partition(" ") for line in text.splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in found]


def of(kind: str) -> list[str]:
    return [rest for name, rest in instructions() if name == kind]


def test_every_instruction_is_one_of_docker():
    assert {name for name, _ in instructions()} == INSTRUCTIONS


def copied() -> list[str]:
    return [source for rest in of("COPY") for source in rest.split()[:-1]]


def kept() -> list[str]:
    """What of the checkout is sent to Docker."""
    lines = (REPOSITORY / ".dockerignore").read_text().splitlines()
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def test_what_is_copied_is_there_and_not_ignored():
    assert all((REPOSITORY / source).exists() for source in copied())
    assert all(any(name.startswith(source) for name in kept()) for source in copied())


def test_the_wheel_is_built_from_what_is_copied():
    import tomllib

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    needed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert all(any(place.startswith(source) for source in copied()) for place in needed)


def test_it_serves_as_a_user_of_its_own():
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("CMD")
    assert of("USER") == ["user"]
    words = json.loads(of("CMD")[0])
    assert build_parser().parse_args(words).host == "0.0.0.0"
    assert words[0] == "studio"


def test_versions_are_those_that_are_pinned():
    pins = (REPOSITORY / "requirements.txt").read_text()
    installed = [word for rest in of("RUN") for word in shlex.split(rest) if "==" in word]
    assert len(installed) == 4
    assert all(f"\n{pin}\n" in pins or f"\n{pin} " in pins for pin in installed)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """An environment with the package as it is built from what is copied, and nothing else."""
    build = tmp_path_factory.mktemp("build")
    for name in kept():
        source, target = REPOSITORY / name, build / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (build / "image").mkdir()
    return install(build_wheel(tmp_path_factory.mktemp("dist"), build), build / "image")


@pytest.mark.slow
def test_its_entry_point_starts_and_its_check_of_health_passes(image):
    [entry] = json.loads(of("ENTRYPOINT")[0])
    assert "studio" in image.run(entry, "--help").stdout
    with image.start(entry, *json.loads(of("CMD")[0]), "--port", "0") as server:
        try:
            port = re.search(r":(\d+)/", server.stdout.readline())[1]
            program, *words = json.loads(of("HEALTHCHECK")[0].partition(" CMD ")[2])
            words = [word.replace("7860", port) for word in words]
            until(lambda: image.run(program, *words).returncode == 0)  # once models are loaded
        finally:
            server.terminate()


def test_the_workflow_builds_it():
    jobs = yaml.safe_load((REPOSITORY / ".github/workflows/tests.yml").read_text())["jobs"]
    runs = [step.get("run", "") for step in jobs["image"]["steps"]]
    assert any("docker build" in run for run in runs)
    assert any("/health" in run for run in runs)


def test_the_space_serves_by_the_name_of_its_hub(monkeypatch):
    words = runpy.run_path(str(REPOSITORY / "docs/examples/app.py"))["words"]
    monkeypatch.setattr("sys.argv", ["app.py"])
    monkeypatch.setenv("SPACE_HOST", "name-foley.example.org")
    assert build_parser().parse_args(words()).public_url == "https://name-foley.example.org"
    monkeypatch.delenv("SPACE_HOST")
    assert build_parser().parse_args(words()).public_url is None
