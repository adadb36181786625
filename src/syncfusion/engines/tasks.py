"""A task: one item's work; and why one failed, in a sentence."""

from collections.abc import Callable

from syncfusion.errors import InputError, system_sentence

Task = Callable[[], object]  # can be pickled; tidies up in ``finally`` blocks; safe to do again
OnResult = Callable[[str, object], None]  # the name of a task and what it returned


def ignore_result(name: str, result: object) -> None:
    """Do nothing: the callback of tasks whose results are files."""


def reason(error: Exception) -> str:
    """Return why a task failed: the sentence of bad input, or the kind of any other error."""
    if isinstance(error, OSError) and error.errno is not None:
        return system_sentence(error)
    return str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
