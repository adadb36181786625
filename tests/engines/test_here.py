from functools import partial

from syncfusion.engines import one_by_one
from syncfusion.errors import InputError


def fail(error):
    raise error


def test_a_task_that_fails_does_not_stop_the_others():
    results = {}
    tasks = {
        "a": partial(fail, InputError("a is broken; mend it")),
        "b": partial(int, 2),
        "c": partial(fail, OSError("disk full")),
    }
    failures = one_by_one(tasks, on_result=results.__setitem__)
    assert failures == {"a": "a is broken; mend it", "c": "OSError: disk full"}
    assert results == {"b": 2}
