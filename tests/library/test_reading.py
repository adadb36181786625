import pytest
import soundfile
import torch

from helpers.struck_sounds import struck
from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.library import Choice, Cut, LibraryHit, LibraryIndex, read_choice

SOUND = struck([0.01], seconds=0.3).samples[0]


@pytest.fixture
def library(tmp_path):
    soundfile.write(tmp_path / "a.wav", SOUND.numpy(), SAMPLE_RATE, subtype="FLOAT")
    hit = LibraryHit("a.wav", 1, Cut(100, 9700, 192), "wood", -10.0)
    return LibraryIndex(tmp_path, (hit,), torch.zeros(1, 512))


def test_a_hit_is_read_as_it_was_recorded_but_for_its_edges(library):
    samples, attack = read_choice(library, Choice(library.hits[0]))
    assert (len(samples), attack) == (9600, 192)
    torch.testing.assert_close(samples[48:-480], SOUND[148:9220])
    assert samples[0] == samples[-1] == 0


def test_a_detuned_hit_is_shorter_where_it_is_higher(library):
    samples, attack = read_choice(library, Choice(library.hits[0], 100.0))
    assert len(samples) == pytest.approx(9600 / 2 ** (1 / 12), abs=2)
    assert attack == round(192 / 2 ** (1 / 12))


def test_a_recording_that_is_gone_is_named(library, tmp_path):
    (tmp_path / "a.wav").unlink()
    with pytest.raises(InputError, match="a.wav"):
        read_choice(library, Choice(library.hits[0]))
