import numpy as np
import pytest

from helpers.motion_clips import ONSETS, motion_clip, write_annotated
from helpers.struck_sounds import save, struck
from syncfusion.errors import InputError
from syncfusion.media import Waveform
from syncfusion.onset.motion.strength import NAMES, StrengthModel
from syncfusion.training import strength as module
from syncfusion.training.strength import Hits, StruckClip, hit_loudness, train_strength

TIMES = (0.3, 0.8, 1.3, 1.7)
FRAMES = (20, 45, 70, 95, 120, 145)


def test_loudness_is_relative_to_the_median_hit(tmp_path):
    sound = struck(TIMES)
    samples = sound.samples.clone()
    for time, level in zip(TIMES, (0.25, 0.5, 0.5, 1.0), strict=True):
        first = round((time - 0.1) * sound.sample_rate)
        samples[:, first : first + round(0.3 * sound.sample_rate)] *= level
    file = save(Waveform(samples, sound.sample_rate), tmp_path / "hits.wav")
    found = 20 / np.log(10) * hit_loudness(file, TIMES)
    assert found == pytest.approx([-6, 0, 0, 6], abs=1.5)


def test_hits_of_digital_silence_are_equally_loud(tmp_path):
    silence = struck(TIMES, level=0.0)
    file = save(silence, tmp_path / "silence.wav")
    assert hit_loudness(file, TIMES).tolist() == [0.0] * 4


def struck_clip(seed, follows=True):
    """A clip whose hits are as loud as what moves is fast, or as chance has it."""
    rng = np.random.default_rng(seed)
    speeds = np.exp(rng.uniform(1, 3, len(FRAMES)))
    motion = motion_clip("clip", n_frames=170, onsets=FRAMES, speeds=speeds.tolist())
    loudness = np.log(speeds) if follows else rng.normal(size=len(FRAMES))
    hits = Hits(motion.track.times, loudness - np.median(loudness))
    return StruckClip(motion, module.strength_quantities(motion.grid, motion.times), hits)


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """Train on clips made of numbers; those named "chance" are as loud as chance has it."""

    def train(names, **options):
        (tmp_path / "train.txt").write_text("\n".join(names))
        (tmp_path / "test.txt").write_text("rule-t")
        monkeypatch.setattr(
            module,
            "_struck",
            lambda _, name, __: struck_clip(sum(map(ord, name)), name.startswith("rule")),
        )
        return train_strength(tmp_path, splits=["train"], n_folds=3, **options)

    return train


@pytest.mark.slow
def test_gains_that_follow_loudness_correlate_on_sessions_held_out(trained, tmp_path):
    found = trained([f"rule-{n}" for n in range(9)], others=["test"], output=tmp_path)
    assert found["hits"] == 9 * len(FRAMES)
    assert float(found["cross-validation"]["Spearman"].split()[0]) > 0.9
    assert float(found["test"]["Pearson"].split()[0]) > 0.9
    model = StrengthModel.read(tmp_path / "strength.yaml")
    assert model is not None
    assert model.weights.keys() == set(NAMES)


@pytest.mark.slow
def test_loudness_by_chance_does_not_correlate_on_sessions_held_out(trained):
    found = trained([f"chance-{n}" for n in range(12)])
    assert abs(float(found["cross-validation"]["Spearman"].split()[0])) < 0.4


def test_a_clip_without_sound_is_one_sentence(tmp_path):
    write_annotated(tmp_path, "clip", sound=None)
    (tmp_path / "train.txt").write_text("clip")
    with pytest.raises(InputError, match="clip_mic.mp4"):
        train_strength(tmp_path, splits=["train"], cache=tmp_path / "cache")


@pytest.mark.slow
def test_recorded_clips_are_read_with_their_sound(tmp_path):
    for name in ("a", "b"):
        write_annotated(tmp_path, name, onsets=ONSETS)
    (tmp_path / "train.txt").write_text("a\nb")
    found = train_strength(tmp_path, splits=["train"], n_folds=2, cache=tmp_path / "cache")
    assert found == {"hits": 6, "cross-validation": {"clips": 0}}  # three hits are too few
