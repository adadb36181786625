"""Where files are looked up: in the checkout, or in the installed package; never in the cwd."""

from pathlib import Path

import pytest

from helpers.places import REPOSITORY
from syncfusion import places


def test_the_checkout_is_found_and_holds_everything():
    assert places.CHECKOUT == REPOSITORY
    assert (places.CFG / "onset-compact.yaml").is_file()
    assert (places.EXP / "evaluate.yaml").is_file()
    assert (places.PRESETS / "compact" / "preset.yaml").is_file()
    assert places.SAMPLE.is_file()
    assert places.CHECKPOINTS == REPOSITORY / "checkpoints"


@pytest.mark.parametrize("content", ["", "[project]\nname = 'another'\n", "[tool", "[tool.x]\n"])
def test_another_project_is_no_checkout(tmp_path, content):
    (tmp_path / "pyproject.toml").write_text(content)
    assert places.find_checkout(tmp_path) is None


def test_a_folder_without_a_project_is_no_checkout(tmp_path):
    assert places.find_checkout(tmp_path) is None


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SYNCFUSION_HOME": "/a", "XDG_CACHE_HOME": "/b"}, "/a"),
        ({"SYNCFUSION_HOME": "~/a"}, "/home/user/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/syncfusion"),
        ({}, "/home/user/.cache/syncfusion"),
    ],
)
def test_an_installed_package_downloads_into_the_users_folder(monkeypatch, environment, expected):
    for name in ("SYNCFUSION_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"HOME": "/home/user"} | environment).items():
        monkeypatch.setenv(name, value)
    assert places.download_folder(None) == Path(expected)
    assert places.download_folder(Path("/checkout")) == Path("/checkout/checkpoints")


@pytest.mark.parametrize(("value", "expected"), [("runs", "runs"), ("", "logs"), (None, "logs")])
def test_logs_go_to_the_working_folder_or_to_dir_logs(monkeypatch, value, expected):
    monkeypatch.delenv("DIR_LOGS", raising=False)
    if value is not None:
        monkeypatch.setenv("DIR_LOGS", value)
    assert places.logs_folder() == Path(expected)
