import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from helpers.installed import BLOCKER
from syncfusion.media.video import probe
from syncfusion.synthetic import scene_id, synthesize
from syncfusion.synthetic.scene import SceneConfig
from syncfusion.synthetic.sound import dry_sound
from syncfusion.synthetic.strikes import record_strikes
from syncfusion.track import OnsetTrack

SMALL = SceneConfig(width=128, height=96, seconds=1.2)


pytestmark = pytest.mark.slow


def write(folder, seed=4, seconds=1.2):
    synthesize(folder, n_scenes=1, seconds=seconds, seed=seed, config=SMALL, physics=True)
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    first, again = write(tmp_path / "first"), write(tmp_path / "again")
    other = write(tmp_path / "other", seed=5)
    assert first == again
    assert [*first.values()] != [*other.values()]


def test_the_folder_is_that_of_real_clips_with_gains_and_forces_beside(tmp_path):
    write(tmp_path, seed=3, seconds=3.0)
    name = scene_id(3, 0, physics=True)
    info = probe(tmp_path / "videos" / f"{name}_mic.mp4")
    made = record_strikes(replace(SMALL, seconds=3.0), 3, 0)
    times = OnsetTrack.read(tmp_path / "times" / f"{name}_times.txt", info.duration)
    events = OnsetTrack.read(tmp_path / "events" / f"{name}.csv", info.duration)
    assert (info.width, info.height, info.has_audio) == (128, 96, True)
    assert info.duration == pytest.approx(3.0, abs=0.06)
    assert times.times == pytest.approx([each.time for each in made.strikes], abs=1e-6)
    assert times.times == pytest.approx(events.times, abs=1e-3)
    assert times.labels == events.labels
    forces = np.array([float(each["force"]) for each in events.extras])
    assert len(forces) > 0
    assert events.gains == pytest.approx(forces / np.median(forces), rel=0.05)


def test_harder_contacts_sound_louder():
    made = record_strikes(SceneConfig(width=64, height=48, seconds=6.0), 3, 1)
    order = np.argsort([each.force for each in made.strikes])
    strengths = np.array([each.strength for each in made.events])[order]
    assert len(strengths) > 3
    assert (np.diff(strengths) >= 0).all()
    assert np.ptp(strengths) > 0.1
    assert np.abs(dry_sound(made)).max() > 0


def test_without_the_simulator_one_sentence_names_its_extra(tmp_path):
    code = BLOCKER.format(blocked={"mujoco"})
    words = ["synthesize", "--kind", "strikes", "--scenes", "1", "-o", str(tmp_path / "made")]
    ended = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert ended.returncode == 2
    assert "pip install 'syncfusion[scenes]'" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "made").exists()
