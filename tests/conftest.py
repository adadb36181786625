import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

import helpers.typecheck  # noqa: F401 the import hook looks it up by name
from helpers.places import REPOSITORY

pytest_plugins = ("pytester", "helpers.budget", "helpers.workers")

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core for each worker and what it starts
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # tests and checked modules are compiled once,
sys.dont_write_bytecode = False  # not by every worker of every run

for _name, _examples in (("suite", 40), ("thorough", 400)):  # --hypothesis-profile=thorough
    settings.register_profile(_name, max_examples=_examples, deadline=None)  # machines are busy
settings.load_profile("suite")

for _number in (signal.SIGINT, signal.SIGHUP):  # a shell in the background ignores them
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler)

install_import_hook("syncfusion", "helpers.typecheck.checked")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a GPU where there is none."""
    on_gpu = [item for item in items if item.get_closest_marker("gpu")]
    if on_gpu:
        import torch

        if not torch.cuda.is_available():
            for item in on_gpu:
                item.add_marker(pytest.mark.skip(reason="no CUDA device"))


@pytest.fixture(scope="session", autouse=True)
def notes_of_results(tmp_path_factory) -> Iterator[None]:
    """Let results be noted and takes be kept in folders of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SYNCFUSION_TAKES", str(tmp_path_factory.mktemp("takes")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def greatest_hits() -> Path:
    """The folder of real clips; tests that ask for it skip where there is none."""
    places = [os.environ.get("SYNCFUSION_GREATEST_HITS"), os.environ.get("DIR_DATA")]
    places += [REPOSITORY.parent / "shared" / "greatest-hits"]
    for place in filter(None, places):
        if (Path(place) / "times").is_dir():
            return Path(place)
    pytest.skip("no Greatest Hits clips: set SYNCFUSION_GREATEST_HITS to their folder")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; a process can drive one at a time."""
    from helpers.browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def tiny_preset(tmp_path_factory) -> Path:
    """The folder of a preset that finds and renders something, quickly."""
    from helpers.presets import make_preset

    return make_preset(tmp_path_factory.mktemp("presets") / "tiny")


@pytest.fixture(scope="session")
def tiny_pipeline(tiny_preset):
    """The tiny preset, loaded."""
    from syncfusion.product.loading import load

    return load(tiny_preset, device="cpu")


@pytest.fixture(scope="session")
def clip(tmp_path_factory) -> Path:
    """A silent video of two seconds; do not write to it."""
    from helpers.media_files import make_video, regular

    return make_video(tmp_path_factory.mktemp("clips") / "clip.mp4", regular(25, 50))


@pytest.fixture(scope="session")
def clap_folder(tmp_path_factory) -> Path:
    """A folder with all files of a CLAP of random weights; do not write to it."""
    from helpers.clap_files import make_clap

    return make_clap(tmp_path_factory.mktemp("clap"))
