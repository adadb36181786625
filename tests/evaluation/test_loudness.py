import math

import pytest
import torch

from syncfusion.errors import InputError
from syncfusion.evaluation.loudness import check_sound, integrated_loudness
from syncfusion.media.audio import Waveform

RATE = 48_000


def tone(amplitude, hertz=997.0, seconds=1.0, n_channels=1):
    time = torch.arange(round(seconds * RATE)) / RATE
    samples = amplitude * torch.sin(2 * math.pi * hertz * time)
    return Waveform(samples.repeat(n_channels, 1), RATE)


def test_a_full_scale_tone_has_the_loudness_of_the_standard():
    # ITU-R BS.1770: a 0 dBFS sine at 997 Hz in one channel reads -3.01 LKFS
    assert check_sound(tone(1.0)).loudness == pytest.approx(-3.01, abs=0.05)


def test_two_channels_are_3_lu_louder_than_one_and_half_the_amplitude_6_lu_softer():
    loudness = integrated_loudness(tone(0.5))
    assert integrated_loudness(tone(0.5, n_channels=2)) == pytest.approx(loudness + 3.01, abs=0.01)
    assert integrated_loudness(tone(0.25)) == pytest.approx(loudness - 6.02, abs=0.01)


def test_the_peak_is_in_decibels_of_full_scale():
    samples = torch.zeros(1, RATE)
    samples[0, 100] = -0.1
    assert check_sound(Waveform(samples, RATE)).peak == pytest.approx(-20.0, abs=1e-4)


def test_samples_at_full_scale_are_clipped():
    samples = tone(0.5).samples
    samples[0, :3] = torch.tensor([1.0, -1.2, 32767 / 32768])
    assert check_sound(Waveform(samples, RATE)).clipped_samples == 3
    assert check_sound(tone(0.99)).clipped_samples == 0


def test_the_offset_is_that_of_the_worst_channel():
    samples = tone(0.5, n_channels=2).samples
    samples[1] -= 0.2
    assert check_sound(Waveform(samples, RATE)).dc_offset == pytest.approx(-0.2, abs=1e-3)


def test_silence_has_neither_loudness_nor_peak():
    found = check_sound(Waveform(torch.zeros(2, RATE), RATE))
    assert found == (None, None, 0, 0.0, True)


@pytest.mark.parametrize(("amplitude", "silent"), [(1e-5, True), (1e-4, False)])
def test_dither_is_silence(amplitude, silent):
    assert check_sound(tone(amplitude)).is_silent == silent


def test_a_short_sound_has_no_loudness():
    assert check_sound(tone(0.5, seconds=0.3)).loudness is None


@pytest.mark.parametrize(
    ("samples", "problem"),
    [
        (torch.zeros(1, 0), "empty"),
        (torch.full((1, 10), float("nan")), "not finite"),
        (torch.ones(6, RATE), "6 channels"),
    ],
)
def test_what_cannot_be_measured_is_refused(samples, problem):
    with pytest.raises(InputError, match=problem):
        check_sound(Waveform(samples, RATE))
