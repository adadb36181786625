import numpy as np
import pytest

from syncfusion.constants import ACTIONS, MATERIALS, SAMPLE_RATE
from syncfusion.synthetic.scene import SceneConfig
from syncfusion.synthetic.script import draw_scene
from syncfusion.synthetic.sound import dry_sound, hit_sound, scene_sound, scratch_sound


def sound_of(material, action, strength=0.7, seed=0, body=3):
    rng = np.random.default_rng(seed)
    if action == "hit":
        return hit_sound(material, strength, rng, body=body)
    return scratch_sound(material, strength, 0.4, rng, body=body)


def centroid(sound):
    power = np.abs(np.fft.rfft(sound)) ** 2
    return np.sum(power * np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)) / power.sum()


def decay_seconds(sound):
    """Time until all but a thousandth of the energy is over."""
    left = np.cumsum(sound[::-1] ** 2)[::-1]
    return np.argmax(left < 1e-3 * left[0]) / SAMPLE_RATE


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("material", MATERIALS)
def test_every_material_and_action_sounds_at_once_without_clipping(material, action):
    sound = sound_of(material, action)
    assert np.isfinite(sound).all()
    assert 0.1 < np.abs(sound).max() < 1
    first = np.argmax(np.abs(sound) > 0.1 * np.abs(sound).max())
    assert first < 0.005 * SAMPLE_RATE


def test_harder_hits_are_louder_and_brighter():
    soft, hard = sound_of("metal", "hit", 0.2), sound_of("metal", "hit", 1.0)
    assert np.abs(hard).max() > 2 * np.abs(soft).max()
    assert centroid(hard) > centroid(soft)


def test_stiff_materials_ring_longer_than_soft_ones():
    metal, glass, wood, cloth = (
        np.median([decay_seconds(sound_of(material, "hit", body=body)) for body in range(9)])
        for material in ("metal", "glass", "wood", "cloth")
    )
    assert metal > glass > wood > cloth


def test_hard_materials_are_brighter_than_soft_ones():
    glass, wood, cloth = (
        np.median([centroid(sound_of(material, "hit", body=body)) for body in range(9)])
        for material in ("glass", "wood", "cloth")
    )
    assert glass > wood > cloth


def test_energy_rises_within_five_milliseconds_of_every_event():
    for index in range(4):
        scene = draw_scene(SceneConfig(seconds=8.0), 5, index)
        sound, before = dry_sound(scene), round(0.004 * SAMPLE_RATE)
        for event in scene.events:
            start = round(event.time * SAMPLE_RATE)
            # the high bands only: what still rings from the hit before has lost them
            change = np.abs(np.diff(sound[start - before : start + round(0.005 * SAMPLE_RATE)]))
            assert change[before:].max() > 1.3 * change[: before - 1].max()


def test_nothing_sounds_before_the_first_event():
    scene = draw_scene(SceneConfig(seconds=8.0), 5, 0)
    first = round(scene.events[0].time * SAMPLE_RATE)
    assert not dry_sound(scene)[: first - 1].any()


def test_a_scene_has_a_faint_floor_and_does_not_clip():
    scene = draw_scene(SceneConfig(seconds=8.0), 5, 0)
    sound = scene_sound(scene)
    floor = sound[0, : round(scene.events[0].time * SAMPLE_RATE) - 10].square().mean().sqrt()
    assert sound.shape == (1, 8 * SAMPLE_RATE)
    assert -68 < 20 * floor.log10() < -52
    assert 0.1 < sound.abs().max() <= 0.9001
    assert sound.equal(scene_sound(scene))
