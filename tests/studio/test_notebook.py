"""The timeline in a notebook: what a hand does there, and what the track then is."""

import numpy as np
import pytest

from syncfusion.onset import OnsetCurve
from syncfusion.studio import TimelineWidget
from syncfusion.track import OnsetTrack

ROOM = {"width": 900, "height": 400}
SHOW = """async ({ esm, css, values }) => {
    const style = document.head.appendChild(document.createElement("style"));
    style.textContent = css;
    const address = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
    const listeners = new Map();
    window.model = {
        get: (name) => values[name],
        set: (name, value) => { values[name] = value; listeners.get(`change:${name}`)?.(); },
        save_changes: () => {},
        on: (name, listener) => listeners.set(name, listener),
        off: (name) => listeners.delete(name),
    };
    const widget = (await import(address)).default;
    window.end = await widget.render({ model: window.model, el: document.body });
    await new Promise((done) => setTimeout(done, 300));
}"""
CURSOR = """([x, y]) => {
    const canvas = document.querySelector("canvas");
    const at = { clientX: x, clientY: y, bubbles: true, pointerId: 1 };
    canvas.dispatchEvent(new PointerEvent("pointermove", at));
    return canvas.style.cursor;
}"""
TRACK = OnsetTrack(
    [1.0, 2.5, 4.0], 8.0, labels=["wood hit", "metal hit", "wood hit"], extras=[{"seed": "7"}] * 3
)


@pytest.fixture
def page(browser):
    page = browser.new_context(viewport=ROOM).new_page()
    page.route(
        "**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
    )
    page.goto("http://notebook.test/")
    yield page
    page.context.close()


def shown(page, widget):
    values = {name: getattr(widget, name) for name in ("modules", "project", "curve")}
    page.evaluate(SHOW, {"esm": str(widget._esm), "css": str(widget._css), "values": values})


def synchronised(page, widget) -> OnsetTrack:
    """What the widget's track is once the page has sent its own."""
    page.wait_for_timeout(300)
    widget.project = page.evaluate("model.get('project')")
    return widget.track


def x_of(time: float) -> float:
    return 0.98 * ROOM["width"] / 8 * time  # the whole clip is in sight, with a little beside it


def test_a_track_that_nobody_edits_is_the_same():
    assert TimelineWidget(TRACK).track == TRACK


def test_a_curve_goes_along_with_its_cuts():
    curve = OnsetCurve(np.array([0.0, 0.1]), np.array([0.2, 0.9]), 8.0, cuts=(0.1,))
    widget = TimelineWidget(TRACK, curve, threshold=0.4)
    assert widget.curve == {"times": [0.0, 0.1], "probabilities": [0.2, 0.9], "cuts": [0.1]}
    assert widget.project["threshold"] == 0.4


def lane_y(page, time: float) -> float | None:
    """Where an event can be held at a time; None where there is none."""
    box = page.locator("canvas").first.bounding_box()
    heights = range(int(box["y"]) + 90, int(box["y"] + box["height"]), 4)
    places = ([box["x"] + x_of(time), y] for y in heights)
    return next((at[1] for at in places if page.evaluate(CURSOR, at) == "grab"), None)


@pytest.mark.slow
def test_events_are_dragged_deleted_added_and_undone(page):
    widget = TimelineWidget(TRACK)
    shown(page, widget)
    left, y = page.locator("canvas").first.bounding_box()["x"], lane_y(page, 1.0)
    page.mouse.move(left + x_of(1.0), y)
    page.mouse.down()
    page.mouse.move(left + x_of(1.8), y, steps=4)
    page.mouse.up()
    track = synchronised(page, widget)
    assert track.times == pytest.approx((1.8, 2.5, 4.0), abs=0.03)
    assert track.extras[0]["seed"] == "7"
    page.keyboard.press("Delete")
    assert synchronised(page, widget).times == (2.5, 4.0)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert synchronised(page, widget).times == TRACK.times
    page.mouse.dblclick(left + x_of(6.0), y)
    track = synchronised(page, widget)
    assert track.times == pytest.approx((1.0, 2.5, 4.0, 6.0), abs=0.03)
    assert track.labels[-1] == "wood hit"


@pytest.mark.slow
def test_a_track_that_the_notebook_sets_is_shown(page):
    shown(page, TimelineWidget(TRACK))
    assert lane_y(page, 1.0)
    assert lane_y(page, 3.0) is None
    other = TimelineWidget(OnsetTrack([3.0], 8.0))
    page.evaluate("(project) => model.set('project', project)", other.project)
    page.wait_for_timeout(200)
    assert lane_y(page, 3.0)
    assert lane_y(page, 1.0) is None
    assert synchronised(page, other).times == (3.0,)
