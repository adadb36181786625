"""One video that a program has sent, and the files of its result."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncfusion.media import temporary_sibling

RESULT = "out"  # name of the files of a result
FACTS = "job.json"
ENDED = ("done", "failed")


@dataclass
class Render:
    """One video to render.

    Args:
        folder: of its files, named by its id.
        video: name of the video's file there.
        options: words of ``syncfusion generate``.
        state: "queued", "running", "done" or "failed".
        message: why it failed; "" otherwise.
        seconds: that it took.
    """

    folder: Path
    video: str
    options: list[str]
    state: str = "queued"
    message: str = ""
    seconds: float = 0.0
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """Name of the render."""
        return self.folder.name

    @property
    def files(self) -> list[str]:
        """Names of the result's files; none before all are there."""
        if self.state != "done":
            return []
        return sorted(path.name for path in self.folder.glob(f"{RESULT}.*") if path.is_file())

    def save(self) -> None:
        """Write its facts, so that they outlive this process."""
        facts = {
            "video": self.video,
            "options": self.options,
            "state": self.state,
            "message": self.message,
            "seconds": self.seconds,
        }
        with temporary_sibling(self.folder / FACTS) as temporary:
            temporary.write_text(json.dumps(facts), encoding="utf-8")

    def shown(self) -> dict[str, Any]:
        """Return the render as the interface shows it."""
        return {"id": self.id, "state": self.state, "message": self.message, "files": self.files}
