"""The page of documentation that lists the studio's keys."""

import shutil
import subprocess
from pathlib import Path

import pytest

from helpers.places import REPOSITORY


@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
def test_the_documented_keys_are_those_of_the_page():
    script = Path(__file__).parent / "page" / "keys.mjs"
    made = subprocess.run(["node", script], capture_output=True, text=True, check=True).stdout
    assert made == (REPOSITORY / "docs" / "studio-keys.md").read_text(), (
        "node tests/studio/page/keys.mjs > docs/studio-keys.md"
    )
