from dataclasses import replace

import numpy as np
import pytest

from syncfusion.synthetic.scene import SceneConfig
from syncfusion.synthetic.strikes import gestures, record_strikes
from syncfusion.synthetic.strikes.camera import Camera
from syncfusion.synthetic.strikes.contacts import GAP, LEAST_FORCE, gains, strikes
from syncfusion.synthetic.strikes.drawing import draw_strikes
from syncfusion.synthetic.strikes.model import STEP
from syncfusion.synthetic.strikes.physics import simulate

pytestmark = pytest.mark.slow  # each simulates some seconds

STILL = SceneConfig(seconds=3.0, width=160, height=90, restlessness=0.0, fps=30.0)


@pytest.fixture
def only(monkeypatch):
    """Let the arm make one kind of gesture."""
    return lambda gesture: monkeypatch.setattr(gestures, "GESTURES", {gesture: 1.0})


def played(index, **changes):
    scene = replace(draw_strikes(STILL, 3, index), **changes)
    take = simulate(scene)
    return scene, take, strikes(scene, take)


def stick_force(take):
    stick = take.model.geom("stick").id
    mine = (take.contacts[:, 1:] == stick).any(1)
    force = np.zeros(len(take))
    np.add.at(force, take.contacts[mine, 0], take.forces[mine])
    return force


def test_a_strike_begins_with_the_first_touch_of_the_stick(only):
    only(gestures._strikes)
    _, take, events = played(2, things=())
    force = stick_force(take)
    hits = [each for each in events if each.action == "hit"]
    assert len(hits) >= 3
    for hit in hits:
        step = round(hit.time / STEP)
        assert not force[max(step - 40, 0) : step].any()
        assert force[step] > 0
        assert hit.force == pytest.approx(force[step : step + 25].max())


def test_events_rise_and_keep_their_distance():
    _, _, events = played(0)
    times = [each.time for each in events]
    assert len(times) >= 2
    assert np.diff(times).min() >= GAP - 1e-9


def test_what_swings_through_the_air_gives_no_event(only):
    only(gestures._leave)
    _, take, events = played(2, things=())
    assert np.ptp(take.tips, axis=0).max() > 0.3
    assert events == ()


def test_soft_touches_give_no_event(only):
    only(gestures._poke)
    n_soft = 0
    for index in range(4):
        _, take, events = played(index, things=(), ground="cloth")
        force = stick_force(take)
        touched = np.flatnonzero(force)
        starts = touched[np.diff(touched, prepend=-1000) > 50]
        soft = [step for step in starts if force[step : step + 25].max() < LEAST_FORCE]
        hits = {round(each.time / STEP) for each in events if each.action == "hit"}
        assert not hits & set(soft)
        n_soft += len(soft)
    assert n_soft > 0


def test_a_stick_that_goes_back_and_forth_on_the_ground_scratches(only):
    only(gestures._rub)
    scene, _, events = played(2, things=())
    strokes = [each for each in events if each.action == "scratch"]
    assert len(strokes) >= 2
    assert {each.material for each in strokes} == {scene.ground}
    assert all(0.05 < each.seconds <= 1.0 for each in strokes)


def test_the_faster_the_tip_the_larger_the_force_and_the_gain(only):
    only(gestures._strikes)
    speeds, forces, factors = [], [], []
    for index in range(3):
        _, take, events = played(index, things=(), ground="wood")
        speed = np.linalg.norm(np.gradient(take.tips, STEP, axis=0), axis=1)
        speeds += [speed[max(round(each.time / STEP) - 3, 0)] for each in events]
        forces += [each.force for each in events]
        ours = gains(events)
        assert np.argsort(ours).tolist() == np.argsort([each.force for each in events]).tolist()
        assert np.median(ours) == pytest.approx(1.0)
        factors += ours
    assert len(forces) > 8
    assert np.corrcoef(np.log(speeds), np.log(forces))[0, 1] > 0.5


def test_pictures_slow_down_where_and_when_the_stick_hits(only):
    only(gestures._strikes)
    before, after, late = 0.0, 0.0, 0.0
    for index in (1, 2, 3):
        made = record_strikes(STILL, 3, index)
        pictures = np.array(list(made.frames())).astype(float)
        change = np.abs(np.diff(pictures, axis=0)).mean(-1)
        times = (np.arange(1, len(pictures)) - 0.5) / STILL.fps
        view = Camera(made.scene, ()).at(0.0)
        for hit in made.strikes:
            x, y = view.see(np.array([hit.place]))[0].round().astype(int)
            if hit.action == "hit" and hit.force > 30 and 8 < x < 152 and 8 < y < 82:
                near = change[:, y - 8 : y + 9, x - 8 : x + 9].mean((1, 2))
                before += np.interp(hit.time, times, near)
                after += np.interp(hit.time + 0.05, times, near)
                late += np.interp(hit.time - 0.15, times, near)
    assert before > 1.5 * after
    assert before > 1.5 * late
