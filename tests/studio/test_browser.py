"""The studio in a real browser, page and server together: from an opened clip to what leaves it.

What the page does by itself is tested against a mock of its server, in ``test_page_*``.
"""

import io
import os
import shutil
import signal
import time
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from helpers.media_files import make_video, regular
from helpers.places import SAMPLE
from helpers.studio_browser import TIMES, StudioPage, saved_project, studio_page
from helpers.studio_worker import ATTACK
from syncfusion.exchange import CATALOGUE

pytestmark = pytest.mark.slow
RATE = 48_000
CANCELLED = (  # others may follow it: a preview that made way for it goes on
    "studio.view.get().jobs.some((job) => job.kind === 'render' && job.state === 'cancelled')"
)
HEARD = """(async () => {
  const { rendered } = await import(new URL("page/audio/mix.js", document.baseURI));
  const { project } = studio.store.get();
  const span = { from: 0, to: project.duration };
  const room = studio.room.response(project.room);
  return Array.from(await rendered(project, studio.takes.peek, span, room));
})()"""
DROP = """([bytes, name]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], name, { type: "video/mp4" }));
  const options = { dataTransfer: files, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new DragEvent("dragover", options));
  document.body.dispatchEvent(new DragEvent("drop", options));
}"""


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "clip.mp4"
    shutil.copy(SAMPLE, path)
    return path


@pytest.fixture
def page(browser, video):
    """A clip that was opened and detected."""
    with studio_page(browser, video) as page:
        yield page.open().detected()


def samples(content):
    return soundfile.read(io.BytesIO(content), dtype="int32")[0] >> 8


def ids(page):
    return [event["id"] for event in page.project["events"]]


def test_a_clip_is_shown_and_its_events_are_found(page):
    assert page.times == pytest.approx([0.5, 1.25], abs=0.005)
    page.wait("document.querySelector('video').readyState >= 2")
    assert page.run("studio.view.get().filmstrip.count") > 10
    assert page.run("studio.store.get().curve.cuts") == [1.0]
    assert page.page.title().startswith("clip")
    assert "token" not in page.page.url


def test_an_event_that_is_dragged_takes_its_sound_along_to_the_sample(page, video):
    page.render()
    before = samples(page.export("mix")["clip.wav"])
    first, _ = ids(page)
    page.press("KeyN")  # without snapping
    page.run(
        "studio.view.dispatch({viewport: {...studio.view.get().viewport, scale: 400, start: 0}})"
    )
    page.drag(first, 100)
    page.saved()
    assert page.times[0] == pytest.approx(0.5 + 100 / 400, abs=0.005)
    saved = saved_project(video.with_suffix(".syncfusion"))
    assert saved["events"][0]["time"] == page.times[0]
    assert saved["events"][0]["locked"]
    after = samples(page.export("mix")["clip.wav"])
    onsets = [np.flatnonzero(sound)[0] for sound in (before, after)]
    times = [page.times[0] - 100 / 400, page.times[0]]
    assert onsets == [pytest.approx(time * RATE, abs=4) for time in times]
    length = RATE // 6
    assert np.array_equal(before[onsets[0] :][:length], after[onsets[1] :][:length])
    second = round(page.times[1] * RATE) - ATTACK
    assert np.array_equal(before[second:], after[second:])


def test_markers_leave_and_come_back_changed(page, tmp_path):
    files = page.export("format:midi", "format:csv")
    markers = mido.MidiFile(file=io.BytesIO(files["clip.events.mid"]), charset="utf-8")
    texts = [m for track in markers.tracks for m in track if m.type == "marker"]
    assert len(texts) == 2
    lines = files["clip.events.csv"].decode().splitlines()
    lines[1] = f"1.000000{lines[1][lines[1].index(',') :]}"
    del lines[2]
    lines.append("3.5,glass hit" + "," * (lines[0].count(",") - 1))
    back = tmp_path / "back.csv"
    back.write_text("\n".join(lines))
    before = page.project["events"]
    page.page.get_by_role("button", name="Import").first.click()
    page.page.locator("input[type=file]").last.set_input_files(back)
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_text("Moved 1").wait_for()
    assert dialog.get_by_text("Added 1").count() == 1
    assert dialog.get_by_text("Deleted 1").count() == 1
    dialog.get_by_role("button", name="Apply as one step").click()
    page.wait(f"JSON.stringify({TIMES}) === '[1,3.5]'")
    page.saved()
    page.press("Control+z")
    assert page.project["events"] == before


