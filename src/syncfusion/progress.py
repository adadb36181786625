"""How far the work is: told to a function, which may draw bars."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

from tqdm import tqdm

Batch = TypeVar("Batch", bound=Sized)
Progress = Callable[[str, int, int], None]  # (stage, done, in all); may raise to cancel


def ignore(stage: str, done: int, total: int) -> None:
    """Hear of progress and do nothing."""


def counted(
    batches: Iterable[Batch], stage: str, total: int, progress: Progress
) -> Iterator[Batch]:
    """Pass batches on, telling how many of the things in them were taken."""
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        progress(stage, done, total)


@contextlib.contextmanager
def bars() -> Iterator[Progress]:
    """Yield a ``Progress`` that draws a bar on stderr for every stage, one after another."""
    with contextlib.ExitStack() as drawn:
        shown: dict[str, tqdm] = {}

        def draw(stage: str, done: int, total: int) -> None:
            if stage not in shown:
                drawn.close()
                shown[stage] = drawn.enter_context(tqdm(desc=stage, total=total))
            shown[stage].update(done - shown[stage].n)

        yield draw
