"""Rotation and mirroring from the stored to the displayed picture.

A container stores a display matrix: nine integers that map a stored position (x right, y down) to a
displayed one: ``shown_x = m[0] x + m[3] y``, ``shown_y = m[1] x + m[4] y`` (FFmpeg,
libavutil/display.h). FFmpeg's decoder attaches it to each frame and does not apply it.
"""

import struct
from dataclasses import dataclass

import av


@dataclass(frozen=True)
class Orientation:
    """A display matrix and its decomposition.

    Args:
        matrix: nine integers in FFmpeg's order; empty for the identity.
    """

    matrix: tuple[int, ...] = ()

    @classmethod
    def of(cls, frame: av.VideoFrame) -> "Orientation":
        """Read the orientation from a decoded frame."""
        data = frame.side_data.get("DISPLAYMATRIX")
        return cls(struct.unpack("=9i", bytes(data))) if data else cls()

    @property
    def is_transposed(self) -> bool:
        """Whether stored rows are displayed as columns."""
        return bool(self.matrix) and abs(self.matrix[1]) > abs(self.matrix[0])

    @property
    def rotation(self) -> int:
        """Clockwise rotation in degrees: 0, 90, 180 or 270."""
        if not self.matrix:
            return 0
        if self.is_transposed:
            return 90 if self.matrix[1] > 0 else 270
        return 0 if self.matrix[0] > 0 else 180

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """FFmpeg filters (name, arguments), in order, that orient a stored picture."""
        if not self.matrix:
            return ()
        right_to_left, bottom_up = (3, 1) if self.is_transposed else (0, 4)
        transpose = (("transpose", "cclock_flip"),) if self.is_transposed else ()
        hflip = (("hflip", ""),) if self.matrix[right_to_left] < 0 else ()
        vflip = (("vflip", ""),) if self.matrix[bottom_up] < 0 else ()
        return transpose + hflip + vflip
