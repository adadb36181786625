"""Editing in the page: each gesture and key, its exact result, and that it is one step."""

import pytest

pytestmark = pytest.mark.slow
FRAME = 1 / 30


def close(a, b, tolerance=1e-6):
    return a == pytest.approx(b, abs=tolerance)


def test_dragging_an_event_moves_it_by_exactly_the_pointers_way(studio):
    before = studio.times()
    studio.press("n")  # no snapping
    x, y = studio.event_place("e2")
    studio.drag((x, y), (x + 90, y))
    moved = studio.times()
    assert close(moved[1], before[1] + 90 / studio.scale(), 1e-5)
    assert [*moved[:1], *moved[2:]] == [*before[:1], *before[2:]]
    assert studio.steps() == 1
    saved = studio.saved()["events"][1]
    assert (saved["origin"], saved["locked"]) == ("moved", True)
    studio.press("Control+z")
    assert studio.times() == before


def test_a_drag_snaps_to_peaks_and_frames_and_shift_bypasses(studio):
    peak = studio.run("studio.store.get().peaks.find((p) => Math.abs(p.time - 2.48) < 0.1).time")
    x, y = studio.event_place("e2")
    target = studio.place("g1", peak)[0] + 4
    studio.drag((x, y), (target, y))
    assert close(studio.times()[1], peak)
    studio.press("Control+z")
    studio.drag((x, y), (target, y), "Shift")
    assert not close(studio.times()[1], peak, 1e-3)


READOUT = """new Promise((done) => {
    const pen = document.getElementById("over").getContext("2d");
    const write = pen.fillText;
    pen.fillText = (text, ...rest) => { done(text); write.call(pen, text, ...rest); };
    studio.surface.mark({});
})"""
LINES = """(row) => {
    const pen = document.getElementById("canvas").getContext("2d");
    const { y, height } = studio.surface.rows().find((other) => other.key === row);
    const { width } = studio.view.get().viewport;
    const { data } = pen.getImageData(0, y + height / 2, width, 1);
    const wanted = getComputedStyle(document.documentElement).getPropertyValue("--tl-cut");
    const text = (x) => "#" + [...data.slice(4 * x, 4 * x + 3)].map((v) => v.toString(16)).join("");
    return [...Array(Math.floor(width)).keys()].filter((x) => text(x) === wanted.trim());
}"""


def test_a_shot_cut_is_a_line_and_events_snap_to_it(studio):
    [cut] = studio.run("studio.store.get().curve.cuts")
    at = round((cut - studio.view("viewport.start")) * studio.scale())
    assert studio.page.evaluate(LINES, "film") == [at]
    x, y = studio.event_place("e3")
    studio.page.mouse.move(x, y)
    studio.page.mouse.down()
    studio.page.mouse.move(studio.place("g2", cut)[0] + 5, y, steps=3)
    assert studio.run(READOUT).endswith("· cut")
    studio.page.mouse.up()
    assert close(studio.times()[2], cut)


def test_the_readout_of_a_drag_shows_timecode_and_change(studio):
    x, y = studio.event_place("e2")
    studio.page.mouse.move(x, y)
    studio.page.mouse.down()
    studio.page.mouse.move(x + 100, y)
    drawn = studio.run(READOUT)
    studio.page.mouse.up()
    assert drawn.startswith("01:00:02:")
    assert "ms" in drawn
    assert "fr" in drawn


def test_a_click_selects_and_leaves_the_playhead_and_a_small_shake_moves_nothing(studio):
    studio.seek(1)
    before = studio.times()
    x, y = studio.event_place("e2")
    studio.drag((x, y), (x + 2, y + 1))
    assert studio.selection() == ["e2"]
    assert close(studio.now(), 1)
    assert studio.times() == before


def test_control_adds_to_the_selection_and_shift_selects_a_range(studio):
    studio.page.mouse.click(*studio.event_place("e1"))
    studio.page.keyboard.down("Control")
    studio.page.mouse.click(*studio.event_place("e3"))
    studio.page.keyboard.up("Control")
    assert studio.selection() == ["e1", "e3"]
    studio.page.keyboard.down("Shift")
    studio.page.mouse.click(*studio.event_place("e5"))
    studio.page.keyboard.up("Shift")
    assert studio.selection() == ["e3", "e4", "e5"]


def test_a_box_selects_the_events_it_touches_lane_by_lane(studio):
    studio.drag(studio.place("g1", 0.2), studio.place("g1", 5))
    assert studio.selection() == ["e1", "e2", "e4"]
    studio.drag(studio.place("g1", 0.2), studio.place("g2", 5))
    assert studio.selection() == ["e1", "e2", "e3", "e4"]
    studio.page.mouse.click(*studio.place("g1", 0.2))
    assert studio.selection() == []


