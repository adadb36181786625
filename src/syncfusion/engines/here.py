"""Doing tasks one after another in this process."""

from collections.abc import Mapping

from syncfusion.engines.tasks import OnResult, Task, ignore_result, reason


def one_by_one(tasks: Mapping[str, Task], *, on_result: OnResult = ignore_result) -> dict[str, str]:
    """Do all tasks in their order; one that fails does not stop the others.

    Args:
        tasks: what is to be done, by name.
        on_result: called with the name and result of every task that did not fail.

    Returns:
        Why tasks failed, by name.
    """
    failures = {}
    for name, task in tasks.items():
        try:
            result = task()
        except Exception as error:
            failures[name] = reason(error)
        else:
            on_result(name, result)
    return failures
