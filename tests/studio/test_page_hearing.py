"""Hearing in the page: the clock, the sounds under it, and what changes them at once."""

import numpy as np
import pytest
import torch

from helpers.mock_studio import ATTACK, RATE, room_response, take_samples
from syncfusion.rendering import Take, struck

pytestmark = pytest.mark.slow
RENDERED = """(async () => {
    const { rendered } = await import(new URL("page/audio/mix.js", document.baseURI));
    const { project } = studio.store.get();
    const span = { from: 0, to: project.duration };
    const room = studio.room.response(project.room);
    return Array.from(await rendered(project, studio.takes.peek, span, room));
})()"""


def expected_mix(project) -> np.ndarray:
    """The sum of all takes at their events with strengths and gains, computed without a browser."""
    mix = np.zeros(int(project["duration"] * RATE))
    groups = {group["id"]: group for group in project["groups"]}
    solo = any(group["solo"] for group in project["groups"])
    for event in project["events"]:
        group = groups[event["group"]]
        audible = not event["mute"] and (group["solo"] if solo else not group["mute"])
        if not event["take"] or not audible:
            continue
        sound = np.round(take_samples(event["take"]) * 2**15) / 2**15
        take = Take(torch.from_numpy(sound)[None].float(), ATTACK, "")
        sound = struck(take, event["strength"]).samples[0].numpy()
        start = round(event["time"] * RATE) - ATTACK
        cut = sound[max(0, -start) : len(mix) - start]
        mix[max(0, start) : max(0, start) + len(cut)] += cut * event["gain"] * group["gain"]
    return mix


def heard(studio) -> np.ndarray:
    return np.array(studio.run(RENDERED))


def test_the_mix_is_every_take_at_its_event_sample_by_sample(studio):
    studio.sounds()
    difference = np.abs(heard(studio) - expected_mix(studio.project()))
    assert difference.max() < 1e-3


def test_moving_gain_mute_and_solo_are_heard_as_the_project_has_them(studio):
    studio.sounds()
    before = heard(studio)
    dispatch = "studio.store.dispatch"
    studio.run(f"{dispatch}({{ type: 'move', ids: ['e2'], delta: 0.25 }})")
    studio.run(f"{dispatch}({{ type: 'gain', ids: ['e1'], decibels: -6 }})")
    studio.select("e4")
    studio.press("u")
    mixed = heard(studio)
    assert np.abs(mixed - expected_mix(studio.project())).max() < 1e-3
    assert np.abs(mixed - before).max() > 0.1
    studio.page.get_by_role("button", name="Solo metal").click()
    soloed = heard(studio)
    assert np.abs(soloed - expected_mix(studio.project())).max() < 1e-3
    near = slice(int(0.6 * RATE), int(0.9 * RATE))
    assert np.abs(soloed[near]).max() == 0


def test_a_soft_hit_and_a_hard_one_are_heard_as_the_export_has_them(studio):
    studio.sounds()
    before = heard(studio)
    studio.select("e2")
    studio.run("""studio.store.dispatch(
        { type: 'patch', ids: ['e2'], patch: { strength: 0.25 }, label: 'Strength' })""")
    studio.run("""studio.store.dispatch(
        { type: 'patch', ids: ['e3'], patch: { strength: 2.5 }, label: 'Strength' })""")
    mixed = heard(studio)
    assert np.abs(mixed - expected_mix(studio.project())).max() < 1e-3
    assert np.abs(mixed - before).max() > 0.1
    studio.seek(1.9)
    studio.press("Space")
    studio.until("studio.engine.sounding().includes('e2')")
    studio.run("""studio.store.dispatch(
        { type: 'patch', ids: ['e2'], patch: { strength: 1 }, label: 'Strength' })""")
    studio.press("Space", "Control+z", "Control+z", "Control+z")
    assert np.abs(heard(studio) - before).max() == 0


def test_the_mix_is_heard_in_the_room_that_is_chosen(studio):
    studio.sounds()
    studio.page.get_by_label("Room").select_option("hall")
    studio.until("studio.room.response('hall')")
    dry = expected_mix(studio.project())
    wet = sum(
        level * np.concatenate([np.zeros(delay), dry])[: len(dry)]
        for delay, level in enumerate(room_response())
        if level
    )
    assert np.abs(wet - dry).max() > 0.05
    assert np.abs(heard(studio) - wet).max() < 2e-3
    studio.page.get_by_label("Room").select_option("dry")
    assert np.abs(heard(studio) - dry).max() < 1e-3


def test_space_plays_and_the_clock_runs_with_the_sound_card(studio):
    studio.press("Space")
    studio.until("studio.engine.time() > 0.3")
    first, context = studio.run("[studio.engine.time(), studio.engine.context().currentTime]")
    studio.page.wait_for_timeout(400)
    last, later = studio.run("[studio.engine.time(), studio.engine.context().currentTime]")
    assert last - first == pytest.approx(later - context, abs=1e-6)
    studio.press("Space")
    stopped = studio.now()
    studio.page.wait_for_timeout(100)
    assert studio.now() == stopped


