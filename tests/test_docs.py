"""What the documents say is so: pages that are made are current, lines that are shown run."""

import re
import shlex
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import yaml

from helpers.places import REPOSITORY, SAMPLE

DOCS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of a page that are in a language."""
    found = BLOCK.findall((REPOSITORY / name).read_text())
    return [text for kind, text in found if kind == language]


def test_the_api_page_is_current():
    command = [sys.executable, "script/api_page.py", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_contributing_draws_the_rooms_as_they_are():
    layers = REPOSITORY.joinpath("tests", "test_layers.py").read_text()
    [drawing] = [text for text in blocks("CONTRIBUTING.md", "") if "constants" in text]
    drawn = [re.split(r" {3,}", line)[0].split() for line in drawing.splitlines()]
    source = re.search(r"^LAYERS = (\(.*?^\))", layers, re.MULTILINE | re.DOTALL)
    rows = [list(row) for row in eval(source[1]) if "__init__" not in row]
    assert drawn == rows[::-1]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = LINK.findall(BLOCK.sub("", page.read_text()))
    targets = [link for link in links if not link.startswith("http")]
    assert [link for link in targets if not (page.parent / link).exists()] == []


def command_lines(first_word: str) -> list[tuple[str, str]]:
    """Return the commands of all pages that begin with a word, each with the page's name."""
    return [
        (page.name, line)
        for page in DOCS
        for kind, block in BLOCK.findall(page.read_text())
        if kind == "sh"
        for line in block.replace("\\\n", " ").splitlines()
        if line.startswith(f"{first_word} ")
    ]


@pytest.mark.parametrize(("page", "line"), command_lines("syncfusion"))
def test_commands_of_the_documents_are_understood(page, line):
    from syncfusion.cli.app import build_parser

    assert build_parser().parse_args(shlex.split(line, comments=True)[1:]).run


def test_scripts_of_the_documents_are_there():
    pages = [page for page in DOCS if page.name not in ("published.md", "CHANGELOG.md")]
    missing = {
        f"{page.name}: {script}"
        for page in pages  # but those that name scripts of the published code
        for script in re.findall(r"\bscript/[\w-]+\.(?:py|sh)", page.read_text())
        if not (REPOSITORY / script).is_file()
    }
    assert missing == set()


@pytest.mark.slow
def test_the_readmes_lines_of_python_make_a_video(clip, tmp_path, monkeypatch):
    shutil.copy(clip, tmp_path / "clip.mp4")
    monkeypatch.chdir(tmp_path)
    [lines] = blocks("README.md", "python")
    exec(compile(lines, "README.md", "exec"), {})
    assert (tmp_path / "out.mp4").stat().st_size > 0


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(blocks("docs/reusing.md", "python"))))
def test_lines_for_reuse_run(number, tmp_path, monkeypatch):
    for name in ("clip.wav", "other.wav"):
        write_hits(tmp_path / name, [0.5, 1.25])
    (tmp_path / "clip.onsets.csv").write_text("time\n0.5\n1.25\n")
    (tmp_path / "checkpoints").symlink_to(REPOSITORY / "checkpoints")
    shutil.copy(SAMPLE, tmp_path / "clip.mp4")
    monkeypatch.chdir(tmp_path)
    warnings.simplefilter("ignore")  # of few sounds in a Fréchet distance
    exec(compile(blocks("docs/reusing.md", "python")[number], f"block {number}", "exec"), {})


def write_hits(path: Path, times: list[float]) -> None:
    """Write three seconds with a decaying burst of noise at each time."""
    import torch

    from syncfusion.media import Waveform, write_wav
    from syncfusion.timing import seeded

    samples = torch.randn(1, 3 * 48000, generator=seeded(0)) * 1e-3
    for time in times:
        start = round(time * 48000)
        samples[:, start : start + 4800] += torch.randn(1, 4800, generator=seeded(1)) * 0.1
    write_wav(Waveform(samples, 48000), path)


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / ".github").rglob("*.yml")), ids=lambda path: path.name
)
def test_files_for_github_are_yaml(path):
    assert isinstance(yaml.safe_load(path.read_text()), dict)


def test_the_workflow_runs_scripts_that_are_there():
    text = (REPOSITORY / ".github" / "workflows" / "tests.yml").read_text()
    for script in set(re.findall(r"script/[\w.-]+", text)):
        assert (REPOSITORY / script).is_file()


def test_the_changelog_names_the_version():
    version = re.search(r'^version = "(.*)"', (REPOSITORY / "pyproject.toml").read_text(), re.M)[1]
    assert f"## [{version}]" in (REPOSITORY / "CHANGELOG.md").read_text()
