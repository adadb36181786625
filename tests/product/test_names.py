"""Names of stems and exports by a template."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from syncfusion.errors import InputError
from syncfusion.exchange import Timeline
from syncfusion.product import Delivery, NameTemplate

HOUR = Timeline.starting("01:00:00:00", Fraction(24_000, 1001))
TODAY = date(2026, 11, 28)


def template(text, video="reel 1"):
    return NameTemplate(text=text, video=video, timeline=HOUR, today=TODAY)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("plain", "wood-hit"),
        ("{video}_{group}_{date}", "reel-1_wood-hit_20261128"),
        ("delivery", "reel-1_FOLEY_wood-hit_v02_1ch_48k_24b_23976"),
        ("{start}.{group}.{rate}", "01000000.wood-hit.23976"),
        ("a/b: {group}?", "a-b-wood-hit"),
        ("{{{group}}}", "wood-hit"),
    ],
)
def test_fields_are_filled_and_every_system_keeps_the_name(text, name):
    assert template(text).stems(["wood hit"], take=2) == [name]


def test_names_that_would_be_one_are_numbered():
    assert template("{video}_{group}_x").stems(["wood hit", "Wood-hit", "wood"]) == [
        "reel-1_wood-hit_x",
        "reel-1_wood-hit-2_x",
        "reel-1_wood_x",
    ]
    assert template("{video}").stems(["a", "b"]) == ["reel-1", "reel-1-2"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{video}_{scene}", r"no field {scene}; use {video}, {group}, {take}"),
        ("{video.__class__}", r"no field {video.__class__}"),
        ("{take:03}", r"no field {take}"),
        ("{video", r"'{video' is not understood"),
        ("???", r"file names of 0 characters"),
        ("{video}" * 60, r"file names of 360 characters"),
        ("{}", r"no field {}"),
    ],
)
def test_what_is_no_name_is_refused_in_one_sentence(text, reason):
    with pytest.raises(InputError, match=reason) as refused:
        template(text)
    assert "\n" not in str(refused.value)


def test_exports_lie_beside_the_result_and_never_replace_its_files():
    plain = Delivery(Path("a/out.mp4"))
    assert plain.exports([".mid", ".wav"]) == [Path("a/out.onsets.mid"), Path("a/out.onsets.wav")]
    named = Delivery(Path("a/out.mp4"), template("{video}_{group}"))
    assert named.exports([".mid"]) == [Path("a/reel-1_onsets.mid")]
    own = Delivery(Path("a/out.mp4"), template("out"))
    assert own.exports([".mid", ".wav"]) == [Path("a/out.mid"), Path("a/out-2.wav")]


def test_exports_of_another_take_have_other_names():
    for text, second in (("{video}", "reel-1-2.mid"), ("{video}_v{take}", "reel-1_v02.mid")):
        takes = [Delivery(Path("out.mp4"), template(text)).take(n) for n in (1, 2)]
        assert takes[1].exports([".mid"]) == [Path(second)] != takes[0].exports([".mid"])
