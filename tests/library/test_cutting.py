import pytest
import torch

from helpers.struck_sounds import struck
from syncfusion.constants import SAMPLE_RATE
from syncfusion.library.cutting import LEAD, cut_sounds, loudness_db
from syncfusion.timing import seeded

WITHIN = SAMPLE_RATE // 250  # 4 ms


def at(*seconds, length=3.0, noise=0.0):
    """A recording of hits that ring for a seventh of a second."""
    samples = struck(seconds, seconds=length).samples[0]
    return samples + noise * torch.randn(len(samples), generator=seeded(1))


@pytest.mark.parametrize("noise", [0.0, 1e-4, 3e-3])
def test_each_hit_of_a_recording_is_found_at_its_attack(noise):
    cuts = cut_sounds(at(0.3, 1.0, 2.1, noise=noise))
    attacks = [cut.start + cut.attack for cut in cuts]
    assert attacks == pytest.approx([0.3 * SAMPLE_RATE, SAMPLE_RATE, 2.1 * SAMPLE_RATE], abs=WITHIN)
    assert all(cut.attack == LEAD for cut in cuts)


def test_a_cut_ends_with_its_decay_and_before_the_next_attack():
    first, second = cut_sounds(at(0.2, 0.6))
    assert first.end <= second.start
    assert second.end < SAMPLE_RATE


def test_the_silence_before_a_hit_is_trimmed():
    (cut,) = cut_sounds(at(1.5))
    assert cut.start == pytest.approx(1.5 * SAMPLE_RATE, abs=2 * WITHIN)


def test_a_swell_without_an_attack_is_one_cut():
    swell = torch.linspace(0, 1, SAMPLE_RATE) * torch.randn(SAMPLE_RATE, generator=seeded(0))
    (cut,) = cut_sounds(swell)
    assert cut.end == SAMPLE_RATE


@pytest.mark.parametrize("n_samples", [0, 100, SAMPLE_RATE])
def test_silence_has_no_hits(n_samples):
    assert cut_sounds(torch.zeros(n_samples)) == []


def test_loudness_is_that_of_the_loudest_ten_milliseconds():
    samples = torch.zeros(SAMPLE_RATE)
    samples[4800:5280] = 0.1
    assert loudness_db(samples) == pytest.approx(-20.0, abs=1e-3)
