"""Takes of the bundled weights: the same bytes in any company."""

import pytest
import torch

from syncfusion.product import load
from syncfusion.rendering import TakeCache
from syncfusion.track import OnsetTrack


@pytest.mark.slow
def test_a_take_of_the_bundled_weights_has_the_same_bytes_alone_and_in_any_company(tmp_path):
    extras = [
        {"seed": str(seed), "prompt": ("wood hit", "metal hit")[seed % 2]} for seed in range(9)
    ]
    crowd = OnsetTrack([0.1 * n for n in range(9)], 2.0, extras=extras)
    together = load("compact", device="cpu").takes(crowd, None, cache=TakeCache(tmp_path / "all"))
    for place in (0, 7):
        one = OnsetTrack([0.5], 2.0, extras=[extras[place]])
        fresh = load("compact", device="cpu")
        (alone,) = fresh.takes(one, None, cache=TakeCache(tmp_path / str(place)))
        assert alone.key == together[place].key
        assert torch.equal(alone.samples, together[place].samples)
