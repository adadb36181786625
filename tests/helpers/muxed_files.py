"""A sound of clicks to put under a video, and checks of the result."""

import av
import numpy as np
import pytest
import soundfile
import torch

from syncfusion.media.audio import read_audio
from syncfusion.media.video import read_frames

RATE = 48_000
CLICKS = (0.25, 0.6, 1.5)  # seconds


def make_clicks(path, *, rate=RATE, duration=2.0, n_channels=1):
    """Write a wav of one click at each of ``CLICKS``."""
    sound = np.zeros((round(duration * rate), n_channels), np.float32)
    for time in CLICKS:
        if time < duration:
            sound[round(time * rate)] = 0.9
    soundfile.write(path, sound, rate, subtype="PCM_24")
    return path


def assert_clicks_in_place(path):
    """Check that every click lies at its time in a video's sound."""
    loudness = read_audio(path, mono=True).samples[0].abs()
    for time in CLICKS:
        window = loudness[round((time - 0.05) * RATE) : round((time + 0.05) * RATE)]
        assert int(window.argmax()) / RATE - 0.05 == pytest.approx(0, abs=0.002)


def packets_of(path):
    """Return the stored pictures of a video."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def frames_of(path):
    """Return a video's frames, 25 a second, 32 by 32 pixels."""
    return torch.cat(list(read_frames(path, fps=25, width=32, height=32)))
