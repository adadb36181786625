"""The report in a real browser: opened from disk, sorted, filtered, played, sought."""

import time

import pytest

from helpers.report_files import EVIL, SECONDS, make_evaluation
from syncfusion.evaluation.report import assets
from syncfusion.evaluation.report.html import write_report

SCHEMES = ("light", "dark")
CUT_OFF = """() => [...document.querySelectorAll("main *")]
  .filter((element) => element.checkVisibility() && !element.closest("svg, .skip"))
  .filter((element) => {
    const box = element.getBoundingClientRect();
    const { scrollWidth, clientWidth } = element;
    const isScrolled = element.matches(".scroll, th, td") && scrollWidth > clientWidth;
    return box.right > innerWidth + 1 || isScrolled;
  })
  .map((element) => element.outerHTML.slice(0, 80))"""
PLAYER = "document.querySelector('video')"


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return make_evaluation(tmp_path_factory.mktemp("sounds"))


@pytest.fixture(scope="module")
def report(evaluation, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(evaluation, path)
    return path


@pytest.fixture
def page(browser, report):
    """The opened report; at the end nothing was complained of and nothing asked for."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints, requests = watch(opened)
    opened.goto(report.as_uri())
    yield opened
    assert complaints == []
    assert requests == [report.as_uri()]
    assert opened.title().startswith("Table <img")
    opened.close()


def watch(page) -> tuple[list[str], list[str]]:
    """Lists that fill with what a page complains of and with what it asks for."""
    complaints, requests = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url.split(";")[0]))
    for address in ("data:video/mp4", "data:audio/mp4", "data:image/webp", "data:,"):
        page.on("request", lambda _, a=address: requests.remove(a) if a in requests else None)
    return complaints, requests


def shown(page) -> list[tuple[str, str]]:
    """System and name of the clips that are on screen, in order."""
    clips = page.locator("tbody.clip:visible")
    return [
        (clip.get_attribute("data-system"), clip.get_attribute("data-name")) for clip in clips.all()
    ]


def until(page, condition: str) -> None:
    """Wait for a JavaScript condition; the page's own policy forbids the browser to poll it."""
    deadline = time.monotonic() + 10
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(20)


def open_first(page) -> None:
    page.locator(".open:visible").first.click()
    until(page, f"{PLAYER}.readyState >= 2")


def test_the_worst_ten_are_one_click_away_and_the_rest_another(page, evaluation):
    assert len(shown(page)) == 24
    page.click("#worst")
    scores = [
        float(clip.get_attribute("data-f")) for clip in page.locator("tbody.clip:visible").all()
    ]
    everything = sorted(clip.metrics["f_100ms"] for s in evaluation.systems for clip in s.clips)
    assert scores == everything[:10]
    assert page.locator("#worst").get_attribute("aria-pressed") == "true"
    page.click("#reset")
    assert len(shown(page)) == 24


def test_rows_are_filtered_by_system_and_by_name(page):
    page.select_option("#system", "1")
    page.fill("#search", "CLIP 1")
    assert shown(page) == [("1", "clip 1"), ("1", "clip 10"), ("1", "clip 11")]
    assert page.locator("#count").text_content() == "3 of 24 sounds"


def test_headers_sort_both_ways_and_missing_metrics_come_last(page):
    page.select_option("#scores", label="Onsets against the annotation (3 of 3)")
    header = page.locator("th", has=page.get_by_role("button", name="mean offset (ms)"))
    for order, sign in (("ascending", 1), ("descending", -1)):
        header.locator("button").click()
        assert header.get_attribute("aria-sort") == order
        column = header.evaluate("th => th.cellIndex")
        texts = [
            row.locator(f":scope > :nth-child({column + 1})").text_content().replace("−", "-")
            for row in page.locator("tbody.clip tr:first-child").all()
        ]
        values = [float(text) for text in texts if text != "–"]
        assert values == sorted(values, key=lambda value: sign * value)
        assert texts[len(values) :] == ["–"] * 3
    page.locator("th .sort").first.click()
    assert [name for _, name in shown(page)][-2:] == ["clip 11", "clip 11"]


def test_a_clip_plays_and_its_playhead_follows(page):
    open_first(page)
    page.evaluate(f"{PLAYER}.play()")
    until(page, f"{PLAYER}.currentTime > 0.3")
    page.evaluate(f"{PLAYER}.pause()")
    place = page.evaluate("parseFloat(document.querySelector('.playhead').style.left)")
    assert place == pytest.approx(100 * page.evaluate(f"{PLAYER}.currentTime") / SECONDS, abs=5)


def test_clicks_and_keys_on_the_picture_seek(page):
    open_first(page)
    picture = page.locator(".picture")
    width = picture.bounding_box()["width"]
    picture.click(position={"x": 0.75 * width, "y": 60})
    until(page, f"Math.abs({PLAYER}.currentTime - {0.75 * SECONDS}) < 0.02")
    picture.press("ArrowLeft")
    until(page, f"Math.abs({PLAYER}.currentTime - {0.75 * SECONDS - 0.1}) < 0.02")
    assert float(picture.get_attribute("aria-valuenow")) == pytest.approx(1.4, abs=0.02)
    picture.press("Home")
    until(page, f"{PLAYER}.currentTime === 0")


def test_rows_open_by_keyboard_and_close_again(page):
    button = page.locator(".open").first
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator(".details").is_visible()
    page.keyboard.press("Enter")
    assert page.locator(".details").is_hidden()


def test_marks_stand_where_their_onsets_are(page):
    page.select_option("#system", "1")
    open_first(page)
    box = page.locator(".picture").bounding_box()
    line = page.locator("line.reference.missed").first.bounding_box()
    assert (line["x"] - box["x"]) / box["width"] == pytest.approx(0.9 / SECONDS, abs=0.01)
    assert page.locator(".marks .estimate.extra").count() == 2


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_cut_off_at_the_right(browser, report, scheme, width):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(report.as_uri())
    open_first(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(ground[4:].split(",")[0]) < 128) == (scheme == "dark")
    page.close()


@pytest.mark.slow
def test_media_beside_the_page_play_from_disk(browser, evaluation, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "EMBED_LIMIT", 10)
    path = tmp_path / "report.html"
    write_report(evaluation, path)
    page = browser.new_page()
    complaints, requests = watch(page)
    page.goto(path.as_uri())
    open_first(page)
    until(page, "document.querySelector('.picture img').naturalWidth > 0")
    assert complaints == []
    assert all(url.startswith(tmp_path.as_uri()) for url in requests)
    page.close()


def test_a_name_that_is_markup_stays_text(page):
    assert page.locator("h1").text_content() == f"Table {EVIL}"
    assert page.locator("img[src=x]").count() == 0
