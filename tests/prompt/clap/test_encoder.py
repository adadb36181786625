import copy
import pickle
import subprocess
import sys

import pytest
import torch

from syncfusion.errors import InputError
from syncfusion.media.audio import Waveform
from syncfusion.prompt.clap.encoder import ClapPromptEncoder
from syncfusion.prompt.clap.laion import bare_model
from syncfusion.prompt.clap.loading import ClapConfig
from syncfusion.prompt.clap.sound import log_mel, window
from syncfusion.prompt.clap.weights import BANK, CLAP_WEIGHTS
from syncfusion.prompt.encoder import PromptEncoder
from syncfusion.timing import seeded

TEXTS = ["metal hit", "wood scratch", "footsteps on gravel"]
OFFLINE = """
import os, random, socket, sys
def refuse(*_, **__):
    raise AssertionError("reached for the network")
socket.socket.connect = socket.getaddrinfo = refuse
environment, path = dict(os.environ), list(sys.path)
from syncfusion.prompt import ClapConfig, ClapPromptEncoder
folder = sys.argv[1]
encoders = [ClapPromptEncoder(ClapConfig(
    checkpoint=f"{folder}/630k-audioset-best.pt", tokenizer=f"{folder}/roberta-base",
    back_end=back_end, device="cpu",
)) for back_end in ("laion", "transformers")]
[encoder.check() for encoder in encoders]
assert not {"transformers", "laion_clap", "tokenizers"} & set(sys.modules), "not lazy"
import torch, transformers
asked = ("BertTokenizer", "RobertaTokenizer", "BartTokenizer", "RobertaModel")
methods = [getattr(transformers, name).from_pretrained for name in asked]
drawn, state = random.getstate(), torch.get_rng_state()
for encoder in encoders:
    assert encoder.embed("metal hit") @ encoder.embed("wood scratch") < 0.99, "texts are one"
assert (sys.path, dict(os.environ)) == (path, environment), "changed its surroundings"
assert methods == [getattr(transformers, name).from_pretrained for name in asked], "left patched"
assert random.getstate() == drawn and torch.equal(torch.get_rng_state(), state), "drew numbers"
"""


def make_encoder(folder, back_end: str = "transformers") -> ClapPromptEncoder:
    config = ClapConfig(
        checkpoint=folder / CLAP_WEIGHTS.name,
        tokenizer=folder / "roberta-base",
        back_end=back_end,
        device="cpu",
    )
    return ClapPromptEncoder(config)


def burst(seconds: float, seed: int = 0, hz: float = 0.0, sample_rate: int = 48_000) -> Waveform:
    time = torch.arange(round(seconds * sample_rate)) / sample_rate
    noise = torch.randn(1, len(time), generator=seeded(seed))
    return Waveform(0.1 * (-5 * time).exp() * (noise + 5 * (hz * time).sin()), sample_rate)


SOUNDS = [burst(0.3), burst(1.7, seed=1, hz=3000.0), burst(11.0, seed=2)]


@pytest.fixture(scope="module")
def encoder(clap_folder) -> ClapPromptEncoder:
    return make_encoder(clap_folder)


@pytest.fixture(scope="module")
def laion(clap_folder) -> ClapPromptEncoder:
    return make_encoder(clap_folder, "laion")


def test_texts_and_sounds_become_vectors_of_length_1(encoder):
    assert isinstance(encoder, PromptEncoder)
    for prompt in (TEXTS[0], SOUNDS[0]):
        vector = encoder.embed(prompt)
        assert vector.shape == (512,)
        assert vector.norm().item() == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_both_back_ends_agree(encoder, laion):
    for embed, prompts in (("embed_texts", TEXTS), ("embed_sounds", SOUNDS)):
        ours, theirs = getattr(encoder, embed)(prompts), getattr(laion, embed)(prompts)
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


def test_different_prompts_have_different_vectors(encoder):
    for vectors in (encoder.embed_texts(TEXTS), encoder.embed_sounds(SOUNDS)):
        assert (vectors @ vectors.T).fill_diagonal_(-1).max() < 0.9999


def test_a_prompt_has_the_same_vector_alone_and_beside_others(encoder, monkeypatch):
    monkeypatch.setattr("syncfusion.prompt.clap.encoder.BATCH", 2)  # of three prompts
    for embed, prompts in ((encoder.embed_texts, TEXTS), (encoder.embed_sounds, SOUNDS)):
        vectors = embed(prompts)
        for i in (0, -1):
            torch.testing.assert_close(encoder.embed(prompts[i]), vectors[i], atol=1e-6, rtol=0)


def test_no_prompts_give_no_vectors_and_load_nothing():
    encoder = ClapPromptEncoder(ClapConfig(checkpoint="nowhere.pt"))
    assert encoder.embed_texts([]).shape == encoder.embed_sounds([]).shape == (0, 512)


