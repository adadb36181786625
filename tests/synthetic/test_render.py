import itertools
import math

import numpy as np
import pytest

from syncfusion.constants import MATERIALS
from syncfusion.synthetic.render import render_frames
from syncfusion.synthetic.scene import TOOLS, SceneConfig
from syncfusion.synthetic.script import draw_scene
from syncfusion.synthetic.texture import paint_backdrop
from syncfusion.synthetic.tool import draw_costume, draw_parts, tool_parts

SMALL = {"seconds": 2.0, "width": 128, "height": 96}


def test_frames_are_the_same_for_the_same_scene():
    scene = draw_scene(SceneConfig(**SMALL), 1, 0)
    for one, other in itertools.islice(
        zip(render_frames(scene), render_frames(scene), strict=True), 5
    ):
        assert one.shape == (96, 128, 3)
        np.testing.assert_array_equal(one, other)


def test_there_are_as_many_frames_as_the_clip_is_long():
    scene = draw_scene(SceneConfig(**SMALL, fps=25.0), 1, 0)
    assert sum(1 for _ in render_frames(scene)) == 50


@pytest.mark.parametrize("tool", TOOLS)
def test_at_every_event_the_tool_is_drawn_where_the_contact_is(tool):
    scene = draw_scene(SceneConfig(seconds=12.0, tool=tool), 2, 0)
    costume = draw_costume(np.random.default_rng(0))
    for event in scene.events:
        tip = scene.path.at(np.array([event.time]))[0]
        mask = np.asarray(
            draw_parts(tool_parts(scene, costume, tip), (256, 192), (0, 0), flat=True)
        )
        x, y = (round(192 * value) for value in event.place)
        assert mask[y - 3 : y + 3, x - 3 : x + 3].max() > 128


def test_the_shadow_meets_the_tip_at_the_contact_only():
    scene = draw_scene(SceneConfig(seconds=12.0, tool="stick"), 2, 0)
    costume = draw_costume(np.random.default_rng(0))
    for height, meets in ((0.0, True), (0.8, False)):
        tip = np.array([*scene.events[0].place, height])
        tool, shadow = (tool_parts(scene, costume, tip, shadow=s)[-2].centre for s in (False, True))
        assert (math.dist(tool, shadow) < 1e-9) is meets


def test_a_quiet_scene_stands_still_without_its_tool():
    config = SceneConfig(**SMALL, restlessness=0.0, materials=("drywall",), tool="ball")
    scene = draw_scene(config, 4, 0)  # the ball is out of sight at first
    first, second = itertools.islice(render_frames(scene), 2)
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("material", MATERIALS)
def test_every_material_has_a_picture_of_its_own(material):
    config = SceneConfig(**SMALL, materials=(material,), n_surfaces=(1, 1))
    picture = np.asarray(paint_backdrop(draw_scene(config, 0, 0)), float)
    assert 10 < picture.mean() < 250
    assert picture.std() > 1
