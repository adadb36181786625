"""The Dockerfile, read as text: it can only be built where Docker is."""

import runpy
import shlex

import yaml

from helpers.places import REPOSITORY
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


def test_what_is_copied_is_there_and_not_ignored():
    copied = [source for rest in of("COPY") for source in rest.split()[:-1]]
    assert all((REPOSITORY / source).exists() for source in copied)
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()
    kept = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    assert all(any(name.startswith(source) for name in kept) for source in copied)


def test_the_wheel_is_built_from_what_is_copied():
    import tomllib

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    needed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    copied = {source for rest in of("COPY") for source in rest.split()[:-1]}
    assert all(any(place.startswith(source) for source in copied) for place in needed)


def test_it_serves_as_a_user_of_its_own():
    import json

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
