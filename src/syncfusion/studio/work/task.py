"""One job as the worker sees it: its project, its progress, its cancellation."""

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from syncfusion.studio.folder import ProjectFolder
from syncfusion.studio.project import Project, read_project
from syncfusion.studio.work.messages import Message, Outbox
from syncfusion.studio.work.models import Models

REPORT_SECONDS = 0.1  # between two messages of progress


class Cancelled(BaseException):
    """The job was cancelled; nothing but the loop of the worker may stop it on its way."""


class Task:
    """A job.

    Args:
        message: as it was sent: "id", "kind", "folder", "project" and what else the kind needs.
        models: of the worker.
        outbox: of the worker.
        is_cancelled: whether the job with an id was cancelled.
    """

    def __init__(
        self, message: Message, models: Models, outbox: Outbox, is_cancelled: Callable[[str], bool]
    ) -> None:
        self.id, self.kind, self.options = message["id"], message["kind"], message
        self.models, self._outbox, self._is_cancelled = models, outbox, is_cancelled
        self._reported: tuple[str, float] = ("", 0.0)

    @cached_property
    def project(self) -> Project:
        """The project as it was when the job was posted."""
        return read_project(self.options["project"])

    @cached_property
    def folder(self) -> ProjectFolder:
        """The folder of the project; the worker never saves ``project.json``."""
        return ProjectFolder(Path(self.options["folder"]), self.project, 0)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Report how far the job is; raise ``Cancelled`` where it is to end."""
        self.check()
        last_stage, last_time = self._reported
        now = time.monotonic()
        if stage != last_stage or done == total or now - last_time >= REPORT_SECONDS:
            self._reported = (stage, now)
            self.send("progress", stage=stage, done=done, total=total)

    def check(self) -> None:
        """Raise ``Cancelled`` where the job is to end."""
        if self._is_cancelled(self.id):
            raise Cancelled

    def pipeline(self) -> Any:
        """Return the models, which may still have to be loaded."""
        return self.models.pipeline(lambda: self.progress("Loading the models", 0, 0))

    def send(self, type: str, **values: Any) -> None:
        """Send a message about this job."""
        self._outbox.send(type, id=self.id, **values)
