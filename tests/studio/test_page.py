"""The page's own tests, its types, and the numbers that it shares with the package."""

import json
import os
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from helpers.page_tools import page_tools
from helpers.places import REPOSITORY
from syncfusion.event_columns import HARDEST, SOFTEST
from syncfusion.exchange.timecode import Timeline
from syncfusion.onset import Decoding
from syncfusion.onset.decode import decode_at_times
from syncfusion.rendering.events.strength import BASS_DB, BASS_HZ
from syncfusion.rendering.room import DRY, ROOMS

HERE = Path(__file__).parent
PAGE = REPOSITORY / "src" / "syncfusion" / "studio" / "page"
LONGEST_MODULE = 220  # lines, as for Python
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no node")


def node(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["node", *arguments]
    env = os.environ | environment
    return subprocess.run(command, cwd=HERE, env=env, capture_output=True, text=True)


def curves(rng: np.random.Generator):
    """Even and uneven times, a plateau, single frames, peaks at both ends."""
    smooth = np.convolve(rng.random(400) ** 6, np.hanning(7), "same")
    yield np.arange(400) / 30, smooth / smooth.max()
    yield np.cumsum(rng.uniform(0.01, 0.06, 300)), rng.random(300)
    yield np.arange(6) / 25, np.array([0.9, 0.4, 0.7, 0.7, 0.7, 0.8])
    yield np.array([0.0]), np.array([0.7])


def decodings(rng: np.random.Generator):
    for times, curve in curves(rng):
        for threshold, gap in [(0.0, 0.0), (0.32, 0.2), (0.6, 0.05), (0.32, 1.0)]:
            duration = float(times[-1]) + 0.01
            decoding = Decoding(threshold=threshold, minimum_gap_seconds=gap)
            track = decode_at_times(curve, times, duration=duration, decoding=decoding)
            yield {
                "curve": {"times": times.tolist(), "probabilities": curve.tolist()},
                "settings": {"threshold": threshold, "gap": gap, "duration": duration},
                "onsets": [(onset.time, onset.confidence) for onset in track],
            }


def timecodes(rng: np.random.Generator):
    for rate, drop in [((24000, 1001), False), ((30000, 1001), True), ((60000, 1001), True)]:
        timeline = Timeline(Fraction(*rate), drop)
        for frames in rng.integers(0, 2_000_000, 20).tolist():
            text = timeline.timecode(frames)
            yield {"rate": rate, "drop": drop, "frames": frames, "text": text}


def test_the_page_decodes_and_counts_frames_as_the_package_does(tmp_path):
    rng = np.random.default_rng(0)
    shared = {"decodings": [*decodings(rng)], "timecodes": [*timecodes(rng)]}
    assert sum(len(one["onsets"]) for one in shared["decodings"]) > 100
    numbers = tmp_path / "numbers.json"
    numbers.write_text(json.dumps(shared))
    ended = node("--test", "page/numbers.test.mjs", STUDIO_NUMBERS=str(numbers))
    assert ended.returncode == 0, ended.stdout
    assert f"# pass {len(shared['decodings']) + len(shared['timecodes'])}" in ended.stdout


def test_the_pages_modules_do_what_their_tests_say():
    ended = node("--test", "page/")
    assert ended.returncode == 0, ended.stdout


@pytest.mark.slow
def test_the_pages_types_hold():
    ended = node(str(page_tools() / "typescript/bin/tsc"), "--project", "jsconfig.json")
    assert ended.returncode == 0, ended.stdout


@pytest.mark.slow
def test_the_page_is_formatted():
    prettier = str(page_tools() / "prettier/bin/prettier.cjs")
    ended = node(prettier, "--print-width", "100", "--check", str(PAGE), "page")
    assert ended.returncode == 0, ended.stderr + "run npm run format in tests/studio"


def test_the_page_offers_the_rooms_that_there_are():
    words = (PAGE / "panels" / "project_form.js").read_text()
    assert f"const ROOMS = {json.dumps([DRY, *ROOMS])};" in words


def test_the_page_strikes_with_the_numbers_of_the_package():
    words = (PAGE / "audio" / "strength.js").read_text()
    for name, number in (
        ("SOFTEST", SOFTEST),
        ("HARDEST", HARDEST),
        ("BASS_HZ", BASS_HZ),
        ("BASS_DB", BASS_DB),
    ):
        assert f"export const {name} = {number:g};" in words


def test_modules_of_the_page_are_short_and_need_nothing_from_elsewhere():
    modules = [*PAGE.rglob("*.js")]
    assert modules
    long = [path.name for path in modules if len(path.read_text().splitlines()) > LONGEST_MODULE]
    assert long == []
    for path in PAGE.rglob("*"):
        if path.suffix in (".js", ".css", ".html"):
            assert "//cdn" not in path.read_text(), path
            assert "https://" not in path.read_text(), path
