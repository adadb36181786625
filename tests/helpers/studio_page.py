"""The studio's page in Chromium, as a person uses it: keys, mouse, and what is then there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from helpers.mock_server import serving
from helpers.mock_studio import MockStudio

LOADED = (
    "window.studio && studio.view.get().viewport.duration > 0 && studio.view.get().prompts.length"
)
SOUNDS = "studio.store.get().project.events.every((e) => !e.take || studio.takes.peek(e.take))"
RESET = """(async () => {
    document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
    document.querySelectorAll(".toast").forEach((toast) => toast.remove());
    document.activeElement?.blur();
    studio.engine.pause();
    studio.engine.seek(0);
    const { project, revision } = await studio.api.project();
    const curve = await studio.api.curve();
    studio.store.dispatch({ type: "load", project });
    studio.saving.adopt(revision);
    studio.store.dispatch({ type: "curve", curve, decodes: false });
    const { viewport } = studio.view.get();
    studio.view.dispatch({
        viewport: { ...viewport, start: 0, scale: viewport.width / viewport.duration },
        snapping: true, follows: true, from: null, to: null, speed: 1, reviewing: false,
        group: null, compared: {}, tapDelay: 0, jobs: [],
        clip: { mute: false, solo: false, gain: 1 },
    });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
})()"""


class StudioPage:
    """A page that is open, and the mock of the server behind it."""

    def __init__(self, page: Any, server: MockStudio) -> None:
        self.page, self.server = page, server
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.until(LOADED)

    def sounds(self) -> None:
        self.until(SOUNDS)

    def until(self, condition: str, seconds: float = 60) -> None:
        """Wait for a condition; the page's policy allows no code from strings inside it."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < end, f"never became true: {condition}"
            self.page.wait_for_timeout(20)

    def start_anew(self) -> None:
        """The page and its server as they were, without loading the page again."""
        self.page.mouse.move(0, 0)
        self.until("studio.saving.isSaved()")
        self.server.reset()
        self.run(RESET)
        self.until("studio.saving.isSaved()")
        self.complaints.clear()

    def run(self, script: str) -> Any:
        return self.page.evaluate(script)

    def project(self) -> dict[str, Any]:
        return self.run("studio.store.get().project")

    def events(self) -> list[dict[str, Any]]:
        return self.project()["events"]

    def times(self) -> list[float]:
        return [round(event["time"], 6) for event in self.events()]

    def selection(self) -> list[str]:
        return self.run("studio.store.get().selection")

    def steps(self) -> int:
        return self.run("studio.store.get().past.length")

    def now(self) -> float:
        return self.run("studio.engine.time()")

    def view(self, name: str) -> Any:
        return self.run(f"studio.view.get().{name}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def select(self, *ids: str) -> None:
        self.run(f"studio.store.dispatch({{type: 'select', ids: {list(ids)}}})")

    def seek(self, time: float) -> None:
        self.run(f"studio.engine.seek({time})")

    def place(self, row: str, time: float, part: float = 0.5) -> tuple[float, float]:
        """Where on the screen a time is in a row: ruler, film, original, curve, a group, mix."""
        return tuple(
            self.run(
                f"""(() => {{
                    const box = document.getElementById("canvas").getBoundingClientRect();
                    const {{ start, scale }} = studio.view.get().viewport;
                    const row = studio.surface.rows().find((row) => row.key === "{row}");
                    const y = row.y - studio.surface.scroll() + row.height * {part};
                    return [box.left + ({time} - start) * scale, box.top + y];
                }})()"""
            )
        )

    def event_place(self, id: str) -> tuple[float, float]:
        event = next(event for event in self.events() if event["id"] == id)
        return self.place(event["group"], event["time"])

    def drag(self, start: tuple[float, float], end: tuple[float, float], *held: str) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        for key in held:
            self.page.keyboard.down(key)
        middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
        mouse.move(*middle)
        mouse.move(*end)
        mouse.up()
        for key in held:
            self.page.keyboard.up(key)

    def scale(self) -> float:
        return self.view("viewport.scale")

    def saved(self) -> dict[str, Any]:
        """The project as the server has it, once all is saved."""
        self.until("studio.view.get().saving === 'saved' && studio.saving.isSaved()")
        return self.server.project


@contextmanager
def opened(browser: Any, server: MockStudio, **context: Any) -> Iterator[StudioPage]:
    """The page with a mock of the server; at the end, nothing was complained of."""
    settings = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"} | context
    with serving(server) as address:
        page = browser.new_context(**settings).new_page()
        studio = StudioPage(page, server)
        studio.open(address)
        yield studio
        page.context.close()
    assert studio.complaints == []
