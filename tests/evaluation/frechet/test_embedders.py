import math

import pytest
import torch

from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.embedders import (
    Embedder,
    Embeddings,
    LogMel,
    PromptSpace,
    embed_all,
)
from syncfusion.media.audio import Waveform
from syncfusion.timing import seeded

RATE = 48_000
NOISE = torch.randn(1, 3 * RATE, generator=seeded(0))


def noise(seconds, gain=0.1):
    return Waveform(gain * NOISE[:, : round(seconds * RATE)], RATE)


class Peak:
    """One vector per sound: its peak."""

    name, weights = "peak", "abc"

    def __call__(self, sound):
        return sound.samples.abs().amax(1, keepdim=True)[: int(sound.duration > 0.5)]


@pytest.mark.parametrize(
    ("seconds", "frames"), [(0.05, 1), (1.0, 1), (1.4, 1), (1.6, 2), (2.0, 2), (2.7, 3)]
)
def test_logmel_gives_a_vector_per_second(seconds, frames):
    assert LogMel()(noise(seconds)).shape == (frames, 64)


def test_a_gain_moves_the_means_and_leaves_the_spread():
    soft, loud = (LogMel()(noise(1.0, gain))[0] for gain in (0.05, 0.5))
    torch.testing.assert_close(
        loud[:32] - soft[:32], torch.full((32,), 2 * math.log(10)), atol=1e-2, rtol=0
    )
    torch.testing.assert_close(loud[32:], soft[32:], atol=1e-2, rtol=0)


def test_a_tone_is_loudest_in_its_band():
    def loudest(hertz):
        tone = torch.sin(2 * math.pi * hertz * torch.arange(RATE) / RATE)
        return int(LogMel()(Waveform(0.5 * tone[None], RATE))[0, :32].argmax())

    assert 0 < loudest(300.0) < loudest(1000.0) < loudest(8000.0)


def test_the_rate_of_a_sound_leaves_no_trace():
    tone = Waveform(torch.sin(torch.arange(2 * RATE) * 0.05)[None], RATE)
    found = LogMel()(tone.resampled(22_050))[:, 3:8]
    torch.testing.assert_close(found, LogMel()(tone)[:, 3:8], atol=0.02, rtol=0)


@pytest.mark.parametrize("sound", [Waveform(torch.zeros(1, RATE), RATE), noise(0.002)])
def test_silence_and_clicks_have_an_embedding(sound):
    assert LogMel()(sound).isfinite().all()


def test_a_prompt_encoder_gives_one_vector_per_sound():
    class Encoder:
        def embed(self, prompt):
            return torch.full((512,), prompt.duration)

        def embed_texts(self, texts):
            raise NotImplementedError

        embed_sounds = embed_texts

    space = PromptSpace(Encoder(), "clap", "f00")
    assert isinstance(space, Embedder)
    assert space(noise(2.0)).tolist() == [[2.0] * 512]


def test_a_set_keeps_sounds_apart_and_says_where_it_comes_from():
    found = embed_all(Peak(), [noise(1.0), noise(1.0, gain=0.2)])
    assert [block.shape for block in found.sounds] == [(1, 1), (1, 1)]
    assert (found.embedder, found.weights, found.dtype) == ("peak", "abc", "float32")
    assert found.libraries["torch"] == torch.__version__.split("+")[0]
    torch.testing.assert_close(found.of([1]).frames(), 2 * found.of([0]).frames())


def test_statistics_are_computed_in_float64():
    assert Embeddings((torch.ones(2, 3),), "ones").frames().dtype == torch.float64


def test_a_sound_too_short_for_a_vector_is_named():
    with pytest.raises(InputError, match=r"sound 2 lasts 0\.40 s, too short for peak"):
        embed_all(Peak(), [noise(1.0), noise(0.4)])


def test_no_sounds_are_refused():
    with pytest.raises(InputError, match="no sounds"):
        embed_all(LogMel(), [])
