"""Variations are ranked by their onsets, then by their prompt."""

import torch

from helpers.struck_sounds import struck, track
from syncfusion.constants import SAMPLE_RATE
from syncfusion.evaluation.ranking import rank_variations
from syncfusion.media import Waveform


class Encoder:
    """Embeds texts as the first axis and a sound by its first sample."""

    def embed_texts(self, texts):
        return torch.stack([self.embed(text) for text in texts])

    def embed_sounds(self, sounds):
        return torch.stack([self.embed(sound) for sound in sounds])

    def embed(self, prompt):
        one = torch.tensor([1.0, 0.0])
        return one if isinstance(prompt, str) else one * prompt.samples[0, 0]


def marked(value: float) -> Waveform:
    samples = struck().samples.clone()
    samples[0, 0] = value
    return Waveform(samples, SAMPLE_RATE)


def test_onsets_count_first_and_then_the_prompt():
    silent = Waveform(torch.zeros(1, 96_000), SAMPLE_RATE)
    sounds = [silent, marked(0.001), marked(0.002)]
    found = rank_variations(sounds, track(), "wood hit", Encoder())
    assert [each.place for each in found] == [2, 1, 0]
    assert found[0].onset_f > 0.9 > found[2].onset_f
    assert [each.similarity is None for each in found] == [False, False, True]


def test_without_a_prompt_onsets_alone_count_and_equal_ones_keep_their_order():
    found = rank_variations([marked(0.0), marked(0.1)], track(), None, Encoder())
    assert [each.place for each in found] == [0, 1]
    assert found[0].similarity is None
