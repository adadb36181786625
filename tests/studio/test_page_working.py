"""Around the timeline: rendering, saving, dialogs, view, keys, use without eyes or a mouse."""

import json
import re

import pytest

from helpers.mock_studio import MockStudio
from helpers.page_tools import page_tools
from helpers.studio_page import opened

pytestmark = pytest.mark.slow


def test_what_changed_is_rendered_and_only_that(studio):
    studio.select("e2")
    studio.run("studio.store.dispatch({ type: 'patch', ids: ['e2'], patch: { prompt: 'glass' } })")
    before = studio.events()
    studio.page.get_by_role("button", name="Render 1").click()
    studio.until("!studio.store.get().project.events[1].stale")
    after = studio.events()
    assert after[1]["take"] != before[1]["take"]
    assert after[1]["takes"] == [before[1]["take"], after[1]["take"]]
    assert [after[0], *after[2:]] == [before[0], *before[2:]]
    assert studio.saved()["events"][1]["take"] == after[1]["take"]


def test_progress_shows_the_rest_and_can_be_cancelled(studio):
    studio.server.render_seconds = 1.0
    studio.press("Control+a", "r")
    job = studio.page.locator(".job")
    job.wait_for()
    assert "left" in job.inner_text()
    job.get_by_role("button", name="Cancel").click()
    job.wait_for(state="detached")
    assert all(len(event["takes"]) == 1 for event in studio.events())
    studio.server.render_seconds = 0.05


def test_a_second_tab_is_told_and_nothing_is_overwritten(studio):
    mine = studio.server.project | {"seed": 7}
    studio.server.save(mine, studio.server.revision)
    studio.select("e1")
    studio.press(".")
    dialog = studio.page.get_by_role("dialog", name="Edited elsewhere")
    dialog.wait_for()
    assert studio.server.project["seed"] == 7
    dialog.get_by_role("button", name="Load theirs").click()
    studio.until("studio.store.get().project.seed === 7")
    studio.complaints.clear()  # the browser reports the answer 409


def test_an_edit_elsewhere_is_loaded_while_nothing_is_unsaved(studio):
    studio.server.save(studio.server.project | {"seed": 9}, studio.server.revision)
    studio.server.tell({"type": "project", "revision": studio.server.revision})
    studio.until("studio.store.get().project.seed === 9")


def test_control_s_answers_and_the_project_is_saved_without_it(studio):
    studio.select("e1")
    studio.press(".")
    assert studio.saved()["events"][0]["origin"] == "moved"
    studio.press("Control+s")
    studio.page.get_by_text("Saved.").wait_for()


def test_an_import_shows_its_diff_and_is_one_step(studio):
    before = studio.times()
    studio.server.diff = {
        "added": [{"time": 5.5, "label": "glass"}],
        "moved": [{"id": "e1", "from": before[0], "to": before[0] + 0.1}],
        "deleted": ["e6"],
        "changed": [],
    }
    studio.page.get_by_role("button", name="Import").click()
    file = {"name": "clip.mid", "mimeType": "audio/midi", "buffer": b"MThd"}
    studio.page.locator("dialog input[type=file]").set_input_files(files=[file])
    dialog = studio.page.get_by_role("dialog", name="Changes")
    dialog.wait_for()
    text = dialog.inner_text()
    assert all(part in text for part in ("Added 1", "Moved 1", "Deleted 1", "+100 ms"))
    dialog.get_by_role("button", name="Apply as one step").click()
    assert len(studio.times()) == 6
    assert 5.5 in studio.times()
    assert studio.steps() == 1
    studio.press("Control+z")
    assert studio.times() == before


def test_export_offers_every_format_and_links_its_files(studio):
    studio.page.get_by_role("button", name="Export").click()
    dialog = studio.page.get_by_role("dialog", name="Export")
    dialog.get_by_label("audacity").check()
    dialog.get_by_role("button", name="Export").click()
    link = dialog.get_by_role("link", name="clip.audacity")
    link.wait_for()
    assert link.get_attribute("href") == "api/files/clip.audacity"


