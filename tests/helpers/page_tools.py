"""The tools from npm that check the studio's page, installed when they are first needed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from helpers.places import REPOSITORY

HERE = REPOSITORY / "tests" / "studio"
TOOLS = json.loads((HERE / "package.json").read_text())["devDependencies"]


def page_tools() -> Path:
    """The folder of the tools; a test that needs them skips where there is no npm."""
    folder = HERE / "node_modules"
    if any(_version(folder / name) != version for name, version in TOOLS.items()):
        if shutil.which("npm") is None:
            pytest.skip("no npm: apt-get install npm")
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    return folder


def _version(package: Path) -> str | None:
    description = package / "package.json"
    return json.loads(description.read_text())["version"] if description.is_file() else None
