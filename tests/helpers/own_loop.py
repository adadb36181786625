"""A coroutine's result, also in a process whose main thread drives a browser."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def finished(work: Coroutine, seconds: float) -> Any:
    """Run a coroutine in a thread of its own, as Playwright keeps the main thread's loop running.

    Raises:
        TimeoutError: if it has not ended after these seconds.
    """
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, asyncio.wait_for(work, seconds)).result()
