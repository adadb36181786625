import pytest
import torch

from syncfusion.evaluation.sync import heard_onsets
from syncfusion.media.audio import Waveform
from syncfusion.timing import seeded

CLICKS = (0.5, 1.2, 2.25)


def clicks(rate=48_000, n_channels=1):
    """Decaying bursts of noise."""
    samples = torch.zeros(n_channels, 3 * rate)
    burst = torch.randn(rate // 5, generator=seeded(0))
    burst *= torch.exp(-torch.arange(len(burst)) / (0.03 * rate))
    for time in CLICKS:
        samples[:, round(time * rate) :][:, : len(burst)] += 0.2 * burst
    return Waveform(samples, rate)


@pytest.mark.parametrize(("rate", "n_channels"), [(48_000, 1), (44_100, 2)])
def test_bursts_are_heard_where_they_are(rate, n_channels):
    track = heard_onsets(clicks(rate, n_channels))
    assert track.times == pytest.approx(CLICKS, abs=0.05)
    assert track.duration == 3.0


def test_silence_has_no_onsets():
    assert heard_onsets(Waveform(torch.zeros(1, 48_000), 48_000)).times == ()