def test_a_selection_moves_together_in_its_order(studio):
    before = studio.times()
    studio.select("e1", "e3", "e4")
    studio.press("n")
    x, y = studio.event_place("e3")
    studio.drag((x, y), (x + 60, y))
    way = 60 / studio.scale()
    expected = [t + way if n in (0, 2, 3) else t for n, t in enumerate(before)]
    assert all(close(a, b, 1e-5) for a, b in zip(studio.times(), expected, strict=True))
    assert studio.steps() == 1


def test_control_shift_drag_moves_all_later_events_too(studio):
    before = studio.times()
    studio.press("n")
    x, y = studio.event_place("e3")
    mouse, keyboard = studio.page.mouse, studio.page.keyboard
    keyboard.down("Control")
    keyboard.down("Shift")
    studio.drag((x, y), (x + 40, y))
    keyboard.up("Shift")
    keyboard.up("Control")
    mouse.move(0, 0)
    way = 40 / studio.scale()
    expected = [t + way if n >= 2 else t for n, t in enumerate(before)]
    assert all(close(a, b, 1e-5) for a, b in zip(studio.times(), expected, strict=True))


def test_nudges_are_one_frame_or_one_millisecond_each_a_step(studio):
    before = studio.times()[1]
    studio.select("e2")
    studio.press(".", ".", ",")
    assert close(studio.times()[1], before + FRAME)
    studio.press("Shift+.")
    assert close(studio.times()[1], before + FRAME + 0.001)
    studio.press("Shift+,")
    assert close(studio.times()[1], before + FRAME)
    assert studio.steps() == 5


def test_comma_and_period_step_frames_while_nothing_is_selected(studio):
    studio.seek(1)
    studio.press(".", ".", ",")
    assert close(studio.now(), 1 + FRAME)
    assert studio.steps() == 0


def test_m_adds_at_the_playhead_and_a_double_click_at_the_pointer(studio):
    studio.seek(2.5)
    studio.press("m")
    assert 2.5 in studio.times()
    studio.press("n")
    studio.page.mouse.dblclick(*studio.place("g2", 5.25))
    added = [event for event in studio.events() if event["origin"] == "added"]
    assert [event["group"] for event in added] == ["g1", "g2"]
    assert close(added[1]["time"], 5.25, 1 / studio.scale())
    assert studio.steps() == 2


def test_tapping_while_playing_adds_events_where_the_ear_is(studio):
    studio.run("studio.view.dispatch({ tapDelay: 0.05 })")
    studio.press("Space")
    studio.until("studio.engine.time() > 0.5")
    heard = studio.run(
        "(() => { const at = studio.engine.time(); studio.run('add'); return at; })()"
    )
    studio.press("Space")
    [tapped] = [event for event in studio.events() if event["origin"] == "added"]
    assert close(tapped["time"], heard - 0.05, 0.01)


def test_b_moves_tapped_events_to_the_detectors_nearest_peak(studio):
    weak = studio.run(
        "studio.store.get().peaks.filter((p) => p.confidence < 0.25).map((p) => p.time)"
    )
    for time in weak:
        studio.seek(time + 0.07)
        studio.press("m")
    studio.press("Control+a", "b")
    assert all(any(close(t, peak) for t in studio.times()) for peak in weak)
    studio.press("Control+z")
    assert not any(close(t, weak[0]) for t in studio.times())


def test_p_moves_the_selected_or_the_nearest_event_to_the_playhead(studio):
    studio.seek(2.1)
    studio.press("p")
    assert close(studio.times()[1], 2.1)
    studio.select("e4")
    studio.press("p")
    assert studio.times().count(2.1) == 2


def test_delete_undo_and_redo(studio):
    before = studio.times()
    studio.press("Control+a", "Delete")
    assert studio.times() == []
    studio.press("Control+z")
    assert studio.times() == before
    studio.press("Control+Shift+z")
    assert studio.times() == []
    studio.press("Control+z", "Control+y")
    assert studio.times() == []


def test_copy_paste_and_duplicate_keep_the_sound(studio):
    studio.select("e1", "e2")
    studio.press("Control+c", "Control+d")
    assert len(studio.times()) == 8
    studio.seek(6.5)
    studio.press("Control+v")
    assert 6.5 in studio.times()
    pasted = next(event for event in studio.events() if round(event["time"], 6) == 6.5)
    assert pasted["take"] == studio.events()[0]["take"]


def test_locked_events_survive_the_threshold_and_one_drag_of_it_is_one_step(studio):
    studio.select("e3")
    studio.press("\\")
    slider = studio.page.get_by_label("Threshold")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    studio.drag((box["x"] + box["width"] * 0.32, y), (box["x"] + box["width"] - 1, y))
    assert [event["id"] for event in studio.events()] == ["e3"]
    assert studio.steps() == 2
    studio.press("Control+z")
    assert len(studio.events()) == 6


