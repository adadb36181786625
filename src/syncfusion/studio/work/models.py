"""The models of the worker, loaded in the background."""

import threading
from collections.abc import Callable
from typing import Any

from syncfusion.errors import InputError
from syncfusion.studio.work.messages import Outbox


class Models:
    """Loads a pipeline once, beside whatever else the process does.

    Args:
        load: returns the pipeline; it takes seconds.
        outbox: receives a message when loading begins and ends.
    """

    def __init__(self, load: Callable[[], Any], outbox: Outbox) -> None:
        self._load, self._outbox = load, outbox
        self._thread: threading.Thread | None = None
        self._pipeline: Any = None
        self._error: Exception | None = None

    def start(self) -> None:
        """Begin to load, if that has not begun."""
        if self._thread is None:
            self._outbox.send("worker", state="loading", message="")
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def pipeline(self, wait: Callable[[], None]) -> Any:
        """Return the pipeline as soon as it is loaded.

        Args:
            wait: called several times a second until then; it may raise to cancel.

        Returns:
            The pipeline, the same for all jobs.

        Raises:
            InputError: if the models cannot be loaded.
        """
        self.start()
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.1)
            wait()
        if self._error is not None:
            raise InputError(f"the models cannot be loaded: {self._error}") from self._error
        return self._pipeline

    def _run(self) -> None:
        try:
            self._pipeline = self._load()
            self._outbox.send("worker", state="ready", message="")
        except Exception as error:  # whatever it is, the page shows it
            self._error = error
            self._outbox.send("worker", state="stopped", message=str(error))
