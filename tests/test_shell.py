"""The shell scripts, from a folder that is not the repository."""

import os
import subprocess

import pytest

from helpers.places import REPOSITORY

SCRIPTS = {  # and what of the repository each of them names
    "prepare-shards": "",
    "table1": "cfg/test-onset.yaml",
    "table2": "",
    "table3": "",
    "test-onset": "cfg/test-onset.yaml",
    "train-compact": "",
    "train-diffusion-model-gh": "",
    "train-onset-gh": "cfg/model/model-onset.yaml",
    "train-onset-gh-augment": "cfg/trainer/trainer-onset-augment.yaml",
}


@pytest.fixture
def started(tmp_path):
    """Run a script with a stand-in for Python; return its folder, words and DIR_LOGS."""
    environment = tmp_path / "environment"
    environment.mkdir()
    python = environment / "python"
    python.write_text('#!/bin/sh\npwd\necho "$DIR_LOGS"\necho "$DIR_DATA"\nprintf "%s\\n" "$@"\n')
    python.chmod(0o755)
    stamp = 'echo "$(pwd) $(cat requirements.txt pyproject.toml | cksum)"'  # script/setup.sh
    wanted = subprocess.run(["sh", "-c", stamp], cwd=REPOSITORY, capture_output=True, check=True)
    (environment / "syncfusion-installed").write_bytes(wanted.stdout)
    user = tmp_path / "user's own"
    user.mkdir()
    path = f"{environment}{os.pathsep}{os.environ['PATH']}"
    variables = {k: v for k, v in os.environ.items() if not k.startswith("DIR_")}

    def start(name, *options, folder=user, **more):
        ended = subprocess.run(
            ["sh", os.path.relpath(REPOSITORY / "script" / f"{name}.sh", folder), *options],
            cwd=folder,
            env=variables | {"VIRTUAL_ENV": str(environment), "PATH": path} | more,
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.splitlines()

    start.user = user
    return start


@pytest.mark.parametrize("name", SCRIPTS)
def test_relative_paths_are_those_of_the_users_folder(started, name):
    where, logs, data, *words = started(name, "own/data")
    assert where == str(started.user)
    assert words[-1] == "own/data"
    named = SCRIPTS[name]
    assert not named or str(REPOSITORY / named) in words
    if not (REPOSITORY / ".env").exists():
        assert (logs, data) == (str(REPOSITORY / "logs"), str(REPOSITORY / "data"))


def test_folders_that_the_environment_names_stay(started):
    assert started("table2", DIR_LOGS="mine", DIR_DATA="yours")[1:3] == ["mine", "yours"]


def test_folders_that_the_users_env_file_names_stay(started):
    (started.user / ".env").write_text("DIR_LOGS=mine\n")
    assert started("table2")[1] == ""  # read by the command itself


def test_in_the_repository_nothing_changes(started):
    where, logs, *_ = started("table2", folder=REPOSITORY)
    assert (where, logs) == (str(REPOSITORY), "")


def test_the_demo_takes_a_video_of_the_users_folder(started):
    words = started("demo", "clip.mp4", "wood hit")[3:]
    assert words[3] == "clip.mp4"
    assert str(REPOSITORY / "output" / "demo" / "demo.mp4") in words
    assert str(REPOSITORY / "data" / "sample" / "sample.mp4") in started("demo")


@pytest.mark.parametrize("broken", [None, "ruff", "pydoclint", "pyright", "python"])
def test_the_check_fails_where_one_of_its_parts_does(tmp_path, broken):
    for name in ("ruff", "pydoclint", "pyright", "python"):
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\necho {name}\nexit {3 if name == broken else 0}\n")
        tool.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        ["sh", REPOSITORY / "script" / "check.sh"],
        env=os.environ | {"VIRTUAL_ENV": str(tmp_path), "PATH": path},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == (3 if broken else 0)
    assert broken in {None, *ended.stdout.split()}
