"""Lines of json between the web process and the worker."""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]


class Outbox:
    """Writes messages to what was the process's output.

    From then on everything that a library prints goes to the error stream, so that it cannot stand
    between two messages.
    """

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        self._lock = threading.Lock()
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def send(self, type: str, **values: Any) -> None:
        """Write one message; where nobody reads any more, the process is to end."""
        line = json.dumps({"type": type} | values)
        try:
            with self._lock:
                self._file.write(line + "\n")
                self._file.flush()
        except OSError:
            os.kill(os.getpid(), signal.SIGTERM)


def received() -> Iterator[Message]:
    """Yield the messages of the web process until it ends."""
    for line in sys.stdin:
        yield json.loads(line)
