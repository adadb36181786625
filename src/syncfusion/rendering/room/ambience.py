"""Room tone: a quiet bed under the whole sound, so that gaps are no digital silence."""

from collections.abc import Iterable, Iterator

import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.rendering.windows import Block
from syncfusion.timing import seeded

AMBIENCE_DB = -60.0  # dBFS, RMS
GRAIN = 2**16  # samples of one piece of the bed; neighbours overlap by half
LOW, CORNER = 30.0, 200.0  # Hz: below the first nothing, above the second falling by 9 dB/octave


def with_ambience(
    blocks: Iterable[Block], level_db: float | None, seed: int = 0
) -> Iterator[Block]:
    """Lay room tone under a sound, in constant memory.

    Args:
        blocks: consecutive blocks of the sound at 48 kHz.
        level_db: RMS of the room tone in dBFS; None leaves the sound as it is.
        seed: of the noise; the tone at a sample does not depend on how the sound is divided.

    Yields:
        Blocks of the lengths given.
    """
    if level_db is None:
        yield from blocks
        return
    start = 0
    for block in blocks:
        yield block + 10 ** (level_db / 20) * room_tone(start, start + block.shape[1], seed)
        start += block.shape[1]


def room_tone(start: int, end: int, seed: int = 0) -> Block:
    """Return the samples ``start`` to ``end`` of an endless room tone of RMS 1.

    Grains of shaped noise overlap with equal power, so it is as loud everywhere.
    """
    half = GRAIN // 2
    first, last = start // half - 1, (max(end, start + 1) - 1) // half
    tone = torch.zeros((last - first + 2) * half)
    for number in range(first, last + 1):
        place = (number - first) * half
        tone[place : place + GRAIN] += _grain(seed, number)
    offset = start - first * half
    return tone[None, offset : offset + end - start]


def _grain(seed: int, number: int) -> torch.Tensor:
    noise = torch.randn(GRAIN, generator=seeded(seed * 2**20 + number + 1))
    frequencies = torch.fft.rfftfreq(GRAIN, 1 / SAMPLE_RATE)
    shape = (frequencies / CORNER).clamp_min(1) ** -1.5 * (frequencies > LOW)
    mean_square = 2 * shape.square().sum() / GRAIN
    sound = torch.fft.irfft(torch.fft.rfft(noise) * shape, GRAIN) / mean_square.sqrt()
    return sound * torch.hann_window(GRAIN).sqrt()
