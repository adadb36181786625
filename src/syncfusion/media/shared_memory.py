"""Memory that a process and the one that decodes for it share: arrays cross without a pipe.

It has two slots, one for the arrays of each message in turn. A slot is written again when the
receiver has acknowledged its message, by one byte.
"""

import math
import mmap
import operator
import os
from collections.abc import Callable, Sequence

import numpy as np

SLOT_BYTES = 2**22
N_SLOTS = 2
ALIGNMENT = 64
LEAST_BYTES = 2**13  # of all arrays of a message; a pipe is as fast for less


def create() -> int | None:
    """Return the descriptor of new memory for both processes; None where a system has none.

    It is sealed: neither process can change its size while the other reads it.
    """
    try:
        import fcntl

        descriptor = os.memfd_create("syncfusion", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(descriptor, N_SLOTS * SLOT_BYTES)
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    except (ImportError, AttributeError, OSError):
        return None
    return descriptor


class Sender:
    """Places arrays in the slots.

    Args:
        descriptor: of the memory.
        acknowledged: waits for the receiver's next acknowledgement.
    """

    def __init__(self, descriptor: int, acknowledged: Callable[[], object]) -> None:
        self._memory = mmap.mmap(descriptor, N_SLOTS * SLOT_BYTES)
        self._acknowledged = acknowledged
        self._n_placed = self._n_open = 0

    def place(self, arrays: Sequence[np.ndarray]) -> list[int] | None:
        """Copy the arrays of a message and return their places; None if they are to go elsewhere.

        It waits for the receiver where both slots are taken.
        """
        sizes = [-(-array.nbytes // ALIGNMENT) * ALIGNMENT for array in arrays]
        if not LEAST_BYTES <= sum(sizes) <= SLOT_BYTES:
            return None
        if self._n_open == N_SLOTS:
            self._wait()
        begin = self._n_placed % N_SLOTS * SLOT_BYTES
        self._n_placed, self._n_open = self._n_placed + 1, self._n_open + 1
        places = [begin + sum(sizes[:number]) for number in range(len(sizes))]
        for place, array in zip(places, arrays, strict=True):
            view(self._memory, array.dtype, array.shape, place)[...] = array
        return places

    def settle(self) -> None:
        """Wait until every message is acknowledged."""
        while self._n_open:
            self._wait()

    def _wait(self) -> None:
        self._acknowledged()
        self._n_open -= 1


class Receiver:
    """Takes arrays out of the slots.

    Args:
        descriptor: of the memory.
    """

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, N_SLOTS * SLOT_BYTES, prot=mmap.PROT_READ)

    def taken(self, dtype: np.dtype, shape: Sequence[int], place: int) -> np.ndarray:
        """Return a copy of an array; raises ValueError or TypeError where there can be none."""
        return view(self._memory, dtype, shape, place).copy()


def view(memory: mmap.mmap, dtype: np.dtype, shape: Sequence[int], place: int) -> np.ndarray:
    """Return an array that lies in memory; ValueError where it would not."""
    sizes = [operator.index(size) for size in (*shape, place)]  # numpy takes a negative place
    if min(sizes) < 0 or math.prod(sizes[:-1]) * dtype.itemsize + place > len(memory):
        raise ValueError(f"no array of shape {shape} lies at {place}")
    return np.ndarray(tuple(shape), dtype, buffer=memory, offset=place)
