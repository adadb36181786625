import av
import numpy as np
import pytest

from helpers.places import REPOSITORY
from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media.video import probe
from syncfusion.synthetic.dataset import (
    SAMPLE_CONFIG,
    SAMPLE_SEED,
    scene_id,
    synthesize,
    times_text,
)
from syncfusion.synthetic.render import render_frames
from syncfusion.synthetic.scene import SceneConfig
from syncfusion.synthetic.script import draw_scene
from syncfusion.synthetic.sound import scene_sound
from syncfusion.track import OnsetTrack

SMALL = SceneConfig(width=128, height=96)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("synthetic")
    synthesize(path, n_scenes=4, seconds=2.0, seed=11, config=SMALL)
    return path


def names(folder, split):
    return (folder / f"{split}.txt").read_text().split()


def test_the_layout_reads_back(folder):
    for index in range(4):
        name = scene_id(11, index)
        scene = draw_scene(SceneConfig(width=128, height=96, seconds=2.0), 11, index)
        info = probe(folder / "videos" / f"{name}_mic.mp4")
        track = OnsetTrack.read(folder / "times" / f"{name}_times.txt", info.duration)
        assert (info.width, info.height, info.has_audio) == (128, 96, True)
        assert info.fps == pytest.approx(scene.fps, abs=1e-3)
        assert track.times == pytest.approx([event.time for event in scene.events], abs=1e-6)
        assert list(track.labels) == [f"{e.material} {e.action}" for e in scene.events]


def test_the_splits_share_out_all_scenes_and_no_scene_is_in_two(folder):
    dealt = sum((names(folder, split) for split in ("train", "val", "test")), [])
    assert sorted(dealt) == [scene_id(11, index) for index in range(4)]


def test_the_sound_in_the_file_is_on_time(folder):
    name = scene_id(11, 0)
    with av.open(str(folder / "videos" / f"{name}_mic.mp4")) as container:
        frames = [(f.time, f.to_ndarray()[0]) for f in container.decode(audio=0)]
    reference = scene_sound(draw_scene(SceneConfig(width=128, height=96, seconds=2.0), 11, 0))[
        0
    ].numpy()
    estimate = np.zeros(len(reference) + SAMPLE_RATE)
    for time, samples in frames:
        start = round(time * SAMPLE_RATE)
        estimate[start : start + len(samples)] = samples
    error = estimate[: len(reference)] - reference
    assert np.square(error).sum() < 0.2 * np.square(reference).sum()


def test_a_scene_does_not_depend_on_how_many_are_made(folder, tmp_path):
    synthesize(tmp_path, n_scenes=1, seconds=2.0, seed=11, config=SMALL)
    name = f"videos/{scene_id(11, 0)}_mic.mp4"
    assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_numbers_out_of_range_are_refused(tmp_path):
    with pytest.raises(InputError, match="give 1 or more"):
        synthesize(tmp_path, n_scenes=0)


def test_the_shipped_sample_is_small_silent_and_what_its_seed_makes():
    folder = REPOSITORY / "data" / "sample"
    info = probe(folder / "sample.mp4")
    times = (folder / "sample.times.txt").read_text()
    assert not info.has_audio
    assert (folder / "sample.mp4").stat().st_size < 500_000
    assert times == times_text(draw_scene(SAMPLE_CONFIG, SAMPLE_SEED, 0))
    assert len(times.splitlines()) >= 4
    frame = next(render_frames(draw_scene(SAMPLE_CONFIG, SAMPLE_SEED, 0))).astype(float)
    with av.open(str(folder / "sample.mp4")) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(float)
    assert np.abs(shown - frame).mean() < 8
