import pytest
import torch

from syncfusion.rendering.room import in_room
from syncfusion.timing import seeded


def direct(sound, response):
    """Convolution by its definition."""
    kernel = response.flip(0)[None, None].double()
    padded = torch.nn.functional.pad(sound.double(), (len(response) - 1, 0))
    return torch.nn.functional.conv1d(padded[None], kernel)[0].float()


@pytest.mark.parametrize("sizes", [[5000], [1, 70_000, 0, 999], [300] * 20])
@pytest.mark.parametrize("length", [1, 700])
def test_blocks_are_convolved_as_the_whole_is(sizes, length):
    generator = seeded(0)
    sound = torch.randn(1, sum(sizes), generator=generator)
    response = torch.randn(length, generator=generator)
    wet = list(in_room(sound.split(sizes, dim=1), response))
    assert [block.shape[1] for block in wet] == sizes
    torch.testing.assert_close(torch.cat(wet, dim=1), direct(sound, response), rtol=0, atol=2e-4)


def test_without_a_room_the_sound_stays_as_it_is():
    blocks = [torch.ones(1, 3), torch.zeros(1, 2)]
    assert all(one is other for one, other in zip(in_room(blocks, None), blocks, strict=True))
