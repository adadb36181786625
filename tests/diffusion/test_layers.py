import pytest
import torch

from helpers.diffusion_models import randomise
from syncfusion.diffusion.layers import (
    AdaLN,
    Inject,
    LevelEmbedding,
    PromptAttention,
    ResnetBlock,
    SelfAttention,
)
from syncfusion.timing import seeded


def draw(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=seeded(seed), dtype=torch.float64)


@pytest.fixture
def attention() -> PromptAttention:
    layer = PromptAttention(8, 6, heads=2, head_features=4).double()
    randomise(layer)
    return layer


def true_attention(layer, signal, prompt):
    """Softmax attention written out, head by head."""
    tokens = layer.norm(signal.mT)
    query = layer.to_query(tokens).chunk(2, dim=2)
    key, value = layer.to_key_value(layer.norm_context(prompt)).chunk(2, dim=2)
    mixed = [
        torch.softmax(q @ k.mT / 4**0.5, dim=2) @ v
        for q, k, v in zip(query, key.chunk(2, dim=2), value.chunk(2, dim=2), strict=True)
    ]
    return signal + layer.to_out(torch.cat(mixed, dim=2)).mT


@pytest.mark.parametrize("n_tokens", [1, 2, 5])
def test_prompt_attention_equals_true_attention(attention, n_tokens):
    signal, prompt = draw(2, 8, 12), draw(2, n_tokens, 6, seed=1)
    found = attention(signal, attention.prepare(prompt))
    torch.testing.assert_close(found, true_attention(attention, signal, prompt))


def test_one_prompt_token_is_prepared_as_a_bias(attention):
    [bias] = attention.prepare(draw(2, 1, 6))
    assert bias.shape == (2, 8, 1)


def test_self_attention_equals_true_attention_to_itself():
    layer = SelfAttention(8, heads=2, head_features=4).double()
    randomise(layer)
    signal = draw(2, 8, 12)
    expected = true_attention(layer, signal, signal.mT)
    torch.testing.assert_close(layer(signal), expected)


def test_attention_to_itself_and_to_several_tokens_trains_queries(attention):
    signal = draw(2, 8, 12)
    attention(signal, attention.prepare(draw(2, 3, 6))).square().sum().backward()
    assert attention.to_query.weight.grad.abs().max() > 0


def test_inject_equals_one_convolution_of_signal_and_context():
    layer = Inject(4, 3).double()
    signal, context = draw(2, 4, 10), draw(2, 3, 10, seed=1)
    expected = signal + layer.conv(torch.cat([signal, context], dim=1))
    torch.testing.assert_close(layer(signal, layer.prepare(context)), expected)


def test_adaln_equals_a_layer_norm_over_channels_scaled_and_shifted():
    layer = AdaLN(4, 6).double()
    randomise(layer)
    signal, features = draw(2, 4, 10), draw(2, 6, seed=1)
    normed = torch.nn.functional.layer_norm(signal.mT, (4,), eps=1e-6).mT
    both = layer.to_scale_shift(torch.nn.functional.silu(features))[..., None]
    expected = normed * (1 + both[:, :4]) + both[:, 4:]
    torch.testing.assert_close(layer(signal, features), expected)
    with torch.no_grad():
        torch.testing.assert_close(layer(signal, features), expected)


def test_a_resnet_block_with_silent_convolutions_changes_nothing():
    layer = ResnetBlock(8, groups=4).double()
    for parameter in layer.convs[1].parameters():
        torch.nn.init.zeros_(parameter)
    signal = draw(2, 8, 10)
    torch.testing.assert_close(layer(signal), signal)


def test_layers_leave_their_input_as_it_was(attention):
    signal, before = draw(2, 8, 12), draw(2, 8, 12)
    inject = Inject(8, 3).double()
    with torch.no_grad():
        ResnetBlock(8, groups=4).double()(signal)
        AdaLN(8, 6).double()(signal, draw(2, 6))
        inject(signal, inject.prepare(draw(2, 3, 12)))
        SelfAttention(8, heads=2, head_features=4).double()(signal)
        attention(signal, attention.prepare(draw(2, 1, 6)))
    assert torch.equal(signal, before)


def test_the_level_embedding_has_one_layer_twice():
    embedding = LevelEmbedding(16)
    assert embedding.hidden[0] is embedding.hidden[1]
    assert {"hidden.0.weight", "hidden.1.weight"} <= embedding.state_dict().keys()


def test_weights_that_differ_untie_the_layers_of_the_level_embedding():
    embedding, other = LevelEmbedding(16), LevelEmbedding(16)
    state = other.state_dict()
    state["hidden.1.weight"] = state["hidden.1.weight"] + 1
    embedding.load_state_dict(state)
    torch.testing.assert_close(dict(embedding.state_dict()), dict(state), rtol=0, atol=0)


def test_equal_weights_leave_the_layers_tied():
    embedding = LevelEmbedding(16)
    embedding.load_state_dict(LevelEmbedding(16).state_dict())
    assert embedding.hidden[0] is embedding.hidden[1]


def test_different_levels_embed_differently():
    features = LevelEmbedding(16)(torch.tensor([0.0, 0.5, 1.0]))
    assert (torch.cdist(features, features) + torch.eye(3)).min() > 1e-3