def test_every_format_comes_back_and_is_applied_as_one_step(page, tmp_path):
    files = page.export(*(f"format:{name}" for name in CATALOGUE))
    sent = page.times
    first, second = ids(page)
    page.run("studio.store.dispatch({type: 'add', event: {time: 3}})")
    page.run(f"studio.store.dispatch({{type: 'move', ids: ['{first}'], delta: 0.1}})")
    page.run(f"studio.store.dispatch({{type: 'remove', ids: ['{second}']}})")
    edited, steps = page.project["events"], page.run("studio.store.get().past.length")
    for name, facts in CATALOGUE.items():
        path = tmp_path / next(file for file in files if file.endswith(facts.suffix))
        path.write_bytes(files[path.name])
        page.page.get_by_role("button", name="Import").first.click()
        page.page.locator("dialog input[type=file]").last.set_input_files(path)
        dialog = page.page.get_by_role("dialog", name="Changes")
        dialog.wait_for()
        counts = dialog.locator("summary").all_inner_texts()
        assert counts[:3] == ["Added 1", "Moved 1", "Deleted 1"], (name, counts)
        dialog.get_by_role("button", name="Apply as one step").click()
        found = [event["time"] for event in page.project["events"]]
        precision = facts.precision or 0.5 / 24
        assert found == pytest.approx(sent, abs=precision + 1e-6), name
        assert page.run("studio.store.get().past.length") == steps + 1, name
        page.press("Control+z")
        assert page.project["events"] == edited, name


def test_the_page_sounds_as_the_exported_mix_in_a_room_does_and_stems_stay_dry(page):
    page.render()
    dry = page.export("mix")["clip.wav"]
    page.page.get_by_label("Room").select_option("small")
    page.wait("studio.room.response('small')")
    page.saved()
    files = page.export("mix", "stems")
    assert next(body for name, body in files.items() if name != "clip.wav") == dry
    mix, heard = samples(files["clip.wav"]) / 2**23, np.array(page.run(HEARD))
    scale = np.abs(mix).max() / np.abs(heard).max()  # the mix is turned down where it would clip
    assert scale <= 1 + 1e-3
    assert np.abs(mix - scale * heard).max() < 2e-3
    assert np.abs(mix - scale * samples(dry) / 2**23).max() > 0.01


def test_a_page_that_is_loaded_again_has_everything(page):
    page.press("Home", "KeyM")
    page.render()
    page.saved()
    before = page.project
    page.page.reload()
    page.wait("window.studio && studio.store.get().project.duration > 0")
    assert page.project == before


def test_of_two_tabs_the_second_is_informed_and_nothing_is_overwritten(page):
    other = StudioPage(page.page.context.new_page(), page.server).open(page.page.url)
    other.wait("studio.store.get().project.events.length === 2")
    page.press("Home", "KeyM")
    page.saved()
    other.wait("studio.store.get().project.events.length === 3")


def test_a_worker_that_is_killed_is_reported_and_the_next_job_is_done(browser, video):
    with studio_page(browser, video, seconds=0.05) as page:
        page.open().detected()
        page.page.get_by_role("button", name="Render").first.click()
        page.page.get_by_text("Rendering sound").wait_for()
        os.kill(worker_of(page.server.process.pid), signal.SIGKILL)
        page.page.get_by_text("was started anew").first.wait_for()
        page.render()


