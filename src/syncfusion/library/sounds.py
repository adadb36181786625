"""A library opened with the encoder that made its index: it chooses hits, and reads them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jaxtyping import Float
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.library.choosing import Choice, Wish, choose
from syncfusion.library.index import LibraryIndex, build_index
from syncfusion.library.reading import read_choice
from syncfusion.places import libraries_folder
from syncfusion.progress import Progress, ignore
from syncfusion.prompt import PromptEncoder


@dataclass(frozen=True)
class SoundLibrary:
    """A folder of the user's own recordings.

    Args:
        index: its hits.
        encoder: the prompt encoder that embedded them.
    """

    index: LibraryIndex
    encoder: PromptEncoder

    @classmethod
    def open(
        cls, folder: str | Path, encoder: PromptEncoder, *, progress: Progress = ignore
    ) -> "SoundLibrary":
        """Read a folder, or what has changed in it since it was read last.

        Args:
            folder: recordings of any rate and format.
            encoder: of prompts.
            progress: called with ("Reading the library", files read, files in all).

        Returns:
            The library.

        Raises:
            InputError: if the folder is missing or holds no usable recording.
        """
        made_by = encoder.embed("hit").cpu().numpy().tobytes()  # another one for another encoder
        name = hashlib.sha256(str(Path(folder).resolve()).encode() + made_by).hexdigest()
        kept = libraries_folder() / f"{name[:16]}.safetensors"
        return cls(build_index(folder, encoder, kept, progress=progress), encoder)

    def choose(self, wishes: Sequence[Wish], seed: int = 0) -> list[Choice | None]:
        """Choose a hit for every event; see ``choosing.choose``."""
        return choose(self.index, wishes, self.encoder, seed)

    def read(self, choice: Choice) -> tuple[Float[Tensor, " time"], int]:
        """Return a chosen hit at 48 kHz, and which sample of it is the attack."""
        return read_choice(self.index, choice)

    def hash(self, choice: Choice) -> str:
        """Return a hash of the samples of a chosen hit, in hexadecimal.

        Args:
            choice: the hit and its change of pitch.

        Returns:
            The sha256 of the recording, the cut and the change.

        Raises:
            InputError: if the recording is gone.
        """
        path = self.index.folder / choice.hit.file
        try:
            facts = (file_hash(path), choice.hit.cut, choice.cents)
        except OSError as error:
            raise InputError(f"the recording {path} is gone; start again") from error
        return hashlib.sha256(repr(facts).encode()).hexdigest()
