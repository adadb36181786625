"""A thousand events on half an hour: the page keeps up with the hand."""

import pytest

from helpers.mock_studio import MockStudio
from helpers.studio_page import opened

pytestmark = pytest.mark.slow
LEAST = 50  # frames a second
TRIES = 4  # at the first one the browser still compiles
FRAMES = 90
GESTURE = """async (act) => {
    const canvas = document.getElementById("canvas");
    const box = canvas.getBoundingClientRect();
    const send = (type, x, y, more) => {
        const Kind = type === "wheel" ? WheelEvent : PointerEvent;
        const place = { clientX: box.left + x, clientY: box.top + y, bubbles: true };
        canvas.dispatchEvent(new Kind(type, { ...place, pointerId: 1, ...more }));
    };
    canvas.setPointerCapture = () => {};
    const frame = () => new Promise(requestAnimationFrame);
    const lane = studio.surface.rows().find((row) => row.kind === "lane");
    const y = lane.y + lane.height / 2;
    const steps = { zoom, drag, threshold };
    function zoom(n) { send("wheel", 600, y, { deltaY: n % 60 < 30 ? -40 : 40, ctrlKey: true }); }
    const first = studio.store.get().project.events.find((event) => event.group === lane.key);
    const { start, scale } = studio.view.get().viewport;
    const x = (first.time - start) * scale;
    function drag(n) { send("pointermove", x + 5 + 3 * n, y, { buttons: 1 }); }
    function threshold(n) {
        const settings = { threshold: 0.3 + (n % 30) / 60, gap: 0.2 };
        studio.store.dispatch({ type: "decode", ...settings, gesture: "t" });
    }
    if (act === "drag") send("pointerdown", x, y, { button: 0, buttons: 1 });
    let before = await frame();
    const from = before;
    for (let n = 0; n < FRAMES; n += 1) {
        steps[act](n);
        before = await frame();
    }
    if (act === "drag") send("pointerup", x, y, {});
    return FRAMES / ((before - from) / 1000);
}""".replace("FRAMES", str(FRAMES))


@pytest.fixture(scope="module")
def long_clip(browser):
    with opened(browser, MockStudio(1000, 1800.0)) as page:
        page.until("document.querySelectorAll('#list [role=option]').length === 1000")
        yield page


@pytest.mark.parametrize("gesture", ["zoom", "drag", "threshold"])
def test_at_least_fifty_frames_a_second(long_clip, gesture):
    long_clip.run("studio.store.dispatch({ type: 'select', ids: [] })")
    if gesture == "drag":
        long_clip.select("e1", "e2", "e4", "e500")
        long_clip.run(
            "studio.view.dispatch({ viewport: { ...studio.view.get().viewport, scale: 20 } })"
        )
    counters = long_clip.page.context.new_cdp_session(long_clip.page)
    counters.send("Performance.enable")
    rates = []
    while len(rates) < TRIES and not any(max(pair) >= LEAST for pair in rates):
        rates.append(measured(long_clip, counters, gesture))
    print(gesture, [tuple(round(rate, 1) for rate in pair) for pair in rates])
    assert max(max(pair) for pair in rates) >= LEAST


def measured(studio, counters, gesture) -> tuple[float, float]:
    """Frames a second: seen, and as many as the page's thread makes with a core of its own.

    Other programs on the machine lower the first; the second counts the thread's own time.
    """
    before = thread_seconds(counters)
    seen = studio.page.evaluate(f"({GESTURE})('{gesture}')")
    return seen, FRAMES / (thread_seconds(counters) - before)


def thread_seconds(counters) -> float:
    metrics = counters.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "ThreadTime")


def test_the_list_catches_up_with_the_slider(long_clip):
    long_clip.run("studio.store.dispatch({ type: 'undo' })")
    long_clip.until("document.getElementById('count').textContent === '1000 events'")
