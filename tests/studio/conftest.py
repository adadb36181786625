from collections.abc import Iterator

import pytest

from helpers.mock_studio import MockStudio
from helpers.studio_page import StudioPage, opened


@pytest.fixture(scope="module")
def shared_page(browser) -> Iterator[StudioPage]:
    with opened(browser, MockStudio()) as page:
        yield page


@pytest.fixture
def studio(shared_page) -> Iterator[StudioPage]:
    """The page with six rendered events in two groups, eight seconds at 30 frames a second."""
    shared_page.start_anew()
    yield shared_page
    assert shared_page.complaints == []
