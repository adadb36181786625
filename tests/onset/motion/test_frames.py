import numpy as np
import pytest
import torch

from helpers.places import BUNDLED, SAMPLE
from syncfusion.checkpoint import load_onset
from syncfusion.media import probe, read_frames
from syncfusion.onset import onset_curve, read_motion
from syncfusion.onset.detect import normalised
from syncfusion.timing import seeded


def falling_square(n_frames: int, stop: int) -> torch.Tensor:
    """A bright square that falls for ``stop`` frames and lies still: (3, frame, 112, 112)."""
    frames = 0.1 * torch.rand(112, 112, generator=seeded(0)).expand(3, n_frames, 112, 112) - 1.0
    frames = frames.clone()
    for number in range(n_frames):
        top = 5 + 7 * min(number, stop)
        frames[:, number, top : top + 16, 48:64] = 1.5
    return frames


def test_the_bundled_detector_takes_frames_as_the_published_one_does():
    net = load_onset(BUNDLED)
    clips = torch.stack([falling_square(24, 10), falling_square(24, 24)])
    logits = net(clips)
    assert logits.shape == (2, 24)
    assert logits.isfinite().all()
    torch.testing.assert_close(net(clips[1:]), logits[1:])


def test_two_frames_have_no_onset():
    assert (load_onset(BUNDLED)(falling_square(2, 2)[None]) < 0).all()


@pytest.mark.slow
def test_the_samples_frames_peak_where_its_video_does():
    net = load_onset(BUNDLED)
    frames = torch.cat(list(read_frames(SAMPLE, fps=15, width=112, height=112)))
    logits = net(normalised(frames[None]))[0]
    assert logits.shape == (len(frames),)
    curve = onset_curve(net, read_motion(probe(SAMPLE)))
    near = np.abs(curve.times - int(logits.argmax()) / 15) <= 2 / 15
    assert curve.probabilities[near].max() > 0.5
    assert curve.probabilities.mean() < 0.3