def test_events_sound_while_they_play_and_follow_a_drag(studio):
    studio.sounds()
    studio.seek(1.9)
    studio.press("Space")
    studio.until("studio.engine.sounding().includes('e2')")
    studio.run("studio.store.dispatch({ type: 'move', ids: ['e2'], delta: 3 })")
    assert "e2" not in studio.run("studio.engine.sounding()")
    studio.press("Space")
    assert studio.run("studio.engine.sounding()") == []


def test_the_picture_follows_the_clock(studio):
    studio.seek(1.5)
    studio.until("Math.abs(document.getElementById('video').currentTime - 1.5) < 0.05")
    studio.press("Space")
    studio.until("studio.engine.time() > 3")
    drift = [abs(studio.run("studio.picture.drift()")) for _ in range(10)]
    assert np.median(drift) < 4
    studio.press("Space")


def test_slow_speeds_halve_the_clock(studio):
    studio.press("[")
    assert studio.view("speed") == 0.5
    studio.press("Space")
    studio.until("studio.engine.time() > 0.2")
    first, context = studio.run("[studio.engine.time(), studio.engine.context().currentTime]")
    studio.page.wait_for_timeout(300)
    last, later = studio.run("[studio.engine.time(), studio.engine.context().currentTime]")
    assert last - first == pytest.approx(0.5 * (later - context), abs=1e-6)
    studio.press("Space", "]")
    assert studio.view("speed") == 1


def test_j_k_l_shuttle_and_k_with_l_is_slow(studio):
    studio.seek(4)
    studio.press("l")
    assert studio.run("studio.engine.rate()") == 1
    studio.press("l")
    assert studio.run("studio.engine.rate()") == 2
    studio.press("j")
    assert studio.run("studio.engine.rate()") == -1
    before = studio.now()
    studio.page.wait_for_timeout(200)
    assert studio.now() < before
    studio.press("k")
    assert not studio.run("studio.engine.playing()")
    studio.page.keyboard.down("k")
    studio.press("l")
    assert studio.run("studio.engine.rate()") == 0.25
    studio.page.keyboard.up("k")
    studio.press("k")


def test_arrows_home_and_end_step_frames_seconds_and_the_clip(studio):
    studio.press("ArrowRight", "ArrowRight", "ArrowLeft")
    assert studio.now() == pytest.approx(1 / 30)
    studio.press("Shift+ArrowRight")
    assert studio.now() == pytest.approx(1 + 1 / 30)
    studio.press("End")
    assert studio.now() == 8
    studio.press("Shift+ArrowLeft")
    assert studio.now() == 7
    studio.press("Home")
    assert studio.now() == 0


def test_a_auditions_half_a_second_around_the_event_and_goes_back(studio):
    studio.sounds()
    studio.seek(5)
    studio.select("e2")
    studio.press("a")
    assert studio.run("studio.engine.playing()")
    assert 1.4 < studio.now() < 2
    studio.until("!studio.engine.playing()")
    assert studio.now() == 5


def test_shift_space_loops_the_range(studio):
    studio.seek(1)
    studio.press("i")
    studio.seek(1.3)
    studio.press("o", "Shift+Space")
    studio.page.wait_for_timeout(900)
    assert studio.run("studio.engine.playing()")
    assert 0.9 <= studio.now() <= 1.4
    studio.press("Space", "x")
    assert studio.view("from") is None


def test_takes_turn_and_a_b_is_equally_loud(studio):
    studio.sounds()
    studio.select("e1")
    studio.page.get_by_role("button", name="New take").click()
    studio.until("studio.store.get().project.events[0].takes.length === 2")
    second = studio.events()[0]["take"]
    studio.press("t")
    first = studio.events()[0]["take"]
    assert first != second
    studio.press("Shift+t")
    assert studio.events()[0]["take"] == second
    studio.until(f"studio.takes.peek('{first}') && studio.takes.peek('{second}')")
    studio.press("q")
    assert studio.events()[0]["take"] == first
    loud = studio.run(
        f"""(async () => {{
            const {{ matched }} = await import(new URL("page/audio/level.js", document.baseURI));
            const [a, b] = ["{first}", "{second}"].map((key) => studio.takes.peek(key).rms);
            return [a * matched(a, Math.min(a, b)), b * matched(b, Math.min(a, b))];
        }})()"""
    )
    assert loud[0] == pytest.approx(loud[1], rel=0.01)
    studio.press("q")
    assert studio.events()[0]["take"] == second
    studio.press("k", "Control+Enter")
    assert studio.events()[0]["locked"]


def test_the_original_can_be_muted_and_soloed(studio):
    studio.page.get_by_role("button", name="Mute the clip's own sound").click()
    assert studio.view("clip.mute")
    studio.page.get_by_role("button", name="Solo the clip's own sound").click()
    assert studio.view("clip.solo")
