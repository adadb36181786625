import math
from itertools import combinations

from syncfusion.constants import MATERIALS
from syncfusion.synthetic.scene import SceneConfig
from syncfusion.synthetic.strikes.drawing import draw_strikes
from syncfusion.synthetic.strikes.scene import CONTACT


def test_a_scene_depends_on_its_seed_and_its_index_alone():
    config = SceneConfig()
    assert draw_strikes(config, 3, 1) == draw_strikes(config, 3, 1)
    assert draw_strikes(config, 3, 1) != draw_strikes(config, 3, 2)
    assert draw_strikes(config, 3, 1) != draw_strikes(config, 4, 1)


def test_things_stand_beside_each_other():
    pairs = [
        pair
        for index in range(30)
        for pair in combinations(draw_strikes(SceneConfig(), 0, index).things, 2)
    ]
    assert len(pairs) > 30
    assert all(math.dist(a.place, b.place) > a.room + b.room for a, b in pairs)


def test_a_camera_on_a_stand_neither_shakes_nor_is_thrown():
    lenses = [draw_strikes(SceneConfig(restlessness=0.0), 0, index).lens for index in range(20)]
    assert {(lens.shake, lens.shock, lens.grain, lens.flicker) for lens in lenses} == {(0, 0, 0, 0)}
    held = [draw_strikes(SceneConfig(), 0, index).lens.shake > 0 for index in range(40)]
    assert 10 < sum(held) < 35


def test_every_material_has_its_contact():
    assert CONTACT.keys() == set(MATERIALS)
