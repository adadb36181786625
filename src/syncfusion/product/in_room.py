"""A result's sound in a room, with room tone under it; its stems stay dry."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile
import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.media import temporary_folder, to_dbfs
from syncfusion.product.sounds import Sound, read_blocks, write_scaled
from syncfusion.rendering import (
    DRY,
    Block,
    impulse_response,
    in_room,
    with_ambience,
    with_edge_fades,
)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The surroundings of a sound.

    Args:
        room: "dry", a room of ``rendering.ROOMS``, or the file of an impulse response.
        ambience_db: RMS of the room tone under it, in dBFS; None for none.
    """

    room: str = DRY
    ambience_db: float | None = None

    def check(self) -> None:
        """Raise an InputError if there is no such room."""
        impulse_response(self.room)

    def around(self, sound: Sound, peak_dbfs: float, seed: int = 0) -> Sound:
        """Return a sound in these surroundings.

        Args:
            sound: the dry sound.
            peak_dbfs: highest peak of the result, 0 or less.
            seed: of the room tone.

        Returns:
            The sound itself where nothing is added.

        Raises:
            InputError: if there is no such room.
        """
        response = impulse_response(self.room)
        if response is None and self.ambience_db is None:
            return sound
        return InRoom(sound, response, self.ambience_db, seed, peak_dbfs)


@dataclass(frozen=True)
class InRoom:
    """A sound in a room.

    Args:
        dry: the sound.
        response: impulse response of the room at 48 kHz; None for none.
        ambience_db: RMS of the room tone in dBFS; None for none.
        seed: of the room tone.
        peak_dbfs: highest peak, 0 or less; a lower one is left as it is.
    """

    dry: Sound
    response: Float[Tensor, " time"] | None
    ambience_db: float | None
    seed: int
    peak_dbfs: float

    def render(self) -> Block:
        """Return the whole sound, (1, time)."""
        dry = self.dry.render()
        wet = torch.cat(list(self._around([dry], dry.shape[1])), dim=1)
        return wet * self._gain(float(wet.abs().max()) if wet.numel() else 0.0)

    def write(self, path: Path, stems: Mapping[str, Path]) -> dict[str, Any]:
        """Write the sound with its surroundings, and its stems without.

        Args:
            path: of the mix, 48 kHz mono, 24 bit.
            stems: file by group, see ``Sound``; their sum is the dry mix.

        Returns:
            Peak and loudness of the mix, and those of the dry one, as json values.
        """
        with temporary_folder(path) as folder:
            dry = folder / "dry.wav"
            levels = self.dry.write(dry, stems)
            wet = self._around(read_blocks(dry), soundfile.info(dry).frames)
            around, gain = write_scaled(path, wet, self._gain)
        return {"dry": levels, "room_gain_db": to_dbfs(gain)} | around

    def _around(self, blocks: Iterable[Block], n_samples: int) -> Iterator[Block]:
        wet = with_ambience(in_room(blocks, self.response), self.ambience_db, self.seed)
        return with_edge_fades(wet, n_samples)

    def _gain(self, peak: float) -> float:
        limit = 10 ** (self.peak_dbfs / 20)
        return min(1.0, limit / peak) if peak else 1.0
