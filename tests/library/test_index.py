import os

import pytest
import soundfile
import torch

from helpers.struck_sounds import struck
from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.library import build_index
from syncfusion.media import Waveform


class CountingEncoder:
    """Embeds a sound as a vector of its own, and counts."""

    sounds = 0

    def embed_sounds(self, sounds: list[Waveform]):
        self.sounds += len(sounds)
        return torch.nn.functional.one_hot(torch.arange(len(sounds)), 512).float()

    def embed(self, prompt):
        return torch.nn.functional.one_hot(torch.tensor(0), 512).float()

    embed_texts = embed


def write(path, *, rate=SAMPLE_RATE, channels=1):
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = struck([0.2], seconds=0.6).resampled(rate).samples
    soundfile.write(path, samples.expand(channels, -1).T.numpy(), rate)


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "lib" / "wood" / "hit 01.wav", rate=44100)
    write(tmp_path / "lib" / "METLImpt_Pipe_A_B.flac", channels=2)
    write(tmp_path / "lib" / "metal.mp3", rate=32000)
    (tmp_path / "lib" / "notes.txt").write_text("no sound")
    (tmp_path / "lib" / "broken.wav").write_bytes(b"RIFF....")
    (tmp_path / "lib" / "._hit 01.wav").write_bytes(b"of a Mac")
    return tmp_path / "lib"


def test_files_of_any_rate_and_form_are_read_with_the_words_of_their_names(folder, tmp_path):
    index = build_index(folder, CountingEncoder(), tmp_path / "kept")
    found = {hit.file: hit.words for hit in index.hits}
    assert found == {
        "METLImpt_Pipe_A_B.flac": "metal impact pipe",
        "metal.mp3": "metal",
        "wood/hit 01.wav": "wood hit",
    }
    assert index.unusable == ("broken.wav",)
    assert len(index.embeddings) == 3


def test_only_new_and_changed_files_are_read_again(folder, tmp_path):
    encoder = CountingEncoder()
    first = build_index(folder, encoder, tmp_path / "kept")
    assert encoder.sounds == 3
    again = build_index(folder, encoder, tmp_path / "kept")
    assert encoder.sounds == 3
    assert again.hits == first.hits
    torch.testing.assert_close(again.embeddings, first.embeddings)
    write(folder / "new.wav")
    os.utime(folder / "metal.mp3", (1, 1))
    (folder / "wood" / "hit 01.wav").unlink()
    changed = build_index(folder, encoder, tmp_path / "kept")
    assert encoder.sounds == 5
    assert {hit.file for hit in changed.hits} == {
        "METLImpt_Pipe_A_B.flac",
        "metal.mp3",
        "new.wav",
    }


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_damaged_index_is_made_anew(folder, tmp_path, content):
    encoder = CountingEncoder()
    (tmp_path / "kept").write_bytes(content)
    assert len(build_index(folder, encoder, tmp_path / "kept").hits) == 3
    build_index(folder, encoder, tmp_path / "kept")
    assert encoder.sounds == 3


def test_a_folder_without_hits_is_refused(tmp_path):
    soundfile.write(tmp_path / "silence.wav", torch.zeros(1000).numpy(), SAMPLE_RATE)
    with pytest.raises(InputError, match="holds no recording of a hit"):
        build_index(tmp_path, CountingEncoder(), tmp_path / "kept")


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="is no folder"):
        build_index(tmp_path / "gone", CountingEncoder(), tmp_path / "kept")


def test_a_long_recording_is_left_out(folder, tmp_path):
    soundfile.write(folder / "rain.wav", torch.rand(8000 * 181).numpy() - 0.5, 8000)
    assert "rain.wav" in build_index(folder, CountingEncoder(), tmp_path / "kept").unusable