def worker_of(pid):
    """The number of the worker's process."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            stat = Path(entry.path, "stat").read_text()
            fields = stat.rpartition(")")[2].split()
            if int(fields[1]) == pid:
                return int(entry.name)
    raise AssertionError("there is no worker")


def test_a_job_is_cancelled_from_the_page(browser, video):
    with studio_page(browser, video, seconds=0.1) as page:
        page.open().detected()
        page.page.get_by_role("button", name="Render").first.click()
        page.page.get_by_text("Rendering sound").wait_for()
        page.page.get_by_role("button", name="Cancel: Rendering").click()
        page.wait(CANCELLED)
        assert page.project["events"][0]["take"] is None


def test_a_project_is_whole_after_the_server_was_killed_while_it_rendered(browser, video):
    with studio_page(browser, video, seconds=0.02) as page:
        page.open().detected()
        page.press("Home", "KeyM")
        page.saved()
        times = page.times
        page.page.get_by_role("button", name="Render").first.click()
        page.page.get_by_text("Rendering sound").wait_for()
        page.server.process.kill()
        page.page.get_by_text("Server away").wait_for()
    with studio_page(browser, video.with_suffix(".syncfusion")) as page:
        page.open()
        page.wait("document.querySelectorAll('#list [role=option]').length === 3")
        assert page.times == times
        page.render()


def test_old_takes_are_removed_and_none_that_an_event_or_undo_refers_to(page, video):
    page.render()
    kept, gone = (event["take"] for event in page.project["events"])
    folder = video.with_suffix(".syncfusion") / "takes"
    page.run(f"studio.store.dispatch({{type: 'remove', ids: ['{ids(page)[1]}']}})")
    page.press("Escape")
    page.page.get_by_role("button", name="Old takes").click()
    page.page.get_by_text("Every take belongs to an event").wait_for()
    page.saved()
    page.page.reload()
    page.wait("window.studio && studio.store.get().project.duration > 0")
    page.page.get_by_role("button", name="Old takes").click()
    page.page.get_by_text("1 take, ").wait_for()
    assert len(list(folder.glob("*.wav"))) == 2
    page.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.page.get_by_text("Removed 1 take").wait_for()
    assert {path.name for path in folder.iterdir()} == {f"{kept}.wav", f"{kept}.json"}
    assert gone != kept


def test_all_is_done_by_the_keyboard_alone(page):
    page.press("Home", "ArrowDown", "Shift+Period", "KeyR")
    page.wait("studio.store.get().project.events[0].take")
    page.press("ArrowDown", "KeyR")
    page.wait("studio.store.get().project.events[1].take")
    page.saved()
    for _ in range(40):
        page.press("Tab")
        if page.run("document.activeElement.textContent.trim()") == "Export":
            break
    page.press("Enter")
    page.page.get_by_role("dialog").wait_for()
    for _ in range(60):
        if page.run("document.activeElement.matches('dialog [type=submit]')"):
            break
        page.press("Tab")
    page.press("Enter")
    page.page.locator("dialog .files a").first.wait_for()
    assert page.run("document.activeElement.matches('.files a')")


def test_a_page_that_listens_late_still_gets_the_facts_of_the_video(browser, video):
    with studio_page(browser, video) as page:
        page.page.route("**/api/stream", lambda route: (time.sleep(2), route.continue_()))
        page.open().detected()


def test_a_clip_that_browsers_do_not_play_is_shown_by_its_proxy(browser, tmp_path):
    sound = np.sin(np.arange(2 * RATE) / 20) / 2
    form = {"codec": "prores_ks", "pixels": "yuv422p10le", "size": (320, 240)}
    video = make_video(tmp_path / "clip.mov", regular(25, 50), sound=sound, **form)
    with studio_page(browser, video) as page:
        page.open().detected()
        page.wait("document.querySelector('video').readyState >= 2")
        assert page.run("document.querySelector('video').videoHeight") == 240
        assert page.run("document.querySelector('video').duration") == pytest.approx(2.0, abs=0.05)
        page.wait("studio.surface.rows().some((row) => row.kind === 'original')")


def test_a_preview_that_gets_ready_while_the_page_opens_is_shown(page):
    answers = iter([404])  # then the server's own; it has no more to report

    def late(route):
        status = next(answers, None)
        route.fulfill(status=status) if status else route.continue_()

    page.wait("studio.view.get().hasVideo")
    page.page.route("**/media/video*", late)
    page.page.reload()
    page.patience = 20
    page.wait("window.studio && studio.view.get().hasVideo")
    assert next(answers, None) is None


def test_a_video_that_is_dropped_opens_as_a_project_of_its_own(page, clip):
    page.wait("studio.view.get().hasVideo")
    with page.page.expect_navigation():
        page.page.evaluate(DROP, [list(clip.read_bytes()), "dropped.mp4"])
    page.wait("window.studio && studio.store.get().project.name === 'dropped'")
    page.detected()
    assert page.project["duration"] == pytest.approx(2.0)