def test_go_to_takes_timecode_and_seconds_and_names_what_it_cannot_read(studio):
    studio.press("g")
    field = studio.page.get_by_role("dialog").get_by_role("textbox")
    field.fill("soon")
    field.press("Enter")
    assert "That is no time" in studio.page.get_by_role("alert").first.inner_text()
    field.fill("01:00:03:15")
    field.press("Enter")
    assert studio.now() == 3.5


def test_zoom_at_the_pointer_scroll_and_fit(studio):
    x, y = studio.place("g1", 6)
    studio.page.mouse.move(x, y)
    studio.page.keyboard.down("Control")
    studio.page.mouse.wheel(0, -600)
    studio.page.keyboard.up("Control")
    studio.page.wait_for_timeout(50)
    assert studio.scale() > 300
    assert studio.place("g1", 6)[0] == pytest.approx(x, abs=0.5)
    start = studio.view("viewport.start")
    studio.page.mouse.wheel(0, -100)
    studio.page.wait_for_timeout(50)
    assert studio.view("viewport.start") < start
    studio.select("e1", "e2")
    studio.press("z")
    left, right = studio.place("g1", studio.times()[0])[0], studio.place("g1", studio.times()[1])[0]
    box = studio.page.locator("#canvas").bounding_box()
    assert box["x"] < left < right < box["x"] + box["width"]
    assert right - left > box["width"] / 2
    studio.press("Shift+z")
    assert studio.view("viewport.start") == 0


def test_the_ruler_seeks_and_the_arrows_go_from_event_to_event(studio):
    studio.page.mouse.click(*studio.place("ruler", 3))
    assert studio.now() == pytest.approx(3, abs=0.01)
    studio.press("ArrowDown")
    assert studio.selection() == ["e3"]
    studio.press("ArrowDown", "ArrowUp", "ArrowUp")
    assert studio.selection() == ["e2"]
    assert studio.now() == pytest.approx(2)


def test_help_lists_the_keys_and_another_programs_can_be_chosen(studio):
    studio.press("?")
    dialog = studio.page.get_by_role("dialog", name="Keys")
    assert "Add an event at the playhead" in dialog.inner_text()
    dialog.get_by_label("Keys of").first.select_option("protools")
    studio.press("Escape")
    studio.seek(2.2)
    studio.press("y")
    assert 2.2 in studio.times()
    studio.run("studio.keymap.choose('default')")


def test_a_key_can_be_changed_and_the_browser_keeps_it(studio):
    studio.press("?")
    dialog = studio.page.get_by_role("dialog", name="Keys")
    dialog.get_by_role("button", name=re.compile("Keys for Add an event")).click()
    studio.press("w")
    dialog.get_by_role("button", name="Close").click()
    studio.press("w")
    assert len(studio.times()) == 7
    assert json.loads(studio.run("localStorage['syncfusion-studio-keys']"))["own"]["add"] == [
        "KeyW"
    ]
    studio.run("studio.keymap.reset()")


def test_settings_of_the_project_and_a_wrong_timecode(studio):
    field = studio.page.get_by_label("Start timecode")
    field.fill("10:00:00:00")
    field.press("Enter")
    assert studio.project()["start_timecode"] == "10:00:00:00"
    studio.until("document.querySelector('.event-row .tc').innerText.startsWith('10:00:00')")
    field.fill("99:99")
    field.press("Enter")
    studio.page.get_by_text("That is no timecode").wait_for()
    assert field.input_value() == "10:00:00:00"


def test_every_event_is_a_row_that_says_all_of_it(studio):
    rows = studio.page.locator("#list [role=option]")
    assert rows.count() == 6
    first = rows.first
    assert float(first.get_attribute("data-time")) == pytest.approx(2 / 3)
    words = first.aria_snapshot()  # as a screen reader gets it
    assert all(part in words for part in ("01:00:00:20", "wood hit", "71%", "rendered"))
    first.click()
    studio.until("document.querySelector('#list [data-id=e1]').ariaSelected === 'true'")
    assert studio.selection() == ["e1"]


