import pytest
import torch
from torch.nn import functional

from syncfusion.evaluation.prompt_agreement import prompt_agreement
from syncfusion.media.audio import Waveform

SOUND = Waveform(torch.tensor([[3.0, 4.0]]), 48_000)


class FirstSamples:
    """The sound's first two samples, or the direction that a text names."""

    def embed(self, prompt):
        given = prompt.samples[0, :2] if isinstance(prompt, Waveform) else DIRECTIONS[prompt]
        return functional.pad(functional.normalize(given, dim=0), (0, 510))

    def embed_texts(self, texts):
        return torch.stack([self.embed(text) for text in texts])

    def embed_sounds(self, sounds):
        return torch.stack([self.embed(sound) for sound in sounds])


DIRECTIONS = {
    "along": torch.tensor([3.0, 4.0]),
    "across": torch.tensor([-4.0, 3.0]),
    "against": torch.tensor([-3.0, -4.0]),
    "aside": torch.tensor([1.0, 0.0]),
}


@pytest.mark.parametrize(
    ("prompt", "cosine"), [("along", 1), ("across", 0), ("against", -1), ("aside", 0.6)]
)
def test_agreement_is_the_cosine(prompt, cosine):
    found = prompt_agreement(FirstSamples(), prompt, SOUND)
    assert found == pytest.approx(cosine, abs=1e-6)


def test_a_reference_sound_agrees_with_itself():
    assert prompt_agreement(FirstSamples(), SOUND, SOUND) == pytest.approx(1)
