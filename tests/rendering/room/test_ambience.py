import pytest
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.rendering.room import with_ambience
from syncfusion.rendering.room.ambience import GRAIN, room_tone


def test_room_tone_has_its_level_everywhere():
    (sound,) = with_ambience([torch.zeros(1, 8 * SAMPLE_RATE)], -50.0)
    levels = sound[0].unfold(0, SAMPLE_RATE, SAMPLE_RATE).square().mean(1).sqrt().log10() * 20
    assert levels.tolist() == pytest.approx([-50.0] * 8, abs=1.5)


def test_the_tone_does_not_depend_on_how_the_sound_is_divided():
    n_samples = 3 * GRAIN
    whole = room_tone(0, n_samples)
    sizes = [1, GRAIN - 3, 2 * GRAIN + 2]
    divided = torch.cat(list(with_ambience([torch.zeros(1, size) for size in sizes], 0.0)), dim=1)
    torch.testing.assert_close(divided, whole, rtol=0, atol=0)
    assert room_tone(7, 7).shape == (1, 0)


def test_another_seed_is_another_tone():
    assert not torch.equal(room_tone(0, 100, 0), room_tone(0, 100, 1))


def test_without_a_level_nothing_is_added():
    block = torch.ones(1, 5)
    assert next(with_ambience([block], None)) is block