def test_a_pass_with_the_keyboard_alone_from_start_to_export(studio):
    studio.run("document.body.focus()")
    studio.press("Shift+ArrowRight", "m", "F2")
    studio.page.keyboard.type("door")
    studio.press("Enter", ".", "Shift+ArrowUp", "r")
    studio.until("studio.store.get().project.events.find((e) => e.label === 'door').take")
    button = studio.page.get_by_role("button", name="Export")
    for _ in range(60):
        studio.press("Tab")
        if button.evaluate("(element) => element === document.activeElement"):
            break
    studio.press("Enter")
    dialog = studio.page.get_by_role("dialog", name="Export")
    dialog.wait_for()
    go = dialog.get_by_role("button", name="Export")
    for _ in range(20):
        if go.evaluate("(element) => element === document.activeElement"):
            break
        studio.press("Tab")
    studio.press("Enter")
    dialog.get_by_role("link", name="clip.midi").wait_for()
    studio.press("Escape")
    assert not dialog.is_visible()


def test_the_view_follows_the_playhead_until_it_is_scrolled_by_hand(studio):
    studio.run("studio.view.dispatch({ viewport: { ...studio.view.get().viewport, scale: 1500 } })")
    studio.press("Space")
    studio.until("studio.view.get().viewport.start > 0.5")
    studio.page.mouse.move(*studio.place("mix", studio.now()))
    studio.page.mouse.wheel(0, 300)
    studio.until("!studio.view.get().follows")
    start = studio.view("viewport.start")
    studio.page.wait_for_timeout(500)
    assert studio.view("viewport.start") == start
    studio.press("f", "Space")
    assert studio.view("follows")


def test_each_snap_target_has_its_own_switch(studio):
    studio.page.locator("summary").click()
    studio.page.get_by_label("Detector's peaks").uncheck()
    assert studio.view("targets.peak") is False
    studio.page.get_by_label("Detector's peaks").check()
    studio.page.mouse.click(*studio.place("ruler", 1))
    assert not studio.page.get_by_label("Detector's peaks").is_visible()


def test_shift_f_fills_the_screen_with_the_picture(studio):
    studio.press("Shift+f")
    studio.until("document.fullscreenElement?.id === 'stage'")
    studio.press("Shift+f")
    studio.until("!document.fullscreenElement")


def test_a_midi_pad_taps_with_its_velocity(studio):
    studio.run(
        """navigator.requestMIDIAccess = async () => {
            window.pad = {};
            return { inputs: new Map([["1", window.pad]]) };
        }"""
    )
    studio.seek(2.5)
    studio.page.get_by_role("button", name="Connect a MIDI pad").click()
    studio.until("window.pad?.onmidimessage")
    studio.run("window.pad.onmidimessage({ data: [0x99, 36, 50] })")
    [tapped] = [event for event in studio.events() if event["origin"] == "added"]
    assert (tapped["time"], tapped["gain"]) == (2.5, 0.5)


def test_a_reference_sound_is_given_to_a_group_and_makes_its_takes_old(studio):
    studio.page.get_by_role("button", name="2 metal").click()
    file = {"name": "knock.wav", "mimeType": "audio/wav", "buffer": b"RIFF"}
    studio.page.locator("#inspector input[type=file]").set_input_files(files=[file])
    studio.until("studio.store.get().project.groups[1].reference === 'knock.wav'")
    stale = {event["group"]: event["stale"] for event in studio.events()}
    assert stale == {"g1": False, "g2": True}
    studio.page.get_by_role("button", name="Remove reference").click()
    assert studio.project()["groups"][1]["reference"] is None


