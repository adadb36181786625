"""Sound in a room: streamed convolution with an impulse response."""

from collections.abc import Iterable, Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.rendering.windows import Block

CHUNK = 2**16  # samples convolved at once


def in_room(blocks: Iterable[Block], response: Float[Tensor, " time"] | None) -> Iterator[Block]:
    """Convolve a sound with an impulse response (overlap-add), in constant memory.

    Args:
        blocks: consecutive blocks of the dry sound.
        response: of the room, at the sound's rate; None leaves the sound as it is.

    Yields:
        Blocks of the lengths given; what rings on after the last sample is cut off. How the sound
        is divided into blocks changes rounding only.
    """
    if response is None:
        yield from blocks
        return
    n_fft = 1 << (CHUNK + len(response) - 2).bit_length()
    transfer = torch.fft.rfft(response, n_fft)
    ringing = torch.zeros(1, len(response) - 1)
    for block in blocks:
        wet = []
        for chunk in block.split(CHUNK, dim=1):
            here = chunk.shape[1]
            sound = torch.fft.irfft(torch.fft.rfft(chunk, n_fft) * transfer, n_fft)
            sound = sound[:, : here + len(response) - 1]
            sound[:, : len(response) - 1] += ringing
            wet.append(sound[:, :here])
            ringing = sound[:, here:]
        yield torch.cat(wet, dim=1)
