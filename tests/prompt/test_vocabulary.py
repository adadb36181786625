import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.errors import InputError
from syncfusion.prompt.vocabulary import (
    KNOWN,
    NAMED,
    SUGGESTED,
    known_words,
    read_prompt,
    unknown_prompt_warning,
)


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("metal hit", "metal hit"),
        ("Hitting a METAL pipe!", "metal hit"),
        ("steel pipe", "metal"),
        ("knocking on a wooden door", "wood hit"),
        ("footsteps on gravel", "gravel hit"),
        ("dragged over stones", "rock scratch"),
        ("Plastic  bags, rustling", "plastic-bag scratch"),
        ("plastic-bag hit", "plastic-bag hit"),
        ("splashing in a puddle", "water hit"),
        ("cardboard box", "paper"),
        ("a cushion being struck", "cloth hit"),
        ("leaves", "leaf"),
        ("leaf None", "leaf"),
        ("scraping", "scratch"),
        ("mètal", "metal"),
        ("ｍｅｔａｌ", "metal"),
    ],
)
def test_a_prompt_means_its_material_and_action(text, concepts):
    assert read_prompt(text).concepts == set(concepts.split())


def test_a_named_material_outweighs_one_that_an_object_or_sound_suggests():
    assert read_prompt("metal table").concepts == {"metal"}
    assert read_prompt("knock on glass").concepts == {"glass", "hit"}


def test_there_are_at_least_150_words_and_every_one_means_something_known():
    assert len(KNOWN) >= 150
    meant = {concept for table in (NAMED, SUGGESTED) for c in table.values() for concept in c}
    assert meant == {*MATERIALS, *ACTIONS}


def test_words_are_listed_once():
    assert not NAMED.keys() & SUGGESTED.keys()


def test_known_words_are_given_as_written_and_the_rest_is_left_over():
    assert known_words("Hitting the flubber with STEEL") == ["hitting", "steel"]
    assert read_prompt("Hitting the flubber").unknown == ("flubber",)


def test_a_warning_comes_only_without_a_known_word():
    assert unknown_prompt_warning("steel") is None
    warning = unknown_prompt_warning("quantum flubber")
    assert warning is not None
    assert "quantum flubber" in warning
    assert "metal" in warning


@pytest.mark.parametrize("text", ["", "  \n", "!?…", "___"])
def test_a_prompt_without_words_is_an_error(text):
    with pytest.raises(InputError, match="has no words"):
        read_prompt(text)


def test_a_very_long_prompt_is_an_error_of_one_line():
    with pytest.raises(InputError, match="has 10000 characters, at most 1000") as error:
        read_prompt("m" * 10_000)
    assert "\n" not in str(error.value)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_as_input_error(text):
    try:
        reading = read_prompt(text)
    except InputError:
        return
    assert reading.concepts <= {*MATERIALS, *ACTIONS}
