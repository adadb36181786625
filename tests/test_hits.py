import math

import pytest
import torch

from syncfusion.hits import (
    LEAD_SECONDS,
    MAX_SECONDS,
    MIN_SECONDS,
    attack_times,
    cut_hits,
    reduce_noise,
)
from syncfusion.media.audio import Waveform
from syncfusion.media.decay import decay_end
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack

RATE = 48_000


def strike(*attacks: float, seconds: float = 2.0, decay: float = 0.05, noise: float = 0.0):
    """A recording of decaying noise bursts that begin at these times."""
    generator = seeded(0)
    time = torch.arange(int(seconds * RATE)) / RATE
    samples = noise * torch.randn(len(time), generator=generator)
    for attack in attacks:
        age = time - attack
        burst = torch.exp(-age.clamp_min(0) / decay) * (age >= 0)
        samples += 0.5 * burst * torch.randn(len(time), generator=generator)
    return Waveform(samples[None], RATE)


@pytest.mark.parametrize("off", [-0.06, -0.02, 0.0, 0.03, 0.06])
def test_an_annotation_moves_to_the_attack_near_it(off):
    attacks = torch.tensor([0.4, 1.2])
    samples = strike(*attacks.tolist(), noise=0.001).samples[0]
    found = attack_times(samples, RATE, attacks + off)
    torch.testing.assert_close(found, attacks, rtol=0, atol=0.002)


def test_an_annotation_past_the_end_of_the_sound_stays():
    found = attack_times(strike(0.2, seconds=0.5).samples[0], RATE, torch.tensor([3.0]))
    assert found.tolist() == [3.0]


def test_every_hit_is_cut_with_its_label_and_its_attack_after_the_lead():
    track = OnsetTrack((0.42, 1.18), labels=("wood hit", "metal hit"))
    hits = cut_hits(strike(0.4, 1.2, noise=0.001), track, "clip")
    assert [(hit.label, hit.source) for hit in hits] == [
        ("wood hit", "clip"),
        ("metal hit", "clip"),
    ]
    for hit in hits:
        loud = (hit.samples.abs() > 0.1).nonzero()[0, 0].item() / RATE
        assert loud == pytest.approx(LEAD_SECONDS, abs=0.002)
        assert MIN_SECONDS < len(hit.samples) / RATE < 0.8


def test_a_hit_begins_and_ends_in_silence():
    [hit] = cut_hits(strike(0.4), OnsetTrack((0.4,)), "clip")
    assert hit.samples[0] == 0
    assert hit.samples[-1] == 0


def test_a_tail_ends_where_a_stroke_without_annotation_begins():
    [hit] = cut_hits(strike(0.4, 0.9, noise=0.001), OnsetTrack((0.4,)), "clip")
    assert len(hit.samples) / RATE < 0.5 + LEAD_SECONDS


def test_no_tail_is_longer_than_two_seconds():
    [hit] = cut_hits(strike(0.1, seconds=4, decay=3), OnsetTrack((0.1,)), "clip")
    assert len(hit.samples) / RATE <= MAX_SECONDS + LEAD_SECONDS


def test_a_tail_reaches_as_far_down_as_it_is_asked_to():
    sound, track = strike(0.4, decay=0.1), OnsetTrack((0.4,))
    [usual], [natural] = (
        cut_hits(sound, track, "clip", **ratio) for ratio in ({}, {"silence_ratio": 0.001})
    )
    expected = 0.1 * math.log(0.015 / 0.001)  # seconds between -36 and -60 dB
    assert (len(natural.samples) - len(usual.samples)) / RATE == pytest.approx(expected, abs=0.05)


def test_the_channels_of_a_recording_are_averaged():
    mono = strike(0.4)
    stereo = Waveform(torch.cat([2 * mono.samples, torch.zeros_like(mono.samples)]), RATE)
    [one], [other] = (cut_hits(sound, OnsetTrack((0.4,)), "") for sound in (mono, stereo))
    torch.testing.assert_close(one.samples, other.samples)


@pytest.mark.parametrize("times", [(), (0.5,)])
def test_silence_holds_no_hits(times):
    assert cut_hits(Waveform(torch.zeros(1, RATE), RATE), OnsetTrack(times), "") == []


def test_two_annotations_of_one_attack_give_one_hit():
    hits = cut_hits(strike(0.003), OnsetTrack((0.0, 0.01)), "clip")
    assert len(hits) == 1


def test_strokes_too_close_to_hold_a_decay_are_left_out():
    hits = cut_hits(strike(0.4, 0.45, noise=0.001), OnsetTrack((0.4, 0.45)), "clip")
    assert [len(hit.samples) / RATE > MIN_SECONDS for hit in hits] == [True]


def test_steady_noise_goes_and_a_stroke_stays():
    noisy = strike(1.0, noise=0.01).samples[0]
    calm = reduce_noise(noisy)
    quiet, struck = slice(RATE // 4, RATE // 2), slice(RATE, RATE + RATE // 50)
    assert calm[quiet].square().mean() < 0.2 * noisy[quiet].square().mean()
    assert calm[struck].square().mean() > 0.9 * noisy[struck].square().mean()


def test_sound_shorter_than_a_spectrum_is_left_as_it_is():
    samples = strike(0.0, seconds=0.02).samples[0]
    assert torch.equal(reduce_noise(samples), samples)


@pytest.mark.parametrize(("ratio", "end"), [(0.1, 0.33), (0.01, 0.56)])
def test_a_decay_ends_where_its_level_stays_under_the_ratio(ratio, end):
    samples = torch.exp(-torch.arange(48_000) / 4800)  # falls to a tenth in 0.23 s
    found = decay_end(samples, 48_000, ratio=ratio, quiet=3) / 48_000
    assert found == pytest.approx(end - 0.05, abs=0.03)


def test_a_hit_within_the_noise_is_over_at_once():
    samples = torch.full((48_000,), 0.1)
    assert decay_end(samples, 48_000, ratio=0.01, noise=0.05, quiet=3) == 0
    assert decay_end(samples, 48_000, ratio=0.01, noise=0.001, quiet=3) == 48_000
