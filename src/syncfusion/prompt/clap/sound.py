"""The input of CLAP's sound net: ten seconds, rounded to 16 bit, as a log-mel spectrum."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.constants import SAMPLE_RATE
from syncfusion.media import Waveform
from syncfusion.prompt.compact import audible_peak, loudest

WINDOW_SAMPLES = 10 * SAMPLE_RATE  # laion_clap's HTSAT-tiny.json, like the three below
FFT, HOP, MELS = 1024, 480, 64  # samples, samples, bands
FLOOR = 1e-10  # power below which a band counts as silent
FULL_SCALE = 32_767  # of 16 bit

ClapWindows = Float[Tensor, "batch 480000"]
MelBank = Float[Tensor, "513 64"]


def window(sound: Waveform) -> Float[Tensor, "480000"]:
    """Return ten seconds of a sound, rounded to 16 bit as published: towards zero.

    A shorter sound is repeated as often as it fits whole, then padded with silence. Of a longer
    one laion-clap takes random ten seconds; here they are the loudest, so that equal sounds get
    equal vectors.

    Args:
        sound: of any rate, length and number of channels.

    Returns:
        48 kHz mono.

    Raises:
        InputError: if the sound is empty, silent (in 16 bit) or not finite.
    """
    mono = sound.mono().resampled(SAMPLE_RATE).samples[0].float()
    audible_peak(mono, silent=1 / FULL_SCALE)
    rounded = (mono.clamp(-1, 1) * FULL_SCALE).to(torch.int16) / FULL_SCALE
    kept = loudest(rounded)
    repeated = kept.repeat(WINDOW_SAMPLES // len(kept))
    return functional.pad(repeated, (0, WINDOW_SAMPLES - len(repeated)))


def log_mel(windows: ClapWindows, bank: MelBank) -> Float[Tensor, "batch 1 frame 64"]:
    """Return the power in mel bands, in decibels.

    Args:
        windows: 48 kHz mono.
        bank: weight of every frequency in every band, from the checkpoint.

    Returns:
        1001 frames of 10 ms.
    """
    taper = torch.hann_window(FFT, device=windows.device)
    spectrum = torch.stft(windows, FFT, HOP, window=taper, return_complex=True)
    power = torch.view_as_real(spectrum).square().sum(-1)
    bands = (power.mT @ bank).clamp(min=FLOOR)
    return 10 * bands.log10()[:, None]
