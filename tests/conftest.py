import os
from pathlib import Path

import pytest
from jaxtyping import install_import_hook

install_import_hook("syncfusion", "typecheck.checked")

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def greatest_hits() -> Path:
    """The folder of real clips; tests that ask for it skip where there is none."""
    places = [os.environ.get("SYNCFUSION_GREATEST_HITS"), os.environ.get("DIR_DATA")]
    places += [REPOSITORY.parent / "shared" / "greatest-hits"]
    for place in filter(None, places):
        if (Path(place) / "times").is_dir():
            return Path(place)
    pytest.skip("no Greatest Hits clips: set SYNCFUSION_GREATEST_HITS to their folder")
