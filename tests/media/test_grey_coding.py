import numpy as np
import pytest

from helpers.moving_pictures import bouncing
from syncfusion.media import recompressed


def error(pictures, **settings):
    found = list(recompressed(pictures, **settings))
    assert [each.time for each in found] == [each.time for each in pictures]
    return np.mean(
        [
            abs(a.pixels.astype(float) - b.pixels).mean()
            for a, b in zip(found, pictures, strict=True)
        ]
    )


def test_compression_keeps_times_and_grey_levels():
    assert error(bouncing(12), quality=10) < 2


def test_a_worse_quality_changes_more():
    pictures = bouncing(12)
    assert error(pictures, quality=36) > 2 * error(pictures, quality=18)


def test_no_pictures_give_none():
    assert list(recompressed([], quality=23)) == []


@pytest.mark.parametrize("quality", [0, 51])
def test_the_ends_of_the_scale_can_be_used(quality):
    assert error(bouncing(4), quality=quality) < 40
