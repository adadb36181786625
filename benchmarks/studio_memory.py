"""Memory of the studio while it is edited without a pause: web process, worker and page.

A script in Chromium adds, moves, turns up, deletes and undoes events and turns the threshold, lets
everything be saved, and has another take rendered; then the rubbish is collected and memory is
read. The slope is that of the second half, when the history of 500 steps is full. An edit is one
step of the history; by hand one makes perhaps one in two seconds, 3600 in two hours.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import history
import numpy as np
from playwright.sync_api import sync_playwright

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "sample.mp4"
BATCH = 100  # edits between two looks at memory
EDITS = """async (count) => {
  const { store, view, saving } = studio;
  const frame = () => new Promise(requestAnimationFrame);
  const { duration } = view.get().viewport;
  const events = () => store.get().project.events;
  const any = () => events()[Math.floor(Math.random() * events().length)].id;
  const acts = [
    () => store.dispatch({ type: "add", event: { time: Math.random() * duration } }),
    (gesture) => {
      const ids = [any()];
      for (let at = 1; at < 9; at += 1)
        store.dispatch({ type: "move", ids, delta: at / 500, gesture });
    },
    () => store.dispatch({ type: "gain", ids: [any()], decibels: Math.random() - 0.5 }),
    () => store.dispatch({ type: "undo" }),
    (gesture) => store.dispatch({ type: "decode", threshold: Math.random(), gap: 0.2, gesture }),
    () => events().length > 12 && store.dispatch({ type: "remove", ids: [any()] }),
  ];
  for (let n = 0; n < count; n += 1) {
    acts[n % acts.length](`${performance.now()} ${n}`);
    await frame();
  }
  while (events().length > 12) store.dispatch({ type: "remove", ids: [any()] });
  await saving.flush();
  while (!events().length) store.dispatch({ type: "add", event: { time: 0.5 } });
  store.dispatch({ type: "select", ids: [any()] });
  await studio.sounding.newTakes();
  await saving.flush();
  return (await fetch("api/health")).json();
}"""


@contextmanager
def page_of(video: Path) -> Iterator[Any]:
    """Serve a video, and yield its page once it was detected."""
    words = [sys.executable, "-m", "syncfusion", "studio", str(video), "--no-browser", "--port=0"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        with sync_playwright() as playwright:
            options = ["--no-sandbox", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=executable, args=options)
            page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            assert server.stdout is not None
            page.goto(server.stdout.readline().strip())
            while not page.evaluate("!!(window.studio && studio.view.get().detected)"):
                page.wait_for_timeout(200)
            yield page
            browser.close()
    finally:
        server.kill()
        server.wait()


def heap_mib(page: Any, tools: Any) -> float:
    """Return what the page's script holds, after a collection, in MiB."""
    tools.send("HeapProfiler.collectGarbage")
    return tools.send("Runtime.getHeapUsage")["usedSize"] / 2**20


def main() -> None:
    """Edit for some minutes, print memory along the way, and its slope."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        video = Path(shutil.copy(SAMPLE, Path(folder) / "clip.mp4"))
        with page_of(video) as page:
            tools = page.context.new_cdp_session(page)
            end = time.monotonic() + 60 * options.minutes
            while time.monotonic() < end:
                health = page.evaluate(EDITS, BATCH)
                worker, heap = health["worker_memory_mib"], heap_mib(page, tools)
                rows.append((BATCH * (len(rows) + 1), health["memory_mib"], worker, heap))
                print("edits {}: web {} MiB, worker {} MiB, page {:.1f} MiB".format(*rows[-1]))
                sys.stdout.flush()
    edits, *measured = np.array(rows[len(rows) // 2 :], float).T
    figures = {}
    for name, values in zip(("web", "worker", "page"), measured, strict=True):
        figures[f"{name}, MiB"] = round(float(values[-1]), 1)
        slope = float(np.polyfit(edits / 1000, values, 1)[0]) if len(edits) > 1 else 0.0
        figures[f"{name}, MiB a thousand edits"] = round(slope, 2)
    print(re.sub(r"[{}']", "", str(figures)))
    history.keep("studio_memory", figures, options)


if __name__ == "__main__":
    main()
