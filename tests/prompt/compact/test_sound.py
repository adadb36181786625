import pytest
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.prompt.compact.sound import (
    LEAD_SAMPLES,
    MAX_SAMPLES,
    MIN_SAMPLES,
    SoundNet,
    frame_weights,
    log_mel,
    mel_transform,
    prepare,
)
from syncfusion.timing import seeded


def ping(seconds: float, hertz: float = 700.0, decay: float = 0.1) -> torch.Tensor:
    time = torch.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return torch.cos(2 * torch.pi * hertz * time) * (-time / decay).exp()


def test_silence_around_a_sound_is_cut():
    sound = ping(0.3)
    padded = torch.cat((torch.zeros(12_345), sound, torch.zeros(30_000)))
    torch.testing.assert_close(prepare(padded), prepare(sound))


def test_a_short_sound_is_followed_by_silence_and_keeps_a_lead():
    heard = prepare(ping(0.05))
    assert len(heard) == MIN_SAMPLES
    assert heard[:LEAD_SAMPLES].abs().max() == 0
    assert heard[LEAD_SAMPLES] == 1


def test_of_a_long_sound_the_loudest_ten_seconds_remain():
    long = 0.05 * torch.randn(20 * SAMPLE_RATE, generator=seeded(0))
    long[17 * SAMPLE_RATE] = 1000.0
    heard = prepare(long)
    assert len(heard) <= MAX_SAMPLES + LEAD_SAMPLES
    assert heard.max() == 1


@pytest.mark.parametrize("sound", [torch.zeros(0), torch.zeros(4800), torch.full((9,), torch.nan)])
def test_an_empty_silent_or_broken_sound_is_an_error(sound):
    with pytest.raises(InputError, match="choose a recording"):
        prepare(sound)


def test_level_leaves_no_trace_in_the_spectrum():
    sound, transform = ping(1.0)[None], mel_transform()
    torch.testing.assert_close(log_mel(sound, transform), log_mel(sound * 0.01, transform))


def test_silent_frames_do_not_count():
    spectrum = log_mel(prepare(ping(0.05, decay=0.01))[None], mel_transform())
    weights = frame_weights(spectrum)[0, 0]
    assert weights[:2].max() > 0.3
    assert weights[10:].max() == 0


def test_silence_after_a_sound_hardly_moves_its_vector():
    net, transform = SoundNet().eval(), mel_transform()
    sound = prepare(ping(0.5))[None]
    longer = torch.nn.functional.pad(sound, (0, 2 * SAMPLE_RATE))
    with torch.no_grad():
        vectors = [net(log_mel(one, transform))[0] for one in (sound, longer)]
    assert vectors[0] @ vectors[1] > 0.999
