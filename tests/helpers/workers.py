"""A pytest plugin: whole folders are tested by one process a core.

One file is tested in this process, since starting workers would take longer than its tests.
``-n 0`` and ``-p no:xdist`` keep everything in one process, ``-n 4`` takes four.
"""

import os
import subprocess
import sys
from collections import Counter
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

MAX_WORKERS = 8  # each holds torch and a few nets: 1 to 2 GB
USE_KERNELS = """
import librosa, numpy
noise = numpy.random.default_rng(0).standard_normal(22050)
librosa.onset.onset_detect(y=noise, sr=22050, backtrack=True)
librosa.feature.mfcc(y=noise, sr=22050)
"""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Choose the number of workers where the command line does not; a worker starts none.

    This is no ``-n auto`` in pyproject.toml, which pytest would refuse where xdist is off.
    """
    option = config.option
    chosen = getattr(option, "numprocesses", 0) is not None
    if is_worker(config) or chosen or option.usepdb or option.collectonly:
        return
    option.numprocesses = workers(config.args)
    option.dist = "worksteal" if option.numprocesses else "no"


def workers(arguments: list[str]) -> int:
    """Return the number of processes for what is to be tested; 0 is this one alone."""
    if not any(Path(argument).is_dir() for argument in arguments):
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, MAX_WORKERS) if cores != 1 else 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files that have most slow tests, so that none of them comes last alone."""
    if is_worker(config):
        slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
        items.sort(key=lambda item: -slow[item.path])


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile librosa's kernels before workers start.

    Two processes that compile at once can leave a broken cache in librosa's folder.
    """
    if getattr(session.config.option, "numprocesses", None) and not is_worker(session.config):
        compile_kernels(getattr(session.config, "cache", None))


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def compile_kernels(cache: pytest.Cache | None) -> None:
    """Use the kernels once in a process of its own, where no earlier run of tests has."""
    installed = installation()
    if cache and cache.get("librosa/compiled", None) == installed:
        return
    subprocess.run([sys.executable, "-c", USE_KERNELS], check=True)
    if cache:
        cache.set("librosa/compiled", installed)


def installation() -> list[str | int]:
    """What the compiled kernels belong to."""
    home = Path(find_spec("librosa").origin)
    place = os.environ.get("NUMBA_CACHE_DIR", str(home))
    return [place, home.stat().st_mtime_ns, *map(version, ("librosa", "numba", "numpy"))]
