"""The studio as it is installed: the command, the bundled models, Debian's Chromium.

``SYNCFUSION_PICTURES`` names a folder for the pictures of ``docs/studio.md``.
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import cv2
import pytest

from helpers.browser import pictures_folder
from helpers.places import SAMPLE
from helpers.studio_browser import StudioPage
from helpers.studio_server import command_served

pytestmark = pytest.mark.slow
ANSWERED = "performance.timeOrigin + performance.getEntriesByType('navigation')[0].responseEnd"
LIGHT_MIB = 150  # of the web process


class Pictures:
    """Takes pictures of a page as it comes along.

    Args:
        page: that is shown.
        folder: of the files.
    """

    def __init__(self, page, folder) -> None:
        self.page, self.folder = page, folder
        self.stills: list[Path] = []

    def take(self, name: str) -> None:
        path = self.folder / f"studio-{name}.jpg"
        self.page.page.wait_for_timeout(500)
        self.page.page.screenshot(path=path, type="jpeg", quality=85)
        self.stills.append(path)

    def write_strip(self) -> None:
        """Write the stills on one sheet, two in a row."""
        shots = [cv2.imread(str(path)) for path in self.stills]
        small = [cv2.resize(shot, (800, 450), interpolation=cv2.INTER_AREA) for shot in shots]
        rows = [cv2.hconcat(small[at : at + 2]) for at in range(0, len(small), 2)]
        strip = str(self.folder / "studio-strip.jpg")
        cv2.imwrite(strip, cv2.vconcat(rows), [cv2.IMWRITE_JPEG_QUALITY, 85])


def test_from_the_clip_to_its_stems_with_the_bundled_models(browser, tmp_path, capsys):
    video = tmp_path / "clip.mp4"
    shutil.copy(SAMPLE, video)
    begin, began_at = time.monotonic(), time.time()
    times = {}
    with command_served(video) as server:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        page = StudioPage(context.new_page(), server)
        page.patience = 240
        times["address"] = time.monotonic() - begin
        pictures = Pictures(page, pictures_folder(tmp_path))
        page.open()
        times["page answered"] = page.run(ANSWERED) / 1000 - began_at
        times["first screen"] = time.monotonic() - begin
        page.detected()
        times["drop to detected"] = time.monotonic() - begin
        page.wait("studio.view.get().jobs.every((job) => job.state !== 'running')")
        assert len(page.times) >= 2
        pictures.take("detected")
        first = page.project["events"][0]["id"]
        x, y = page.place(first)
        page.page.mouse.move(x, y)
        page.page.mouse.down()
        page.page.mouse.move(x + 60, y, steps=5)
        pictures.take("corrected")
        page.page.mouse.up()
        page.press("Control+z", "Escape")
        group = page.project["groups"][0]["id"]
        patch = '{type: "patchGroup", id: "%s", patch: {name: "wood", prompt: "wood hit"}}'
        page.run(f"studio.store.dispatch({patch % group})")
        asked = time.monotonic()
        page.page.get_by_role("button", name="Render").first.click()
        page.wait("studio.store.get().project.events.every((event) => event.take)")
        page.wait("studio.store.get().project.events.every((e) => studio.takes.peek(e.take))")
        times["prompt to heard, all events"] = time.monotonic() - asked
        page.press("Home", "ArrowDown", "ArrowDown")
        asked = time.monotonic()
        page.page.get_by_role("button", name="New take").click()
        page.wait("studio.store.get().project.events[1].takes.length === 2")
        times["another take of one event"] = time.monotonic() - asked
        pictures.take("rendered")
        page.press("Control+a")
        for _ in range(4):  # one job may be over before it is cancelled
            page.page.get_by_role("button", name="New take").click()
        page.page.get_by_text("Rendering sound").wait_for()
        asked = time.monotonic()
        page.page.get_by_role("button", name="Cancel").last.click()
        page.wait("studio.view.get().jobs.some((job) => job.state === 'cancelled')")
        times["cancel"] = time.monotonic() - asked
        page.wait(
            "studio.view.get().jobs.every((job) => !['queued', 'running'].includes(job.state))"
        )
        files = page.export("mix", "stems", "format:midi")
        assert files["clip_wood.wav"] == files["clip.wav"]
        page.page.get_by_role("button", name="Export").first.click()
        pictures.take("exported")
        page.press("Escape")
        pictures.write_strip()
        health = page.run("fetch('api/health').then((answer) => answer.json())")
        assert health["memory_mib"] < LIGHT_MIB
        assert page.complaints == []
        context.close()
    out = tmp_path / "out.mp4"
    command = [sys.executable, "-m", "syncfusion", "generate", video.with_suffix(".syncfusion")]
    subprocess.run([*command, "-o", out], check=True, capture_output=True)
    assert (tmp_path / "out.wav").read_bytes() == files["clip.wav"]
    with capsys.disabled():
        shown = {name: round(seconds, 1) for name, seconds in times.items()}
        print(json.dumps(shown | {"web process, MiB": health["memory_mib"]}))
