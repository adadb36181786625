"""Takes that nothing refers to any more: of events that were deleted, or of old prompts."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from syncfusion.studio.folder import TAKES, ProjectFolder


class OldTakes(NamedTuple):
    """Takes that may go; whatever needs one again renders the same one.

    Args:
        files: wav and json of each.
        number: of takes.
        n_bytes: of all files.
    """

    files: list[Path]
    number: int
    n_bytes: int

    def remove(self) -> None:
        """Delete the files."""
        for path in self.files:
            path.unlink(missing_ok=True)


def old_takes(folder: ProjectFolder, kept: Collection[str]) -> OldTakes:
    """Return the takes that no event of a project has, chosen or not.

    Args:
        folder: of the project.
        kept: keys of further takes that stay, such as those of a page's history.

    Returns:
        The takes, and how much they hold.
    """
    known = {key for event in folder.project.events for key in (event.take, *event.takes)}
    known |= set(kept)
    files = [
        path
        for path in sorted(folder.file(TAKES).glob("*"))
        if path.suffix in (".wav", ".json") and path.stem not in known
    ]
    number = len({path.stem for path in files})
    return OldTakes(files, number, sum(path.stat().st_size for path in files))
