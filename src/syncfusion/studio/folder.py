"""The folder of a project: ``project.json``, and the files that belong to it.

Every save is atomic and has a revision of its own; who saves names the revision that was edited, so
that of two pages none overwrites what the other one did.
"""

import json
import os
from pathlib import Path
from typing import Any

from syncfusion.constants import PROJECT_FILE, PROJECT_SUFFIX
from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.studio.project import Project, parse_project, read_project

CURVE = "curve.json"
PEAKS = "peaks.bin"
ORIGINAL_SOUND = "original.wav"
FILMSTRIP, FILMSTRIP_FACTS = "filmstrip.jpg", "filmstrip.json"
PROXY, SOURCE = "proxy.mp4", "source.json"
TAKES, REFERENCES, EXPORTS, UPLOADS = "takes", "references", "exports", "uploads"
ROOMS = "rooms"


class Conflict(Exception):
    """The project was changed since the revision that was edited."""


def is_project(path: Path) -> bool:
    """Whether a path is that of a project: a folder with ``project.json``, or one so named."""
    return path.is_dir() and (path.suffix == PROJECT_SUFFIX or (path / PROJECT_FILE).is_file())


class ProjectFolder:
    """A project on disk.

    Args:
        path: the folder.
        project: its content.
        revision: how often it was saved.
    """

    def __init__(self, path: Path, project: Project, revision: int) -> None:
        self.path, self.project, self.revision = path, project, revision

    @classmethod
    def open(cls, path: str | Path) -> "ProjectFolder":
        """Open the folder of a project.

        Args:
            path: of the folder.

        Returns:
            The folder and the project in it.

        Raises:
            InputError: if it holds no project, or one that is not understood; nothing is changed.
        """
        path = Path(path)
        try:
            values = parse_project((path / PROJECT_FILE).read_bytes())
        except OSError as error:
            raise InputError(
                f"cannot read the project {path / PROJECT_FILE}: {error.strerror}; check its path"
            ) from error
        except InputError as error:
            raise InputError(f"{path / PROJECT_FILE}: {error}") from error
        revision = values.pop("revision", 1)
        if not isinstance(revision, int) or isinstance(revision, bool) or revision < 1:
            raise InputError(f"{path / PROJECT_FILE}: its revision is no whole number of 1 or more")
        try:
            return cls(path, read_project(values), revision)
        except InputError as error:
            raise InputError(f"{path / PROJECT_FILE}: {error}") from error

    @classmethod
    def for_video(
        cls, video: str | Path, path: Path | None = None, *, name: str | None = None
    ) -> "ProjectFolder":
        """Open the project of a video, which is made where there is none yet.

        Args:
            video: the file; it is neither copied nor changed.
            path: of the folder; None for ``clip.syncfusion`` beside ``clip.mp4``.
            name: of a new project; None for that of the video.

        Returns:
            The folder and the project in it.

        Raises:
            InputError: if the video is missing, or the folder cannot be made.
        """
        video = Path(video)
        if not video.is_file():
            raise InputError(f"there is no video {video}; check its path")
        path = path or video.with_suffix(PROJECT_SUFFIX)
        if (path / PROJECT_FILE).is_file():
            return cls.open(path)
        place = _beside(video, path) or str(video.absolute())
        title = (name or video.stem)[:1000]
        made = cls(path, read_project({"name": title, "video": place}), 0)
        made.save(made.project, 0)
        return made

    @property
    def video(self) -> Path:
        """The video's file; a relative name counts from the folder that holds the project."""
        return self.path.absolute().parent / self.project.video

    def file(self, *names: str) -> Path:
        """Return the path of a file of the project by names that are known to be harmless."""
        return self.path.joinpath(*names)

    def save(self, project: Project, revision: int) -> int:
        """Write the project; the file is the old one or the new one, whatever happens.

        Args:
            project: the new content.
            revision: the one that was edited.

        Returns:
            The new revision.

        Raises:
            Conflict: if the project has another revision by now.
            InputError: if it cannot be written.
        """
        if revision != self.revision:
            raise Conflict
        values = {"version": project.version, "revision": revision + 1}
        text = dump(values | project.model_dump(mode="json"))
        try:
            with temporary_sibling(self.file(PROJECT_FILE)) as temporary:
                temporary.write_text(text, encoding="utf-8")
        except (OSError, InputError) as error:
            raise InputError(
                f"cannot write the project {self.path} "
                f"({error.strerror if isinstance(error, OSError) else error.__cause__ or error}); "
                "allow writing there, or copy the clip into a folder of yours"
            ) from error
        self.project, self.revision = project, revision + 1
        return self.revision


def dump(values: dict[str, Any]) -> str:
    """Return a project as text: a line for each value, and one for each group and event."""
    lines = []
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in value)
            lines.append(f"  {json.dumps(name)}: [\n{rows}\n  ]")
        else:
            lines.append(f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _beside(video: Path, folder: Path) -> str | None:
    """Return a video's name relative to where the project lies, None if it lies elsewhere."""
    home = os.path.realpath(folder.absolute().parent)
    real = os.path.realpath(video)
    return os.path.relpath(real, home) if os.path.commonpath([home, real]) == home else None
