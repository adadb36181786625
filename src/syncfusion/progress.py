"""Progress of long work, reported to a callback; one callback draws bars."""

import contextlib
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


@contextlib.contextmanager
def bars() -> Iterator[Progress]:
    """Yield a callback that draws one bar per stage on stderr, one after another."""
    with contextlib.ExitStack() as drawn:
        shown: dict[str, tqdm] = {}

        def draw(stage: str, done: int, total: int) -> None:
            if stage not in shown:
                drawn.close()
                shown[stage] = drawn.enter_context(tqdm(desc=stage, total=total))
            shown[stage].update(done - shown[stage].n)

        yield draw
