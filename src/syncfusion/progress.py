"""Progress of long work, reported to a callback; one callback draws bars."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

from tqdm import tqdm

Batch = TypeVar("Batch", bound=Sized)
Progress = Callable[[str, int, int], None]  # (stage, done, total); may raise to cancel


def ignore(stage: str, done: int, total: int) -> None:
    """Do nothing: the callback of work whose progress nobody follows."""


def counted(
    batches: Iterable[Batch], stage: str, total: int, progress: Progress
) -> Iterator[Batch]:
    """Yield batches unchanged; after each, report how many items were consumed in all."""
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        progress(stage, done, total)


class _Bar(tqdm):
    """A bar whose speed and time left do not depend on the clock on the wall."""

    def __init__(self, stage: str, total: int) -> None:
        super().__init__(desc=stage, total=total)
        self._time = time.monotonic
        self.start_t = self.last_print_t = self._time()


@contextlib.contextmanager
def bars() -> Iterator[Progress]:
    """Yield a callback that draws one bar per stage on stderr, one after another."""
    with contextlib.ExitStack() as drawn:
        shown: dict[str, _Bar] = {}

        def draw(stage: str, done: int, total: int) -> None:
            if stage not in shown:
                drawn.close()
                shown[stage] = drawn.enter_context(_Bar(stage, total))
            shown[stage].update(done - shown[stage].n)

        yield draw
