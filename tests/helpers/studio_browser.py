"""The page of a studio under test: what a user does, and what is seen of it."""

import contextlib
import json
import time
from pathlib import Path

from helpers.studio_server import served

SIZE = {"width": 1280, "height": 720}
PATIENCE = 120_000  # milliseconds
PLACE = """(id) => {
  const { store, view, surface } = studio;
  const event = store.get().project.events.find((one) => one.id === id);
  const row = surface.rows().find((one) => one.key === event.group);
  const box = document.getElementById("canvas").getBoundingClientRect();
  const { start, scale } = view.get().viewport;
  const y = box.top + row.y - surface.scroll() + row.height / 2;
  return [box.left + (event.time - start) * scale, y];
}"""
TIMES = "[...document.querySelectorAll('#list [role=option]')].map((row) => +row.dataset.time)"


class StudioPage:
    """A page of the browser that shows a studio.

    Args:
        page: of playwright.
        server: that is shown.
    """

    def __init__(self, page, server) -> None:
        self.page, self.server = page, server
        self.patience = PATIENCE / 1000
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message) -> None:
        refused = "Failed to load resource" in message.text  # what is not made yet is a 404
        if message.type == "error" and not refused:
            self.complaints.append(message.text)

    def open(self, address: str | None = None) -> "StudioPage":
        """Open the address, and wait until the clip is there and nothing is left to be saved."""
        self.page.goto(address or self.server.address)
        self.wait("window.studio && studio.store.get().project.duration > 0")
        return self

    def detected(self) -> "StudioPage":
        """Wait for the first detection and its events."""
        self.wait("studio.store.get().project.events.length > 0")
        return self.saved()

    def saved(self) -> "StudioPage":
        """Wait until every edit has reached the server."""
        self.wait("studio.saving.isSaved() && studio.view.get().saving === 'saved'")
        return self

    def wait(self, condition: str) -> None:
        """Wait until an expression is true; the page's policy forbids playwright's own way."""
        end = time.monotonic() + self.patience
        while not self.page.evaluate(f"!!({condition})"):
            assert time.monotonic() < end, f"{condition} did not come true"
            self.page.wait_for_timeout(40)

    def run(self, code: str):
        return self.page.evaluate(code)

    @property
    def project(self) -> dict:
        return self.run("studio.store.get().project")

    @property
    def times(self) -> list[float]:
        """Times of the events, as the list shows them to a screen reader."""
        return self.run(TIMES)

    @property
    def selection(self) -> list[str]:
        return self.run("studio.store.get().selection")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def place(self, id: str) -> tuple[float, float]:
        """Where an event's flag is on the screen."""
        x, y = self.page.evaluate(PLACE, id)
        return x, y

    @property
    def scale(self) -> float:
        """Pixels of a second on the timeline."""
        return self.run("studio.view.get().viewport.scale")

    def drag(self, id: str, pixels: float, *, modifier: str | None = None) -> None:
        """Drag an event by some pixels."""
        x, y = self.place(id)
        mouse = self.page.mouse
        mouse.move(x, y)
        if modifier:
            self.page.keyboard.down(modifier)
        mouse.down()
        mouse.move(x + pixels / 2, y, steps=3)
        mouse.move(x + pixels, y, steps=3)
        mouse.up()
        if modifier:
            self.page.keyboard.up(modifier)

    def render(self) -> None:
        """Render whatever has no sound, and wait for it."""
        self.page.get_by_role("button", name="Render", exact=False).first.click()
        self.wait("studio.store.get().project.events.every((event) => event.take && !event.stale)")
        self.saved()

    def export(self, *names: str) -> dict[str, bytes]:
        """Export by the dialog; returns the files by name."""
        page = self.page
        page.get_by_role("button", name="Export").first.click()
        dialog = page.get_by_role("dialog")
        for name in names:
            dialog.locator(f'[name="{name}"]').wait_for()
        for box in dialog.get_by_role("checkbox").all():
            box.set_checked(box.get_attribute("name") in names)
        dialog.get_by_role("button", name="Export").click()
        dialog.locator(".files a").nth(len(names) - 1).wait_for()
        links = "[...document.querySelectorAll('.files a')].map((a) => [a.download, a.href])"
        files = {name: page.request.get(address).body() for name, address in self.run(links)}
        page.keyboard.press("Escape")
        return files


@contextlib.contextmanager
def studio_page(browser, path: Path, *, seconds: float = 0.0, **context):
    """Yield the page of a video or project; it may not complain of anything."""
    with served(path, seconds) as server:
        opened = browser.new_context(**({"viewport": SIZE} | context))
        page = StudioPage(opened.new_page(), server)
        try:
            yield page
        finally:
            opened.close()
        assert page.complaints == []


def saved_project(path: Path) -> dict:
    """What the disk holds of a project."""
    return json.loads((path / "project.json").read_text())
