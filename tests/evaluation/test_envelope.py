import math

import librosa
import numpy as np
import pytest
import torch

from syncfusion.errors import InputError
from syncfusion.evaluation.envelope import ENVELOPE_RATE, envelope_distance, rms_envelope
from syncfusion.media.audio import Waveform
from syncfusion.timing import seeded

NOISE = torch.randn(1, 2 * ENVELOPE_RATE, generator=seeded(0))


def tone(amplitude, rate=ENVELOPE_RATE, seconds=1.0):
    time = torch.arange(round(seconds * rate)) / rate
    return Waveform(amplitude * torch.sin(2 * math.pi * 1000 * time)[None], rate)


def test_the_envelope_of_a_tone_is_its_rms():
    envelope = rms_envelope(tone(0.5))
    assert len(envelope) == 125
    torch.testing.assert_close(envelope, torch.full((125,), 0.5 / math.sqrt(2)), atol=1e-3, rtol=0)


def test_the_envelope_is_librosas():
    padded = np.pad(NOISE[0].numpy(), 192, mode="reflect")
    expected = librosa.feature.rms(y=padded, frame_length=512, hop_length=128, center=False)[0]
    assert rms_envelope(Waveform(NOISE, ENVELOPE_RATE)).numpy() == pytest.approx(expected, rel=1e-5)


def test_the_distance_of_two_tones_is_the_difference_of_their_rms():
    found = envelope_distance(tone(0.5), tone(0.1))
    assert found == pytest.approx(0.4 / math.sqrt(2), abs=1e-3)


def test_a_sound_is_no_distance_from_itself_at_another_rate_and_in_stereo():
    stereo = Waveform(tone(0.5, rate=48_000).samples.repeat(2, 1), 48_000)
    assert envelope_distance(tone(0.5), stereo) < 2e-3


def test_a_hit_at_the_wrong_time_is_worse_than_silence():
    target, late, silence = torch.zeros(3, 1, ENVELOPE_RATE)
    target[:, 4096:5096] = NOISE[:, :1000]
    late[:, 8192:9192] = NOISE[:, :1000]
    target, late, silence = (Waveform(each, ENVELOPE_RATE) for each in (target, late, silence))
    assert envelope_distance(target, late) == pytest.approx(2 * envelope_distance(target, silence))


def test_the_longer_sound_is_cut():
    assert envelope_distance(tone(0.5, seconds=1.05), tone(0.5)) < 2e-3


@pytest.mark.parametrize("seconds", [(1.0, 2.0), (0.02, 0.02)])
def test_sounds_without_a_common_clip_are_refused(seconds):
    first, second = (tone(0.5, seconds=each) for each in seconds)
    with pytest.raises(InputError, match="envelope"):
        envelope_distance(first, second)
