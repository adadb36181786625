import pytest
import torch
from matplotlib.image import imread

from syncfusion.evaluation.picture import draw_sound
from syncfusion.media.audio import Waveform
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack

NOISE = Waveform(0.1 * torch.randn(2, 24_000, generator=seeded(0)), 48_000)


def test_the_onsets_are_drawn_over_the_sound(tmp_path):
    draw_sound(NOISE, OnsetTrack([], 0.5), tmp_path / "without.png", title="noise")
    draw_sound(
        NOISE, OnsetTrack([0.1, 0.4], 0.5, (), [1.0, 0.2]), tmp_path / "with.png", title="noise"
    )
    without, marked = (imread(tmp_path / f"{name}.png") for name in ("without", "with"))
    assert without.shape == marked.shape == (500, 1200, 4)
    changed = (without != marked).any(axis=(0, 2)).nonzero()[0]
    assert changed.max() - changed.min() == pytest.approx(0.6 * 1130, abs=40)


def test_the_same_sound_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        draw_sound(NOISE, OnsetTrack([0.1], 0.5), tmp_path / f"{name}.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize("samples", [torch.zeros(1, 4800), torch.ones(1, 1)])
def test_silence_and_single_samples_can_be_drawn(tmp_path, samples):
    draw_sound(Waveform(samples, 48_000), OnsetTrack([]), tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 0
