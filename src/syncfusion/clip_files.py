"""The files of processed videos, and the lists of the videos of each split."""

from dataclasses import dataclass
from pathlib import Path

from syncfusion.errors import InputError

SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class ClipFiles:
    """The files of one processed video, in its folder.

    Args:
        folder: its folder, which has the video's name once it is complete.
        name: the video's id.
    """

    folder: Path
    name: str

    @property
    def frames(self) -> Path:
        """All frames as one uint8 array (frame, height, width, 3)."""
        return self.folder / f"{self.name}.frames.npy"

    @property
    def jpegs(self) -> Path:
        """Folder of one JPEG a frame, the published form: ``<id>.frame_000001.jpg`` and on."""
        return self.folder / "frames"

    def resized(self, height: int, width: int) -> Path:
        """All frames once more, at the size that training reads; see ``onset.data.resized``."""
        return self.folder / f"{self.name}.frames.{height}x{width}.npy"

    @property
    def audio(self) -> Path:
        """The sound, mono."""
        return self.folder / "audio" / f"{self.name}.resampled.wav"

    @property
    def times(self) -> Path:
        """The annotated onsets."""
        return self.folder / f"{self.name}.times.csv"

    @property
    def metadata(self) -> Path:
        """Rates, sizes and duration."""
        return self.folder / f"{self.name}.metadata.json"


def split_names(root: Path, split: str) -> list[str]:
    """Read the ids in ``root/<split>.txt``, one per line.

    Args:
        root: folder of processed videos.
        split: "train", "val" or "test".

    Returns:
        The ids in the order of the list.

    Raises:
        InputError: if the folder or the list is missing, or the list is empty or names a video
            twice.
    """
    if not root.is_dir():
        raise InputError(
            f"there is no folder {root} of processed videos; syncfusion preprocess videos "
            "makes one, and DIR_DATA or data.roots names another"
        )
    path = root / f"{split}.txt"
    names = read_ids(path)
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise InputError(f"{path} names {repeated[0]} more than once; list every video once")
    return names


def read_ids(path: Path, *, may_be_empty: bool = False) -> list[str]:
    """Read a list of videos, one id per line.

    Args:
        path: the list.
        may_be_empty: whether a list without an id is allowed.

    Returns:
        The ids in the order of the list.

    Raises:
        InputError: if the list is missing, no text, or empty, or an id is a path.
    """
    try:
        names = path.read_text().split()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"there is no list {path}; write it, one id per line") from error
    strange = [name for name in names if Path(name).name != name or name in (".", "..")]
    if strange:
        raise InputError(f"{path} names {strange[0][:60]!r}, which is no plain id; list ids alone")
    if not names and not may_be_empty:
        raise InputError(f"{path} names no video; list one id per line")
    return names
