"""The built wheel, installed where no checkout can be seen."""

import shutil
from pathlib import Path

import pytest

from helpers.installed import Installed, build_wheel, install
from helpers.places import REPOSITORY, SAMPLE
from syncfusion.extras import EXTRAS

pytestmark = pytest.mark.slow
MEGABYTE = 2**20
COMMANDS = {path.stem for path in (REPOSITORY / "src/syncfusion/cli").glob("[a-z]*.py")}
COMMANDS -= {"app", "output", "models", "videos"}  # no commands, nor parts of one:
COMMANDS -= {"generate_project", "generate_video", "train_diffusion", "train_own", "train_strength"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The installed wheel; nothing may be written into the package."""
    found = install(wheel, tmp_path_factory.mktemp("installed"))
    shutil.copy(SAMPLE, found.folder)
    before = listing(found.package)
    yield found
    assert listing(found.package) == before


def listing(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def sentence(ended):
    """What a command of bad input ended with: one line on stderr and exit code 2."""
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.count("\n") == 1
    return ended.stderr


def test_the_wheel_is_small(wheel):
    assert wheel.stat().st_size < 60 * MEGABYTE


def test_the_installed_package_is_typed_and_complete(installed: Installed):
    assert (installed.package / "py.typed").is_file()
    source = REPOSITORY / "src" / "syncfusion"
    expected = {path.relative_to(source) for path in source.rglob("*.py*") if path.suffix != ".pyc"}
    assert {path for path in expected if not (installed.package / path).is_file()} == set()


def test_the_package_is_not_the_checkouts(installed: Installed):
    code = "import syncfusion, sys; print(syncfusion.__file__); print(sys.path)"
    shown = installed.run("python", "-c", code).stdout
    assert shown.startswith(str(installed.package))
    assert str(REPOSITORY / "src") not in shown


def test_the_sample_gets_its_sound(installed: Installed):
    made = installed.run("syncfusion", "generate", "sample.mp4", "--prompt", "wood hit")
    assert made.returncode == 0, made.stderr
    endings = ("mp4", "wav", "onsets.csv", "json")
    assert made.stdout.splitlines()[:-1] == [f"sample.sync.{ending}" for ending in endings]
    assert all((installed.folder / name).is_file() for name in made.stdout.splitlines()[:-1])


def test_the_bundled_preset_loads(installed: Installed):
    code = "import syncfusion; print(syncfusion.load('compact', device='cpu').preset.folder)"
    loaded = installed.run("python", "-c", code)
    assert loaded.stdout.strip() == str(installed.package / "_bundled/checkpoints/compact")


def test_bundled_weights_are_listed_and_others_named(installed: Installed):
    shown = installed.run("syncfusion", "checkpoints", "list").stdout
    assert "compact/diffusion.safetensors" in shown
    assert "run syncfusion checkpoints download paper" in shown


@pytest.mark.parametrize("command", [*sorted(COMMANDS), "evaluate compare"])
def test_commands_have_help(installed: Installed, command):
    shown = installed.run("syncfusion", *command.split(), "--help")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("usage: syncfusion")


def test_configurations_are_the_packages_and_not_those_of_the_working_folder(installed: Installed):
    for name in ("cfg", "exp"):
        (installed.folder / name).mkdir(exist_ok=True)
        (installed.folder / name / "evaluate.yaml").write_text("of: somebody else\n")
    ended = installed.run("syncfusion", "evaluate", "+experiment=table2_audio", "shards=nowhere")
    assert "nowhere" in sentence(ended)


def test_a_package_without_the_presets_weights(installed: Installed, tmp_path):
    weights = installed.package / "_bundled/checkpoints/compact/diffusion.safetensors"
    weights.rename(tmp_path / "kept")
    try:
        ended = installed.run("syncfusion", "generate", "sample.mp4", "--prompt", "wood hit")
    finally:
        (tmp_path / "kept").rename(weights)
    assert f"the preset 'compact' lacks {weights}" in sentence(ended)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("report", ["evaluate", "+experiment=table2_audio"]),
        ("train", ["synthesize", "-o", "scenes"]),
        ("studio", ["studio", "sample.mp4", "--no-browser"]),
    ],
)
def test_a_command_without_its_extra_names_it(installed: Installed, extra, words):
    ended = installed.run_without(set(EXTRAS[extra]), *words)
    assert f"pip install 'syncfusion[{extra}]'" in sentence(ended)


@pytest.mark.timeout(1800)
def test_a_rehearsed_preset_renders_and_is_not_trained_twice(installed: Installed):
    command = ("syncfusion", "train", "compact", "--rehearse")
    made = installed.run(*command)
    assert made.returncode == 0, made.stderr
    preset = installed.folder / "logs" / "compact-rehearsal" / "preset"
    models = {path: path.stat().st_mtime_ns for path in preset.glob("*.safetensors")}
    assert len(models) == 3
    assert "- prompt, synthetic" in (preset / "README.md").read_text()
    again = installed.run(*command)
    assert again.returncode == 0, again.stderr
    assert again.stdout.count(": done") + again.stdout.count(": failed") == 8
    assert {path: path.stat().st_mtime_ns for path in models} == models
    (installed.folder / "times.txt").write_text("0.5 wood\n1.25 wood\n")
    options = ["--onsets", "times.txt", "--prompt", "wood hit", "--preset", preset]
    rendered = installed.run("syncfusion", "generate", "sample.mp4", *options, "-o", "own.mp4")
    assert rendered.returncode == 0, rendered.stderr
    assert (installed.folder / "own.wav").is_file()


def test_a_home_that_cannot_be_written_to(installed: Installed):
    taken = installed.home / "file"
    taken.touch()
    ended = installed.run(
        "syncfusion", "checkpoints", "download", "clap", SYNCFUSION_HOME=f"{taken}/x"
    )
    assert f"cannot write to the folder {taken}/x" in sentence(ended)
    assert "SYNCFUSION_HOME" in ended.stderr
    command = ("syncfusion", "detect", "sample.mp4", "-o", "of-another-home.csv")
    made = installed.run(*command, HOME=f"{taken}/x")
    assert made.returncode == 0, made.stderr
    assert (installed.folder / "of-another-home.csv").is_file()


def test_the_papers_preset_says_how_to_get_its_weights(installed: Installed):
    options = ["--prompt", "wood hit", "--preset", "paper"]
    told = sentence(installed.run("syncfusion", "generate", "sample.mp4", *options))
    assert str(installed.home / ".cache/syncfusion/paper") in told
    assert told.endswith("run syncfusion checkpoints download paper\n")
