"""A studio with fake models as a process of its own.

``python studio_server.py VIDEO|PROJECT [SECONDS]`` prints its address; see ``studio_worker``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Server(NamedTuple):
    """A running studio: its process and the address of its page."""

    process: subprocess.Popen
    address: str


def served(path: Path, seconds: float = 0.0):
    """Serve a video or a project; models take this long for each of their steps."""
    return _running([sys.executable, __file__, str(path), str(seconds)])


def command_served(path: Path):
    """Serve a video or a project by the command, with the bundled models."""
    words = ["studio", str(path), "--no-browser", "--port", "0"]
    return _running([sys.executable, "-m", "syncfusion", *words])


@contextmanager
def _running(command: list[str]) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        yield Server(process, process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    from syncfusion.studio import open_workspace, serve

    worker = [sys.executable, str(Path(__file__).with_name("studio_worker.py")), *sys.argv[2:]]
    workspace = open_workspace(Path(sys.argv[1]), 0.32, 0.2)
    serve(workspace, host="127.0.0.1", port=0, command=worker, browse=False)
