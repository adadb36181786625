"""Messages to every page of a project that is open."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

Message = dict[str, Any]
WAITING = 1000  # messages that one page may lag behind; then it has to connect anew


class Broadcast:
    """Hands every message to all who listen; each begins with a message of its own."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Message | None]] = set()

    def send(self, message: Message) -> None:
        """Hand a message to all who listen now."""
        for listener in tuple(self._listeners):
            if listener.qsize() < WAITING:
                listener.put_nowait(message)
            else:
                self._listeners.discard(listener)
                listener.put_nowait(None)

    def close(self) -> None:
        """Let every listener end."""
        for listener in tuple(self._listeners):
            listener.put_nowait(None)
        self._listeners.clear()

    async def listen(self, first: Message) -> AsyncIterator[Message]:
        """Yield messages until the listener is left behind, or the studio ends.

        Args:
            first: what the listener begins with, the state as it is.

        Yields:
            ``first``, then every message that is sent from now on.
        """
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        queue.put_nowait(first)
        self._listeners.add(queue)
        try:
            while (message := await queue.get()) is not None:
                yield message
        finally:
            self._listeners.discard(queue)