def test_arithmetic_of_lower_precision_around_it_changes_nothing(encoder):
    with torch.autocast("cpu", torch.bfloat16):
        vector = encoder.embed(TEXTS[0])
    assert torch.equal(vector, encoder.embed(TEXTS[0]))


@pytest.mark.parametrize("text", ["", "  ", "?!", "word " * 300])
def test_a_text_without_words_or_with_too_many_is_refused(encoder, text):
    with pytest.raises(InputError, match="the prompt"):
        encoder.embed(text)


@pytest.mark.parametrize("samples", [[], [0.0], [1e-5] * 9, [float("nan")], [float("inf")]])
def test_a_sound_in_which_nothing_is_heard_is_refused(encoder, samples):
    with pytest.raises(InputError, match="the reference sound has"):
        encoder.embed(Waveform(torch.tensor([samples]), 48_000))


def test_an_encoder_is_frozen_and_holds_no_state_of_a_model_it_is_part_of(encoder):
    model = torch.nn.Linear(2, 2)
    model.prompts = encoder
    vector = encoder.embed(TEXTS[0])
    assert not vector.requires_grad
    assert set(model.state_dict()) == {"weight", "bias"}


def test_an_encoder_travels_as_its_configuration(encoder):
    vector = encoder.embed(TEXTS[0])
    sent = pickle.dumps(encoder)
    assert len(sent) < 2000
    twin = pickle.loads(sent)
    assert twin.config == copy.deepcopy(encoder).config == encoder.config
    assert torch.equal(twin.embed(TEXTS[0]), vector)


@pytest.mark.slow
def test_loading_stays_offline_and_leaves_the_process_as_it_was(clap_folder):
    command = [sys.executable, "-c", OFFLINE, str(clap_folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_missing_files_are_all_named_with_where_to_get_them(tmp_path):
    with pytest.raises(InputError) as failure:
        make_encoder(tmp_path).check()
    names = (CLAP_WEIGHTS.name, "roberta-base/vocab.json", "roberta-base/merges.txt")
    for part in (
        *names,
        "https://huggingface.co/lukewys/laion_clap",
        "huggingface.co/roberta-base",
    ):
        assert part in str(failure.value)
    assert "\n" not in str(failure.value)


def test_a_constructor_looks_at_no_file_and_the_first_prompt_does():
    encoder = ClapPromptEncoder(ClapConfig(checkpoint="nowhere.pt", tokenizer="nowhere"))
    for use in (encoder.check, lambda: encoder.embed("metal hit")):
        with pytest.raises(InputError, match="CLAP needs nowhere.pt and nowhere/vocab.json"):
            use()


def test_a_back_end_that_does_not_exist_or_is_not_installed_is_told(clap_folder, monkeypatch):
    with pytest.raises(InputError, match="no back end 'msclap'; use transformers or laion"):
        make_encoder(clap_folder, "msclap")
    monkeypatch.setitem(sys.modules, "laion_clap", None)
    with pytest.raises(
        InputError, match=r"'laion': laion-clap is not installed; run .*syncfusion\[reference\]"
    ):
        make_encoder(clap_folder, "laion").embed("metal hit")


@pytest.mark.parametrize("n_samples", [7, 30_001, 479_999, 480_000])
def test_what_is_heard_of_a_sound_is_what_the_published_code_hears(laion, n_samples):
    from laion_clap.training import data

    samples = 0.7 * torch.randn(n_samples, generator=seeded(1))  # clips at full scale
    rounded = data.int16_to_float32_torch(data.float32_to_int16_torch(samples))
    published = data.get_audio_features({}, rounded, 480_000, "rand_trunc", "repeatpad", {})
    torch.testing.assert_close(
        window(Waveform(samples[None], 48_000)), published["waveform"], atol=1e-7, rtol=0
    )


def test_of_a_long_sound_the_loudest_ten_seconds_are_heard():
    loud = burst(2.0).samples * 5
    sound = Waveform(torch.cat((burst(12.0).samples * 0.1, loud), 1), 48_000)
    heard = window(sound)
    assert heard.shape == (480_000,)
    assert heard.abs().max() == pytest.approx(loud.abs().max().clamp(max=1).item(), abs=1e-4)


def test_the_spectrum_is_the_published_one():
    branch = bare_model(n_tokens=5, n_positions=3, n_text_layers=0).audio_branch
    windows = torch.stack([window(sound) for sound in SOUNDS])
    published = branch.logmel_extractor(branch.spectrogram_extractor(windows))
    bank = branch.logmel_extractor.state_dict()[BANK.rsplit(".", 1)[1]]
    torch.testing.assert_close(log_mel(windows, bank), published, atol=2e-3, rtol=0)  # decibels
