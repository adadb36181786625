import pytest

from syncfusion.library.ucs import described


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("WOODImpt_Plank Drop 01_ABC_Forest", "wood impact plank drop"),
        ("METLFric_Rusty Gate_XY_Lib", "metal scrape rusty gate"),
        ("GLASMisc_Bottle", "glass bottle"),
        ("CLOTHMvmt", "cloth movement"),
        ("AMBForst_Birds_A_B", "ambforst birds"),
        ("wood hit 03", "wood hit"),
        ("Cowbell_07-final", "cowbell final"),
        ("0001", ""),
    ],
)
def test_a_file_name_is_read_as_words_of_prompts(stem, words):
    assert described(stem) == words
