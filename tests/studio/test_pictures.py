"""How the page looks in each size and theme; ``SYNCFUSION_PICTURES`` names a folder for it."""

import shutil

import pytest

from helpers.browser import pictures_folder
from helpers.places import SAMPLE
from helpers.studio_browser import studio_page

pytestmark = pytest.mark.slow
SIZES = {"laptop": (1280, 720), "tablet": (1024, 768), "large": (2560, 1440)}
OUTSIDE = """() => [...document.querySelectorAll("button, input, select, [role=option]")]
  .filter((element) => element.checkVisibility() && !element.closest(".event-list, .inspector"))
  .filter((element) => {
    const box = element.getBoundingClientRect();
    return box.right > innerWidth + 1 || box.left < -1;
  })
  .map((element) => element.outerHTML.slice(0, 120))"""


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "clip.mp4"
    shutil.copy(SAMPLE, path)
    return path


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_in_any_size(browser, video, size, theme, tmp_path):
    width, height = SIZES[size]
    shape = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    with studio_page(browser, video, **shape) as page:
        page.open().detected()
        page.render()
        page.press("ArrowDown")
        page.wait("document.querySelector('video').readyState >= 2")
        page.page.wait_for_timeout(500)
        page.page.screenshot(path=pictures_folder(tmp_path) / f"studio-{size}-{theme}.png")
        assert page.run(OUTSIDE) == []
        assert page.run("document.documentElement.scrollWidth") <= width
