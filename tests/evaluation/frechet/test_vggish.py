import hashlib
import math

import numpy as np
import pytest
import torch
from torch.nn import functional
from torchaudio.compliance.kaldi import get_mel_banks

from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.embedders import Embedder
from syncfusion.evaluation.frechet.vggish import (
    VGGish,
    VGGishNet,
    download_weights,
    log_mel_examples,
    mel_weights,
)
from syncfusion.media.audio import Waveform
from syncfusion.timing import seeded

RATE = 16_000
EXAMPLE = 95 * 160 + 400  # samples: the shortest sound with an example


def noise(n_samples, rate=RATE):
    return Waveform(0.1 * torch.randn(1, n_samples, generator=seeded(0)), rate)


@pytest.fixture(scope="module")
def net():
    """Random weights of the published shapes, but for narrow hidden layers."""
    torch.manual_seed(0)
    return VGGishNet(hidden=8).eval()


@pytest.fixture
def weights(net, tmp_path):
    path = tmp_path / "vggish.pth"
    torch.save(net.state_dict(), path)
    return path


def test_the_net_has_the_names_and_sizes_of_the_published_weights():
    with torch.device("meta"):
        state = VGGishNet().state_dict()
    layers = [f"features.{n}" for n in (0, 3, 6, 8, 11, 13)] + [
        f"embeddings.{n}" for n in (0, 2, 4)
    ]
    assert list(state) == [f"{layer}.{part}" for layer in layers for part in ("weight", "bias")]
    assert sum(tensor.numel() for tensor in state.values()) == 72_141_184
    assert state["embeddings.0.weight"].shape == (4096, 512 * 4 * 6)


def test_the_maps_are_read_channels_last_and_the_last_layer_is_linear(net):
    examples = log_mel_examples(noise(EXAMPLE))
    maps = examples[:, None]
    for index, layer in enumerate(net.features):
        if hasattr(layer, "weight"):
            maps = functional.conv2d(maps, layer.weight, layer.bias, padding=1).relu()
        elif index in (2, 5, 10, 15):
            maps = functional.max_pool2d(maps, 2)
    # published: transpose(1, 3), then transpose(1, 2), then view
    hidden = maps.transpose(1, 3).transpose(1, 2).reshape(1, -1)
    for index in (0, 2):
        layer = net.embeddings[index]
        hidden = functional.linear(hidden, layer.weight, layer.bias).relu()
    expected = functional.linear(hidden, net.embeddings[4].weight, net.embeddings[4].bias)
    assert (expected < 0).any()
    torch.testing.assert_close(net(examples), expected)


def test_each_band_is_a_triangle_on_the_mel_scale():
    banks, _ = get_mel_banks(64, 512, float(RATE), 125.0, 7500.0, 100.0, -500.0, 1.0)
    torch.testing.assert_close(mel_weights()[:-1].float(), banks.T, atol=2e-5, rtol=0)
    assert mel_weights()[-1].sum() == 0


def test_a_frame_is_the_logarithm_of_mel_magnitudes():
    sound = noise(EXAMPLE)
    window = 0.5 - 0.5 * np.cos(2 * np.pi / 400 * np.arange(400))
    tenth = sound.samples[0, 1600:2000].double().numpy() * window
    expected = np.log(np.abs(np.fft.rfft(tenth, 512)) @ mel_weights().numpy() + 0.01)
    assert log_mel_examples(sound)[0, 10].numpy() == pytest.approx(expected, rel=1e-6)


def test_silence_is_the_logarithm_of_the_offset():
    examples = log_mel_examples(Waveform(torch.zeros(1, EXAMPLE), RATE))
    torch.testing.assert_close(examples, torch.full((1, 96, 64), math.log(0.01)))


@pytest.mark.parametrize(
    ("n_samples", "n_examples"),
    [(0, 0), (399, 0), (EXAMPLE - 1, 0), (EXAMPLE, 1), (2 * RATE, 2), (EXAMPLE + 96 * 160, 2)],
)
def test_examples_last_096_s_and_stand_side_by_side(n_samples, n_examples):
    assert log_mel_examples(noise(n_samples)).shape == (n_examples, 96, 64)


def test_a_tone_survives_another_rate_and_stereo():
    def tone(rate, n_channels):
        samples = torch.sin(2 * math.pi * 1000 * torch.arange(rate) / rate)
        return log_mel_examples(Waveform(samples.repeat(n_channels, 1), rate))[:, 5:-5]

    found, expected = tone(22_050, 2), tone(RATE, 1)
    loud = expected > 1
    assert loud.any()
    torch.testing.assert_close(found[loud], expected[loud], atol=0.01, rtol=0)


def test_a_file_of_weights_makes_an_embedder_that_names_it(net, weights):
    embedder = VGGish.from_file(weights)
    assert isinstance(embedder, Embedder)
    assert embedder.weights == hashlib.sha256(weights.read_bytes()).hexdigest()
    sound = noise(2 * RATE)
    with torch.inference_mode():
        torch.testing.assert_close(embedder(sound), net(log_mel_examples(sound)))


def test_too_short_a_sound_has_no_embedding(net):
    assert VGGish(net, "none")(noise(RATE // 2)).shape == (0, 128)


def test_missing_weights_say_where_they_are(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*nothing\.pth.*download them from https"):
        VGGish.from_file(tmp_path / "nothing.pth")


@pytest.mark.parametrize("content", [b"no weights", {"embeddings.2.bias": torch.zeros(8)}, [1]])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "other.pth"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    with pytest.raises(InputError, match=r"other\.pth holds no torchvggish weights"):
        VGGish.from_file(path)


def test_a_download_is_checked_and_lands_whole(tmp_path, weights):
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    target = tmp_path / "checkpoints" / "vggish.pth"
    download_weights(target, url=weights.as_uri(), hash_prefix=digest[:8])
    assert target.read_bytes() == weights.read_bytes()


def test_a_download_of_something_else_leaves_nothing(tmp_path, weights):
    target = tmp_path / "checkpoints" / "vggish.pth"
    with pytest.raises(InputError, match="does not have the sha256 10086976"):
        download_weights(target, url=weights.as_uri())
    assert list(target.parent.iterdir()) == []


def test_without_a_network_the_error_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="download it by other means and give its path"):
        download_weights(tmp_path / "vggish.pth", url=(tmp_path / "nowhere").as_uri())
