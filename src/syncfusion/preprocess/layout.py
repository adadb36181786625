"""Where the files of a processed video go: into a folder of its own, or all into one."""

from dataclasses import dataclass
from pathlib import Path

from syncfusion.clip_files import ClipFiles


@dataclass(frozen=True)
class FlatClipFiles(ClipFiles):
    """The files of one processed video, all in the same folder as those of the others."""

    @property
    def jpegs(self) -> Path:
        """Folder of one JPEG a frame."""
        return self.folder

    @property
    def audio(self) -> Path:
        """The sound, mono."""
        return self.folder / f"{self.name}.resampled.wav"


def clip_files(output: Path, name: str, *, flatten: bool = False) -> ClipFiles:
    """Name the files of a processed video.

    Args:
        output: folder of all processed videos.
        name: the video's id.
        flatten: whether they lie in ``output`` itself rather than in ``output/<id>``.

    Returns:
        Their paths; nothing is made.
    """
    return FlatClipFiles(output, name) if flatten else ClipFiles(output / name, name)
