"""A pytest plugin: among the fast tests, one that takes over two seconds fails.

A run is one of fast tests where it leaves the slow ones out (``-m "not slow"``, as
``script/check.sh`` does). In a run of the whole suite browsers and trainings of the slow tests
share cores and caches with the fast ones, and what is measured there says little.

What is measured is the processor time of a test's body, of this process and of those that it
started and waited for, so that a busy machine fails nothing; a body that computes on several
cores counts by the clock. Fixtures are not measured, nor is a body that imports a package
for the first time: whichever test comes first would pay for all others.
"""

import os
import sys
from collections.abc import Generator
from typing import NamedTuple

import pytest

FIRST_IMPORT = 10  # new modules in a body: it was the first to need a package, or its kernels
ALLOWANCE = 1.5  # processor time of a core that is shared with other programs passes faster


class Moment(NamedTuple):
    """What the clocks showed."""

    wall: float
    processor: float
    modules: int


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a slower machine have its own limit: ``-o slow_seconds=4``."""
    parser.addini("slow_seconds", "seconds from which a test is to be marked slow", default="2")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test that passes, but takes too long to be among the fast ones."""
    before = now()
    yield
    if "not slow" not in item.config.option.markexpr:
        return
    cost = seconds_between(before, now())
    limit = float(item.config.getini("slow_seconds"))
    if cost > limit * ALLOWANCE:
        pytest.fail(
            f"takes {cost:.1f} s, over the {limit:g} s of a fast test: make it cheaper, or mark it"
            " @pytest.mark.slow",
            pytrace=False,
        )


def now() -> Moment:
    times = os.times()
    return Moment(times.elapsed, sum(times[:4]), len(sys.modules))


def seconds_between(before: Moment, after: Moment) -> float:
    """Return what a test costs; 0 where a first import hides it."""
    if after.modules - before.modules > FIRST_IMPORT:
        return 0.0
    return min(after.wall - before.wall, after.processor - before.processor)
