"""Progress bars on stderr, one per stage."""

from contextlib import ExitStack
from types import TracebackType

from tqdm import tqdm


class Bars:
    """A ``Progress`` that draws a bar for every stage it hears of."""

    def __init__(self) -> None:
        self._bars: dict[str, tqdm] = {}
        self._open = ExitStack()

    def __enter__(self) -> "Bars":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, traceback)

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        if stage not in self._bars:
            self._bars[stage] = self._open.enter_context(tqdm(desc=stage, total=total))
        bar = self._bars[stage]
        bar.update(done - bar.n)