def test_the_theme_turns_and_the_browser_keeps_it(studio):
    for theme, shown in (("light", "light"), ("dark", "dark"), ("auto", "dark")):
        studio.page.get_by_role("button", name="Theme").click()
        assert studio.view("theme") == theme
        assert studio.run("document.documentElement.dataset.theme") == shown
        assert json.loads(studio.run("localStorage['syncfusion-studio']"))["theme"] == theme


def test_the_timeline_is_drawn_and_redrawn_where_the_playhead_stands(studio):
    studio.sounds()
    column = """(time) => {
        const { start, scale } = studio.view.get().viewport;
        const x = Math.round((time - start) * scale * devicePixelRatio);
        const pen = document.getElementById("over").getContext("2d");
        return Array.from(pen.getImageData(x, 200, 1, 1).data);
    }"""
    studio.seek(4)
    studio.page.wait_for_timeout(150)
    assert studio.page.evaluate(f"({column})(4)")[3] == 255
    assert studio.page.evaluate(f"({column})(3)")[3] == 0


def test_waveforms_are_drawn_from_samples_where_a_millisecond_is_wide(studio):
    studio.sounds()
    drawn = """(x) => {
        const row = studio.surface.rows().find((row) => row.key === "g1");
        const pen = document.getElementById("canvas").getContext("2d");
        const { data } = pen.getImageData(x, row.y + 4, 100, row.height - 8);
        const pixels = new Uint32Array(data.buffer);
        return pixels.filter((pixel) => pixel !== pixels[0]).length / 100;
    }"""
    script = (
        f"{{ ...studio.view.get().viewport, start: {studio.times()[1] - 0.005}, scale: 40000 }}"
    )
    studio.run(f"studio.view.dispatch({{ viewport: {script} }})")
    studio.page.wait_for_timeout(300)
    silence, hit = (studio.page.evaluate(f"({drawn})({x})") for x in (60, 220))
    assert silence <= 2  # pixels a column: a flat line before the hit begins
    assert hit > 4


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_serious(browser, scheme):
    with opened(browser, MockStudio(), color_scheme=scheme, bypass_csp=True) as studio:
        studio.select("e2")
        studio.page.wait_for_timeout(100)
        assert serious(studio) == []
        studio.press("Escape", "d", "?")
        studio.page.wait_for_timeout(100)
        assert serious(studio) == []


def serious(studio):
    studio.page.evaluate((page_tools() / "axe-core" / "axe.min.js").read_text())
    found = studio.page.evaluate("axe.run()")
    return [
        (one["id"], node["html"], node["failureSummary"])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_a_finger_selects_drags_and_pinches(browser):
    settings = {"has_touch": True, "viewport": {"width": 1024, "height": 768}}
    with opened(browser, MockStudio(), **settings) as studio:
        x, y = studio.event_place("e2")
        studio.page.touchscreen.tap(x + 12, y)
        assert studio.selection() == ["e2"]
        small = studio.run(
            """[...document.querySelectorAll("button, select, input, summary")]
                .filter((e) => e.checkVisibility() && !e.closest(".visually-hidden"))
                .map((e) => (e.closest("label") ?? e).getBoundingClientRect())
                .filter((box) => box.width && (box.width < 24 || box.height < 24)).length"""
        )
        assert small == 0


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160), (820, 1180)])
def test_nothing_overflows_at_any_size(browser, size):
    viewport = {"width": size[0], "height": size[1]}
    with opened(browser, MockStudio(), viewport=viewport) as studio:
        page = studio.run("[document.documentElement.scrollWidth, innerWidth]")
        assert page[0] <= page[1]
        for part in ("#topbar", "#canvas", "#video", "#list", "#inspector", "#minimap"):
            box = studio.page.locator(part).bounding_box()
            assert box["width"] > 80, part
            assert box["x"] + box["width"] <= size[0] + 1, part
            assert box["y"] + box["height"] <= size[1] + 1 or part == "#canvas", part
