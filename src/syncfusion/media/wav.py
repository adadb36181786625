"""Writing wav files."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import soundfile
from jaxtyping import Float
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.media.atomic import known_folder, temporary_sibling
from syncfusion.media.audio import Waveform

SYSTEM_ERROR = "the disk is full, or failed"  # libsndfile names neither
SFC_SET_ADD_PEAK_CHUNK = 0x1050  # a command of libsndfile that soundfile gives no name


class WavWriter:
    """Writes a wav file block by block; the file appears when the ``with`` block ends well.

    Args:
        path: the file; a missing folder is created.
        sample_rate: Hz.
        n_channels: of every block.
        subtype: "PCM_24", which clips at full scale, or "FLOAT".

    Raises:
        InputError: if the folder cannot be written to, or the disk is full.
    """

    def __init__(
        self, path: str | Path, *, sample_rate: int, n_channels: int = 1, subtype: str = "PCM_24"
    ) -> None:
        self._path = Path(path)
        self._format = (sample_rate, n_channels, subtype)
        self._open = contextlib.ExitStack()

    def __enter__(self) -> "WavWriter":
        with self._failures(), contextlib.ExitStack() as stack:
            temporary = stack.enter_context(temporary_sibling(self._path))
            file = soundfile.SoundFile(temporary, "w", *self._format, format="WAV")
            self._file = stack.enter_context(file)
            _omit_time(file)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._failures():
            self._open.__exit__(kind, error, traceback)

    def write(self, block: Float[Tensor, "channel time"]) -> None:
        """Append samples."""
        with self._failures():
            self._file.write(block.detach().cpu().float().T.numpy())

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except soundfile.LibsndfileError as error:
            raise InputError(
                f"cannot write a sound into {known_folder(self._path)} ({SYSTEM_ERROR}); "
                "free disk space or choose another folder"
            ) from error


def _omit_time(file: soundfile.SoundFile) -> None:
    """Leave the PEAK chunk out, which holds the time of writing: equal sounds are equal files."""
    soundfile._snd.sf_command(file._file, SFC_SET_ADD_PEAK_CHUNK, soundfile._ffi.NULL, 0)


def write_wav(waveform: Waveform, path: str | Path, *, subtype: str = "PCM_24") -> None:
    """Write a whole sound as wav; see ``WavWriter`` for its arguments and errors."""
    n_channels = len(waveform.samples)
    with WavWriter(
        path, sample_rate=waveform.sample_rate, n_channels=n_channels, subtype=subtype
    ) as writer:
        writer.write(waveform.samples)