def test_the_threshold_line_in_the_curve_can_be_dragged(studio):
    row = "studio.surface.rows().find((row) => row.key === 'curve').height"
    part = studio.run(f"1 - (5 + 0.32 * ({row} - 12)) / {row}")
    start = studio.place("curve", 3, part)
    studio.drag(start, studio.place("curve", 3, 1 - 0.15))
    assert studio.project()["threshold"] < 0.2
    assert len(studio.events()) == 9
    assert studio.steps() == 1


def test_digits_assign_groups_and_the_plus_makes_one(studio):
    studio.select("e1", "e2")
    studio.press("2")
    assert [event["group"] for event in studio.events()[:3]] == ["g2", "g2", "g2"]
    studio.page.get_by_role("button", name="Add a group").click()
    assert [group["name"] for group in studio.project()["groups"]][2] == "sound 3"


def test_gain_by_keys_and_by_number(studio):
    studio.select("e1", "e2")
    studio.press("Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowDown")
    assert close(studio.events()[0]["gain"], 10 ** (1 / 20))
    field = studio.page.locator("[name=gain]:visible")
    field.fill("-6")
    field.press("Enter")
    assert [close(event["gain"], 10 ** (-6 / 20)) for event in studio.events()[:3]] == [
        True,
        True,
        False,
    ]
    assert studio.steps() == 4


def test_strength_by_number_and_by_slider_is_one_step_within_its_bounds(studio):
    studio.select("e1", "e2")
    field = studio.page.locator("[name=strength]:visible")
    assert field.input_value() == "1"
    field.fill("0,3")
    field.press("Enter")
    assert [event["strength"] for event in studio.events()[:3]] == [0.3, 0.3, 1]
    assert not any(event["stale"] for event in studio.events())
    field.fill("0.05")
    field.press("Enter")
    assert "A strength is 0.1 to 3" in studio.page.locator(".toast").last.inner_text()
    assert (studio.events()[0]["strength"], field.input_value()) == (0.3, "0.3")
    studio.page.get_by_label("Strength in decibels").fill("-20")
    assert [event["strength"] for event in studio.events()[:3]] == [0.1, 0.1, 1]
    assert studio.steps() == 2
    studio.press("Control+z", "Control+z")
    assert [event["strength"] for event in studio.events()[:3]] == [1, 1, 1]


def test_label_and_prompt_are_typed_without_keys_doing_anything_else(studio):
    studio.select("e1")
    studio.press("F2")
    studio.page.keyboard.type("wood mops")
    studio.press("Enter")
    assert studio.events()[0]["label"] == "wood mops"
    prompt = studio.page.locator("[name=prompt]:visible")
    prompt.fill("glass hit")
    prompt.press("Enter")
    assert (studio.events()[0]["prompt"], studio.events()[0]["stale"]) == ("glass hit", True)
    assert len(studio.times()) == 6


def test_humanise_changes_time_level_and_seed_within_its_bounds(studio):
    before = studio.events()
    studio.press("Control+a", "h")
    for old, new in zip(before, studio.events(), strict=True):
        assert 0 < abs(old["time"] - new["time"]) <= 0.012
        assert old["seed"] != new["seed"]
    assert studio.steps() == 1


def test_review_goes_through_doubtful_events_and_ends(studio):
    order = sorted(studio.events(), key=lambda event: event["confidence"])
    studio.press("d")
    assert studio.selection() == [order[0]["id"]]
    assert studio.page.locator("#review").inner_text().split("\n")[0].endswith("6 of 6 left")
    studio.press("Enter")
    assert studio.selection() == [order[1]["id"]]
    studio.press("Delete")
    assert studio.selection() == [order[2]["id"]]
    for _ in range(4):
        studio.press("Enter")
    assert not studio.page.locator("#review").is_visible()
    assert len(studio.events()) == 5
    assert all(event["locked"] for event in studio.events())


def test_keys_belong_to_the_timeline_after_a_click_on_a_control(studio):
    studio.page.get_by_role("button", name="Review").click()
    first = studio.selection()
    studio.press("Enter")
    assert next(event for event in studio.events() if event["id"] == first[0])["locked"]
    studio.press("Escape", "Escape", "k")
    studio.seek(2)
    slider = studio.page.get_by_label("Threshold")
    slider.click()
    steps = studio.steps()
    studio.press("ArrowRight")
    assert studio.now() == pytest.approx(2 + FRAME)
    assert studio.steps() == steps


def test_escape_ends_a_drag_without_an_edit(studio):
    before = studio.times()
    x, y = studio.event_place("e2")
    studio.page.mouse.move(x, y)
    studio.page.mouse.down()
    studio.page.mouse.move(x + 80, y)
    studio.press("Escape")
    studio.page.mouse.up()
    assert studio.times() == before
    assert studio.steps() == 0
