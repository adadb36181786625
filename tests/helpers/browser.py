"""Debian's Chromium for tests of pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

REQUIRED = "SYNCFUSION_BROWSER"  # set to "required" where tests of pages must not skip
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


@contextmanager
def chromium() -> Iterator:
    """Yield the browser; skip the test where there is none, or fail it where one is required."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        reason = "no Chromium: apt-get install chromium"
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield opened
        opened.close()


def pictures_folder(otherwise: Path) -> Path:
    """Where pictures of pages go: ``SYNCFUSION_PICTURES``, or a folder that is thrown away."""
    folder = Path(os.environ.get("SYNCFUSION_PICTURES") or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
