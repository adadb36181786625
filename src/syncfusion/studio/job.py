"""One job of the queue, and what the page knows of it."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from syncfusion.studio.broadcast import Message
from syncfusion.studio.workspace import Workspace

State = Literal["queued", "running", "done", "failed", "cancelled"]
LEAST_SECONDS = 1.0  # of a stage before the time that is left is estimated


@dataclass
class Job:
    """Work for the worker.

    Args:
        workspace: the project that it is about.
        kind: see ``studio.work.loop``.
        options: what the worker needs besides the project.
        in_background: whether it makes way for any other job, and is done again later.
    """

    workspace: Workspace
    kind: str
    options: dict[str, Any] = field(default_factory=dict)
    in_background: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    state: State = "queued"
    stage: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    result: dict[str, Any] | None = None
    _stage_begun: float = 0.0

    def task(self) -> Message:
        """Return the job as the worker takes it, with the project as it is now."""
        folder = self.workspace.folder
        fixed = {"id": self.id, "kind": self.kind, "folder": str(folder.path.absolute())}
        return {"project": folder.project.model_dump(mode="json")} | self.options | fixed

    def advance(self, stage: str, done: int, total: int) -> None:
        """Note how far it is."""
        if stage != self.stage:
            self._stage_begun = time.monotonic()
        self.stage, self.done, self.total = stage, done, total

    def seconds_left(self) -> float | None:
        """Return an estimate of the seconds to the end of the stage; None where there is none."""
        elapsed = time.monotonic() - self._stage_begun
        if self.state != "running" or not 0 < self.done <= self.total or elapsed < LEAST_SECONDS:
            return None
        return round(elapsed / self.done * (self.total - self.done), 1)

    def end(self, state: State, message: str = "") -> None:
        """Note how it ended."""
        self.state, self.message = state, message
        self.report()

    def report(self) -> None:
        """Show it to the pages of its project."""
        self.workspace.pages.send(self.shown())

    def shown(self) -> Message:
        """Return the job as the page reads it."""
        return {
            "type": "job",
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "stage": self.stage,
            "done": self.done,
            "total": self.total,
            "seconds_left": self.seconds_left(),
            "message": self.message,
            "result": self.result,
        }
