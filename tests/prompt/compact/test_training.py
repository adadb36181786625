import random

import pytest
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.prompt.compact.augment import change_object, change_recording
from syncfusion.prompt.compact.batches import DECAY_FRAMES, LabelledSound, Sampler, segment_means
from syncfusion.prompt.compact.encoder import CompactPromptEncoder
from syncfusion.prompt.compact.retrieval import label_retrieval, same_recording
from syncfusion.prompt.compact.text import TextNet, text_batch
from syncfusion.prompt.compact.training import (
    Recovery,
    TrainingConfig,
    contrast,
    learn_spelling,
    losses,
    train,
)
from syncfusion.prompt.labels import UNSAID, Label, agreement, draw_text, label_tensor, parse_label
from syncfusion.prompt.vocabulary import read_prompt
from syncfusion.timing import seeded

METAL_HIT, METAL, HIT = Label(9, 0), Label(9), Label(action=0)
WOOD_HIT, NOTHING = Label(16, 0), Label()


@pytest.fixture(scope="module")
def sounds() -> list[LabelledSound]:
    made = []
    for i, label in enumerate(("metal hit", "wood hit", "wood scratch", "")):
        for j in range(2):
            noise = torch.randn(SAMPLE_RATE // 4, generator=seeded(10 * i + j))
            decay = torch.linspace(0, -4 - i, len(noise)).exp()
            made.append(LabelledSound(noise * decay, label, f"clip{i}"))
    return made


def test_labels_are_read_with_parts_missing():
    assert parse_label("metal hit") == METAL_HIT
    assert parse_label("metal None") == METAL
    assert parse_label("None hit") == HIT
    assert parse_label("") == NOTHING


def test_a_text_fits_what_says_as_much_and_clashes_only_with_what_says_otherwise():
    texts, sounds = label_tensor([METAL_HIT, METAL]), label_tensor([METAL_HIT, WOOD_HIT, HIT])
    fits, clashes = agreement(texts, sounds)
    assert fits.tolist() == [[True, False, False], [True, False, False]]
    assert clashes.tolist() == [[False, True, False], [False, True, False]]


def test_drawn_texts_say_their_label_where_no_word_is_misspelled():
    rng = random.Random(0)
    read = [read_prompt(draw_text(METAL_HIT, rng)).concepts for _ in range(100)]
    assert all(concepts <= {"metal", "hit"} for concepts in read[:50] if "metal" in concepts)
    assert read.count(frozenset({"metal", "hit"})) > 20


def test_contrast_is_zero_for_a_perfect_match_and_log_2_for_a_coin():
    positives, negatives = torch.eye(2), ~torch.eye(2, dtype=torch.bool)
    assert contrast(100 * torch.eye(2), positives, negatives).item() == pytest.approx(0, abs=1e-6)
    coin = contrast(torch.zeros(2, 2), positives, negatives)
    assert coin.item() == pytest.approx(0.6931, abs=1e-3)


def test_rows_without_a_positive_do_not_count():
    positives = torch.tensor([[1.0, 0.0], [0.0, 0.0]])
    loss = contrast(torch.tensor([[50.0, 0.0], [0.0, 50.0]]), positives, positives == 0)
    assert loss.item() == pytest.approx(0, abs=1e-6)


def test_changes_follow_their_generator_and_length():
    sound = torch.randn(9_001, generator=seeded(1))
    once, again = (change_object(sound, seeded(5)) for _ in range(2))
    torch.testing.assert_close(once, again)
    changed = change_recording(once, seeded(6), n_samples=24_000)
    assert len(changed) == 24_000
    assert changed.isfinite().all()


def test_segments_are_means_between_their_edges():
    spectrum = torch.arange(96.0).expand(1, 2, 96)
    torch.testing.assert_close(segment_means(spectrum)[0, 0, :3], torch.tensor([0.5, 2.5, 5.5]))
    assert segment_means(spectrum).shape[-1] == len(DECAY_FRAMES) - 1


def test_every_parameter_of_both_nets_learns(sounds):
    encoder, recovery = CompactPromptEncoder(), Recovery()
    encoder.sound.train()
    parts = losses(encoder, recovery, Sampler(sounds, 0).draw(8), TrainingConfig())
    torch.stack(list(parts.values())).sum().backward()
    nets = {"text": encoder.text, "sound": encoder.sound, "recovery": recovery}
    for part, net in nets.items():
        for name, parameter in net.named_parameters():
            assert parameter.grad is not None, f"{part}.{name}"
            assert parameter.grad.isfinite().all(), f"{part}.{name}"


def test_training_follows_its_seed_and_leaves_the_global_chance_alone(sounds):
    config = TrainingConfig(steps=2, batch=4, spelling_steps=2)
    before = torch.get_rng_state()
    once, again = (train(sounds, config, seed=3).embed("metal hit") for _ in range(2))
    torch.testing.assert_close(once, again, rtol=0, atol=0)
    torch.testing.assert_close(torch.get_rng_state(), before)


def test_spelling_moves_misspelled_words_and_no_known_one():
    net = TextNet()
    written, known = text_batch(["mettal"]), text_batch(["metal hit", "the sound"])
    with torch.no_grad():
        before, named = net(written) @ net(text_batch(["metal"])).T, net(known)
    learn_spelling(net, steps=30, seed=0)
    with torch.no_grad():
        assert net(written) @ net(text_batch(["metal"])).T > before
        torch.testing.assert_close(net(known), named, rtol=0, atol=0)


def test_labels_are_chosen_among_those_that_occur():
    names = torch.eye(3, 512)
    sounds = torch.stack((names[0], names[1], names[1] + 0.1, names[2]))
    rate = label_retrieval(sounds, names, torch.tensor([0, 1, 0, UNSAID]))
    assert rate == (pytest.approx(2 / 3), 0.5, pytest.approx(2 / 3), 3)


def test_the_nearest_other_sound_counts_when_it_is_of_the_same_recording():
    sounds = torch.zeros(4, 512)
    sounds[:2, 0] = sounds[2, 1] = sounds[3, 2] = 1
    rate = same_recording(sounds, ["a", "a", "b", "c"])
    assert rate == (0.5, pytest.approx(1 / 6), 0.5, 4)
