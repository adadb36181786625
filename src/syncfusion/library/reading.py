"""A chosen hit as samples."""

import soxr
import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.library.choosing import Choice
from syncfusion.library.index import LibraryIndex, read_recording

FADE_IN, FADE_OUT = SAMPLE_RATE // 1000, SAMPLE_RATE // 100


def read_choice(index: LibraryIndex, choice: Choice) -> tuple[Float[Tensor, " time"], int]:
    """Read a chosen hit, detuned and with faded edges.

    Args:
        index: the library it was chosen from.
        choice: what was chosen.

    Returns:
        Samples at 48 kHz as loud as in the recording, and which of them is the attack.

    Raises:
        InputError: if the recording is gone or can no longer be read.
    """
    cut = choice.hit.cut
    samples = read_recording(index.folder / choice.hit.file)[cut.start : cut.end].clone()
    rate = 2 ** (choice.cents / 1200)
    if choice.cents:
        detuned = soxr.resample(samples.numpy(), SAMPLE_RATE * rate, SAMPLE_RATE)
        samples = torch.from_numpy(detuned.copy())
    fade_in, fade_out = min(FADE_IN, len(samples)), min(FADE_OUT, len(samples))
    samples[:fade_in] *= torch.linspace(0, 1, fade_in)
    samples[len(samples) - fade_out :] *= torch.linspace(1, 0, fade_out)
    return samples, round(cut.attack / rate)
