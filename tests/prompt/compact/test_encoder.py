import numpy as np
import pytest
import torch

from helpers.places import BUNDLED
from syncfusion.constants import ACTIONS, MATERIALS, SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media.audio import Waveform
from syncfusion.prompt.compact.encoder import CONFIG, WEIGHTS, CompactPromptEncoder
from syncfusion.synthetic.sound import hit_sound
from syncfusion.timing import seeded

MEGABYTE = 2**20


@pytest.fixture(scope="module")
def encoder() -> CompactPromptEncoder:
    return CompactPromptEncoder.load(BUNDLED)


def noise_burst(seconds: float, sample_rate: int = SAMPLE_RATE, channels: int = 1) -> Waveform:
    samples = torch.randn(1, round(seconds * sample_rate), generator=seeded(3))
    samples = samples * torch.linspace(0, -9, samples.shape[1]).exp()
    return Waveform(samples.repeat(channels, 1), sample_rate)


def test_texts_and_sounds_become_vectors_of_length_1(encoder):
    for prompt in ("metal hit", "flubber", "the sound", noise_burst(0.05), noise_burst(12.0)):
        vector = encoder.embed(prompt)
        assert vector.shape == (512,)
        assert vector.norm().item() == pytest.approx(1, abs=1e-5)


def test_the_same_prompt_gives_the_same_vector_alone_or_in_a_batch(encoder):
    sounds = [noise_burst(0.3), noise_burst(2.0)]
    torch.testing.assert_close(encoder.embed_sounds(sounds)[0], encoder.embed(sounds[0]))
    texts = ["metal hit", "a quantum flubber"]
    torch.testing.assert_close(encoder.embed_texts(texts)[1], encoder.embed(texts[1]))


def test_no_prompts_give_no_vectors(encoder):
    assert encoder.embed_texts([]).shape == (0, 512)
    assert encoder.embed_sounds([]).shape == (0, 512)


@pytest.mark.parametrize(
    "text", ["HIT, metal!", "  metal   hit ", "hitting metal", "the metal hit"]
)
def test_case_order_spaces_and_form_of_a_text_leave_no_trace(encoder, text):
    torch.testing.assert_close(encoder.embed(text), encoder.embed("metal hit"))


def test_every_material_and_action_is_nearest_to_itself_under_another_name(encoder):
    names = encoder.embed_texts(MATERIALS)
    texts = {
        "steel pipe": "metal", "wooden plank": "wood", "rug": "carpet", "bottle": "glass",
        "pebbles": "gravel", "porcelain": "ceramic", "pillow": "cloth", "puddle": "water",
        "plasterboard": "drywall", "cardboard": "paper", "bucket": "plastic", "stones": "rock",
        "mud": "dirt", "lawn": "grass", "foliage": "leaf", "shopping bag": "plastic-bag",
        "mosaic": "tile",
    }  # fmt: skip
    found = (encoder.embed_texts(list(texts)) @ names.T).argmax(1)
    assert [MATERIALS[i] for i in found] == list(texts.values())
    actions = encoder.embed_texts(["tapping", "scraping"]) @ encoder.embed_texts(ACTIONS).T
    assert actions.argmax(1).tolist() == [0, 1]


def test_materials_are_apart_from_each_other(encoder):
    names = encoder.embed_texts([f"{material} hit" for material in MATERIALS])
    assert (names @ names.T).fill_diagonal_(-1).max() < 0.9


@pytest.mark.parametrize(("written", "meant"), [("mettal", "metal"), ("gravell", "gravel")])
def test_a_misspelled_material_lies_nearest_to_the_one_meant(encoder, written, meant):
    nearest = (encoder.embed_texts(MATERIALS) @ encoder.embed(written)).argmax()
    assert MATERIALS[int(nearest)] == meant


def test_level_and_silence_of_a_sound_leave_no_trace(encoder):
    burst = noise_burst(0.4)
    louder = Waveform(burst.samples * 0.01, SAMPLE_RATE)
    later = Waveform(torch.nn.functional.pad(burst.samples, (7_000, 900)), SAMPLE_RATE)
    for changed in (louder, later):
        assert encoder.embed(changed) @ encoder.embed(burst) > 0.9999


def test_channels_and_sample_rate_of_a_sound_hardly_matter(encoder):
    burst = noise_burst(0.4)
    stereo, halved = noise_burst(0.4, channels=2), burst.resampled(44_100)
    assert encoder.embed(stereo) @ encoder.embed(burst) > 0.9999
    assert encoder.embed(halved) @ encoder.embed(burst) > 0.95


def test_a_metal_struck_elsewhere_is_nearest_to_itself_among_metals(encoder):
    def struck(body: int, place: int, strength: float) -> Waveform:
        samples = hit_sound("metal", strength, np.random.default_rng(place), body=body)
        return Waveform(torch.from_numpy(samples.astype(np.float32))[None], SAMPLE_RATE)

    bodies = range(1000, 1010)
    soft = encoder.embed_sounds([struck(body, body, 0.6) for body in bodies])
    hard = encoder.embed_sounds([struck(body, body + 99, 0.8) for body in bodies])
    found = (soft @ hard.T).argmax(1) == torch.arange(len(bodies))
    assert found.float().mean() > 0.6  # one in 10 by chance


def test_an_encoder_returns_from_its_files(tmp_path, encoder):
    encoder.save(tmp_path)
    back = CompactPromptEncoder.load(tmp_path)
    for prompt in ("a mettal pot", noise_burst(0.2)):
        torch.testing.assert_close(back.embed(prompt), encoder.embed(prompt), rtol=0, atol=0)


def test_a_save_that_fails_leaves_the_encoder_of_before(tmp_path, encoder, monkeypatch):
    encoder.save(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr("syncfusion.prompt.compact.encoder.json.dumps", fail)
    with pytest.raises(OSError, match="no space"):
        CompactPromptEncoder().save(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_bundled_encoder_is_small(encoder):
    nets = (encoder.text, encoder.sound)
    assert sum(p.numel() for net in nets for p in net.parameters()) < 2_000_000
    assert (BUNDLED / WEIGHTS).stat().st_size < 4 * MEGABYTE


def test_missing_damaged_and_foreign_files_are_input_errors(tmp_path, encoder):
    with pytest.raises(InputError, match="cannot read the prompt encoder"):
        CompactPromptEncoder.load(tmp_path)
    encoder.save(tmp_path)
    (tmp_path / CONFIG).write_text('{"format": "other"}')
    with pytest.raises(InputError, match="has format other"):
        CompactPromptEncoder.load(tmp_path)
    encoder.save(tmp_path)
    (tmp_path / WEIGHTS).write_bytes(b"damaged")
    with pytest.raises(InputError, match="cannot read the prompt encoder"):
        CompactPromptEncoder.load(tmp_path)


def test_empty_prompts_are_input_errors(encoder):
    for prompt in ("", Waveform(torch.zeros(1, 4800), SAMPLE_RATE)):
        with pytest.raises(InputError):
            encoder.embed(prompt)
