from dataclasses import replace

import numpy as np
import pytest

from helpers.moving_pictures import bouncing, picture
from helpers.onset_clips import moving_picture, write_clip
from syncfusion.clip_files import ClipFiles
from syncfusion.onset.motion.clips import open_motion_clips
from syncfusion.onset.motion.filming import Filming, filmed
from syncfusion.onset.motion.stream import motion_of

AS_IT_IS = Filming(
    quality=10, zoom=1.0, turn=0.0, offset=(0, 0), gamma=1.0, exposure=1.0, noise=0.0, shake=0.0
)


def changed(pictures, **settings):
    return list(filmed(pictures, replace(AS_IT_IS, **settings), np.random.default_rng(0)))


def difference(one, other):
    return np.mean(
        [abs(a.pixels.astype(float) - b.pixels).mean() for a, b in zip(one, other, strict=True)]
    )


def test_the_times_stay_and_so_do_the_pictures_of_a_good_camera():
    pictures = bouncing(12)
    found = changed(pictures)
    assert [each.time for each in found] == [each.time for each in pictures]
    assert difference(pictures, found) < 2


@pytest.mark.parametrize(
    "settings",
    [{"quality": 34}, {"gamma": 1.5}, {"exposure": 0.75}, {"noise": 3.0}, {"turn": 6.0}],
)
def test_each_setting_changes_the_pictures(settings):
    pictures = bouncing(6)
    assert difference(changed(pictures, **settings), pictures) > 2


def speed(pictures):
    motion = motion_of(pictures, 1.0)
    return float(np.median(motion.cells[2:, 5].astype(float).max((1, 2))))


@pytest.mark.parametrize("zoom", [0.7, 1.4])
def test_what_is_nearer_moves_faster_across_the_picture(zoom):
    pictures = bouncing(16)
    assert speed(changed(pictures, zoom=zoom)) == pytest.approx(zoom * speed(pictures), rel=0.25)


def test_a_shaken_camera_moves_the_scene():
    still = [each._replace(pixels=picture(150, 80)) for each in bouncing(6)]
    assert difference(changed(still, shake=1.0)[1:], changed(still)[1:]) > 1


def test_one_seed_films_in_one_way():
    assert Filming.draw(np.random.default_rng(5)) == Filming.draw(np.random.default_rng(5))
    assert Filming.draw(np.random.default_rng(5)) != Filming.draw(np.random.default_rng(6))


def test_variants_follow_their_clip_keep_its_onsets_and_are_computed_once(tmp_path):
    folder = write_clip(tmp_path / "data", "one", n_frames=24, times=(0.6, 1.2), size=(48, 64))
    np.save(ClipFiles(folder, "one").frames, moving_picture(24, 48, 64))
    opened = [
        open_motion_clips(tmp_path / "data", ["one"], cache=tmp_path / "kept", n_filmings=2)
        for _ in "ab"
    ]
    assert [clip.filming for clip in opened[0]] == [0, 1, 2]
    assert {tuple(clip.labels) for clip in opened[0]} == {(0.6, 1.2)}
    assert len(list((tmp_path / "kept").glob("one*.motion.npz"))) == 3
    plain, first, second = (clip.features for clip in opened[0])
    assert not first.equal(plain)
    assert not first.equal(second)
    for before, after in zip(*opened, strict=True):
        assert after.features.equal(before.features)
