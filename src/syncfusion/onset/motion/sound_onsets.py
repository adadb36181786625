"""Annotations moved to the onset of the clip's own sound: labels for training only."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.media import Waveform, read_audio

SAMPLE_RATE = 22_050  # Hz
HOP = 64  # samples; 3 ms
REACH = 0.08  # seconds that a label may move, either way
RISE_HOPS = 3  # over which loudness is compared
GAIN = 100.0  # before the logarithm of mel bands
CLEAR, STANDING_OUT = 3.0, 2.0  # times the clip's and the neighbourhood's median


def sound_onsets(video: str, times: Sequence[float]) -> list[float]:
    """Return annotated times, each moved to the sharpest rise of the sound within ``REACH``.

    Args:
        video: file with sound.
        times: annotated onsets in seconds, ascending.

    Returns:
        As many times, ascending. One without a clear rise nearby stays, and so do all of a clip
        without sound.
    """
    try:
        sound = read_audio(video, sample_rate=SAMPLE_RATE, mono=True)
    except InputError:
        return list(times)
    rises = sound_rises(sound)
    moved = [_moved(time, rises) for time in times]
    return torch.tensor(moved).cummax(0).values.tolist() if moved else []


def sound_rises(sound: Waveform) -> Float[Tensor, " hop"]:
    """Return the mean rise of log mel bands around each hop."""
    from torchaudio.transforms import MelSpectrogram

    bands = MelSpectrogram(
        SAMPLE_RATE,
        n_fft=512,
        win_length=256,
        hop_length=HOP,
        n_mels=40,
        power=1.0,
        norm="slaney",
        mel_scale="slaney",
    )(sound.samples[0])
    logarithm = torch.log1p(bands * GAIN)
    rise = (logarithm[:, RISE_HOPS:] - logarithm[:, :-RISE_HOPS]).clamp(min=0).mean(0)
    return torch.nn.functional.pad(rise, (2, 1))  # from two hops before to one after


def _moved(time: float, rises: Float[Tensor, " hop"]) -> float:
    first, last = (round((time + side * REACH) * SAMPLE_RATE / HOP) for side in (-1, 1))
    first = max(first, 0)
    near = rises[first : last + 1]
    if len(near) < 3:
        return time
    highest = int(near.argmax())
    is_clear = near[highest] > CLEAR * rises.median()
    if not (is_clear and near[highest] > STANDING_OUT * near.median()):
        return time
    return (first + highest) * HOP / SAMPLE_RATE
