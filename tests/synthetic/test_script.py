import numpy as np
import pytest

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.errors import InputError
from syncfusion.synthetic.scene import TOOLS, SceneConfig, surface_at
from syncfusion.synthetic.script import draw_scene

SCENES = [
    draw_scene(SceneConfig(seconds=12.0, tool=tool), 3, index)
    for tool in TOOLS
    for index in range(4)
]


def test_a_scene_depends_on_its_seed_and_index_alone():
    config = SceneConfig(seconds=6.0)
    scene = draw_scene(config, 1, 2)
    assert scene == draw_scene(config, 1, 2)
    assert scene.events != draw_scene(config, 1, 3).events
    assert scene.events != draw_scene(config, 2, 2).events


@pytest.mark.parametrize("scene", SCENES)
def test_the_tip_touches_the_surface_at_every_event(scene):
    tips = scene.path.at(np.array([event.time for event in scene.events]))
    np.testing.assert_allclose(tips[:, 2], 0, atol=1e-9)
    np.testing.assert_allclose(tips[:, :2], [event.place for event in scene.events], atol=1e-9)


@pytest.mark.parametrize("scene", SCENES)
def test_hits_are_the_only_moments_the_tip_comes_down_to_the_surface(scene):
    times = np.arange(0, scene.config.seconds, 0.002)
    low = scene.path.at(times)[:, 2] < 1e-6
    landings = times[1:][low[1:] & ~low[:-1]]
    onsets = np.array([event.time for event in scene.events])
    for landing in landings:
        assert np.abs(onsets - landing).min() < 0.01 or scene.tool == "ball"
    assert scene.path.at(times)[:, 2].min() > -1e-6


@pytest.mark.parametrize("scene", SCENES)
def test_events_are_ordered_inside_the_clip_and_named_after_what_lies_there(scene):
    times = [event.time for event in scene.events]
    assert times == sorted(times)
    assert min(np.diff(times), default=1) > 0.13
    assert all(0 < time < scene.config.seconds for time in times)
    for event in scene.events:
        assert event.material == surface_at(scene.surfaces, event.place).material
        assert event.material in MATERIALS
        assert event.action in ACTIONS
        assert 0 < event.strength <= 1
        assert 0 < event.place[0] < scene.config.aspect
        assert 0 < event.place[1] < 1


def test_hits_come_faster_than_feints():
    scene = next(s for s in SCENES if s.tool == "stick" and s.events[0].action == "hit")
    time = next(e.time for e in scene.events if e.action == "hit")
    before, touch = scene.path.at(np.array([time - 0.01, time]))[:, 2]
    assert (before - touch) / 0.01 > 0.5


def test_a_config_without_scratches_and_idling_only_hits():
    config = SceneConfig(seconds=20.0, tool="stick", scratch_fraction=0.0, idle_fraction=0.0)
    assert {event.action for event in draw_scene(config, 0, 0).events} == {"hit"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": 0.5},
        {"width": 33},
        {"materials": ("jelly",)},
        {"materials": ()},
        {"tool": "axe"},
    ],
)
def test_a_config_out_of_range_says_what_to_give(wrong):
    with pytest.raises(InputError, match=r"give|choose"):
        SceneConfig(**wrong)
