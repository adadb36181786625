"""The projects that a server holds, each behind an id and a token of its own."""

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.studio.broadcast import Broadcast, Message
from syncfusion.studio.folder import CURVE, UPLOADS, Conflict, ProjectFolder
from syncfusion.studio.project import FACTS, Project, parse_project, read_project

LOCK = ".lock"


class Workspace:
    """One project that is open, and the pages that look at it.

    Args:
        folder: of the project; held for this process until ``close``.
        is_sample: whether it is the sample that comes with the program.
        has_folders: whether pages may name folders of this machine, as those of its own user.

    Raises:
        InputError: if another studio holds the folder.
    """

    def __init__(
        self, folder: ProjectFolder, *, is_sample: bool = False, has_folders: bool = True
    ) -> None:
        self.folder, self.is_sample, self.has_folders = folder, is_sample, has_folders
        self.id, self.token = secrets.token_hex(4), secrets.token_urlsafe(24)
        self.pages = Broadcast()
        self._learned: dict[int, set[str]] = {}  # what a revision changed that came of the video
        self._lock = _hold(folder.path)
        shutil.rmtree(folder.file(UPLOADS), ignore_errors=True)  # of a process that was killed

    @property
    def address(self) -> str:
        """Path of the page, with the token."""
        return f"/{self.id}/?token={self.token}"

    def state(self) -> dict[str, Any]:
        """Return the project as the page reads it."""
        return {
            "project": self.folder.project.model_dump(mode="json"),
            "revision": self.folder.revision,
            "detected": self.folder.file(CURVE).is_file(),
            "sample": self.is_sample,
        }

    def edit(self, content: bytes, revision: int, page: str = "") -> int:
        """Save what a page sends.

        Args:
            content: the project as json; what the video decides is left as it is.
            revision: the one that was edited; what the studio itself has learned of the video since
                is no conflict, and stays.
            page: which one sends it, so that it knows the message about it for its own.

        Returns:
            The new revision.

        Raises:
            Conflict: if there is a newer one.
            InputError: if the content is not understood, or cannot be written.
        """
        since = range(revision + 1, self.folder.revision + 1)
        if revision > self.folder.revision or not self._learned.keys() >= set(since):
            raise Conflict
        kept = {*FACTS}.union(*(self._learned[number] for number in since))
        facts = {name: getattr(self.folder.project, name) for name in kept}
        new = read_project(parse_project(content) | facts)
        if not self.has_folders and any(group.library for group in new.groups):
            raise InputError("a library is a folder of this machine; others cannot name one")
        return self._save(new, page)

    def learn(self, facts: dict[str, Any]) -> None:
        """Save what was read from the video."""
        old, new = self.folder.project, self.folder.project.with_changes(**facts)
        changed = {name for name in facts if getattr(old, name) != getattr(new, name)}
        if changed:
            self._learned[self._save(new)] = changed

    def _save(self, project: Project, page: str = "") -> int:
        saved = self.folder.save(project, self.folder.revision)
        self.pages.send({"type": "project", "revision": saved, "page": page})
        return saved

    def close(self) -> None:
        """Let the pages go, and give the folder free."""
        self.pages.close()
        os.close(self._lock)


class Studio:
    """All projects of one server."""

    def __init__(self) -> None:
        self._workspaces: dict[str, Workspace] = {}

    def __iter__(self) -> Iterator[Workspace]:
        return iter(tuple(self._workspaces.values()))

    def add(self, workspace: Workspace) -> Workspace:
        """Hold a project from now on."""
        self._workspaces[workspace.id] = workspace
        return workspace

    def find(self, id: str) -> Workspace:
        """Return the project with an id, which the guard has checked."""
        return self._workspaces[id]

    def token(self, id: str) -> str | None:
        """Return the token of the project with an id; None where there is none."""
        found = self._workspaces.get(id)
        return found.token if found else None

    def send(self, message: Message) -> None:
        """Send a message to the pages of every project."""
        for workspace in self._workspaces.values():
            workspace.pages.send(message)

    def close(self) -> None:
        """Close all projects."""
        for workspace in self._workspaces.values():
            with contextlib.suppress(OSError):
                workspace.close()


def _hold(folder: Path) -> int:
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise InputError(
            f"cannot write to the project {folder} ({error.strerror}); allow writing there"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise InputError(f"{folder} is open in another studio; close that one first") from error
    return lock
