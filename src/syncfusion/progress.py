"""How far the work is: told to a function, which may draw bars."""

from collections.abc import Callable, Iterable, Iterator, Sized
from types import TracebackType
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


class Bars:
    """A ``Progress`` that draws a bar on stderr for every stage, one after another."""

    def __init__(self) -> None:
        self._stage, self._bar = "", tqdm(disable=True)

    def __enter__(self) -> "Bars":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        if stage != self._stage:
            self._bar.close()
            self._stage, self._bar = stage, tqdm(desc=stage, total=total)
        self._bar.update(done - self._bar.n)
