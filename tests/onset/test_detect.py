import copy
import random
import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from helpers.media_files import regular, write_pictures
from helpers.places import SAMPLE
from syncfusion.media.video import read_frames
from syncfusion.onset.detect import SlidingWindow, normalised, onset_probabilities
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.timing import seeded

WINDOWS = SlidingWindow(window_frames=8, overlap_frames=2)


def brightness(frames):
    """A pointwise net: its output for a frame depends on that frame only."""
    return frames.mean(dim=(1, 3, 4))


def noise(n_frames, size=4):
    return torch.randint(0, 256, (n_frames, size, size, 3), generator=seeded(0), dtype=torch.uint8)


@pytest.fixture(scope="module")
def real_frames(greatest_hits):
    """Four seconds of a real clip, as the bundled detector sees them."""
    video = min((greatest_hits / "videos").glob("*.mp4"))
    return torch.cat(list(read_frames(video, fps=15, width=80, height=80)))[:60]


@pytest.fixture(scope="module")
@torch.no_grad()
def net_of_frames(real_frames) -> VideoOnsetNet:
    """A small net of frames whose statistics and range of logits are those of a trained one."""
    config = OnsetNetConfig(width=8, hidden=16, head="temporal", difference=True)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = VideoOnsetNet(config)
    net.train()
    for layer in net.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.momentum = 1.0
    net(normalised(real_frames[None]))
    logits = net.eval()(normalised(real_frames[None]))
    last = [layer for layer in net.fc.modules() if getattr(layer, "bias", None) is not None][-1]
    last.weight.mul_(2 / logits.std())
    last.bias.copy_((last.bias - logits.mean()) * 2 / logits.std() - 2)
    return net


@torch.no_grad()
def single_pass(net, video):
    """The reference: eager float32, the whole video at once."""
    return net(normalised(video[None]))[0].sigmoid()


@settings(max_examples=40, deadline=None)
@given(
    n_frames=st.integers(1, 70),
    batch=st.integers(1, 40),
    window=st.integers(1, 16),
    overlap=st.integers(0, 15),
)
def test_windows_give_what_a_single_pass_gives_when_frames_do_not_interact(
    n_frames, batch, window, overlap
):
    sliding_window = SlidingWindow(window_frames=window, overlap_frames=min(overlap, window - 1))
    video = noise(n_frames)
    windowed = onset_probabilities(brightness, video.split(batch), sliding_window=sliding_window)
    single = brightness(normalised(video[None]))[0].sigmoid()
    torch.testing.assert_close(windowed, single)


def test_no_window_is_longer_than_asked_and_none_is_shorter_unless_alone():
    seen = []

    def net(frames):
        seen.extend([frames.shape[2]] * len(frames))
        return brightness(frames)

    onset_probabilities(net, noise(21).split(5), sliding_window=WINDOWS)
    onset_probabilities(net, noise(3).split(5), sliding_window=WINDOWS)
    assert seen == [8, 8, 8, 8, 3]


def test_windows_are_computed_together_as_far_as_a_chunk_allows():
    batches = []

    def net(frames):
        batches.append(len(frames))
        return brightness(frames)

    sliding_window = SlidingWindow(window_frames=10, chunk_frames=30)
    onset_probabilities(net, noise(50).split(7), sliding_window=sliding_window)
    assert batches == [3, 2]


def test_the_middle_of_a_window_counts_more_than_its_ends():
    def net(frames):
        return torch.tensor([[10.0], [-10.0]]).expand(len(frames), frames.shape[2])

    found = onset_probabilities(
        net, [noise(12)], sliding_window=SlidingWindow(window_frames=8, overlap_frames=4)
    )
    overlap = found[4:8]
    assert (overlap.diff() < 0).all()
    assert overlap[0] > 0.5 > overlap[-1]


def test_a_video_without_frames_has_no_probabilities():
    assert onset_probabilities(brightness, [], sliding_window=WINDOWS).shape == (0,)
    assert onset_probabilities(VideoOnsetNet(OnsetNetConfig(width=2)), []).shape == (0,)


@settings(max_examples=8, deadline=None)
@given(n_frames=st.integers(1, 90), batch=st.integers(1, 40), chunk=st.integers(24, 40))
def test_a_video_passed_through_in_chunks_gets_the_probabilities_of_a_single_pass(
    n_frames, batch, chunk
):
    net = VideoOnsetNet(OnsetNetConfig(width=2, hidden=4, head="temporal", difference=True)).eval()
    video = noise(n_frames, size=8)
    found = onset_probabilities(
        net, video.split(batch), sliding_window=SlidingWindow(chunk_frames=chunk)
    )
    torch.testing.assert_close(found, single_pass(net, video))


def test_the_fast_way_has_the_references_probabilities_on_a_real_clip(net_of_frames, real_frames):
    found = onset_probabilities(net_of_frames, real_frames.split(25))
    expected = single_pass(net_of_frames, real_frames)
    assert expected.max() > 0.6 > 0.1 > expected.min()
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-3)


def test_the_fast_way_in_bfloat16_is_as_near_as_bfloat16_allows(net_of_frames, real_frames):
    halved = SlidingWindow(bfloat16=True)
    found = onset_probabilities(net_of_frames, real_frames.split(25), sliding_window=halved)
    expected = single_pass(net_of_frames, real_frames)
    eager = copy.deepcopy(net_of_frames)
    eager.net.bfloat16()
    rounding = (single_pass(eager, real_frames) - expected).abs()
    assert (found - expected).abs().max() <= 1.25 * rounding.max()
    assert (found - expected).abs().mean() <= 1.25 * rounding.mean()


def test_published_windows_of_a_real_clip_have_the_references_probabilities(
    net_of_frames, real_frames
):
    found = onset_probabilities(
        net_of_frames, [real_frames], sliding_window=SlidingWindow(window_frames=30)
    )
    halves = [single_pass(net_of_frames, half) for half in real_frames.split(30)]
    torch.testing.assert_close(found, torch.cat(halves), rtol=0, atol=1e-3)


def test_detection_leaves_the_net_as_it_was():
    net = VideoOnsetNet(OnsetNetConfig(width=2, hidden=4))
    before = {key: tensor.clone() for key, tensor in net.state_dict().items()}
    onset_probabilities(net, [noise(3, size=8)], sliding_window=SlidingWindow(bfloat16=True))
    assert net.training
    torch.testing.assert_close(net.state_dict(), before, rtol=0, atol=0)


def test_a_function_without_layers_needs_windows():
    with pytest.raises(TypeError, match="set window_frames"):
        onset_probabilities(brightness, [noise(3)])


COMPILED = """
import torch
from syncfusion.onset.detect import SlidingWindow, onset_probabilities
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet

net = VideoOnsetNet(OnsetNetConfig(width=2, hidden=4)).eval()
video = torch.randint(256, (40, 16, 16, 3), dtype=torch.uint8)
plain, compiled = (
    onset_probabilities(net, [video], sliding_window=SlidingWindow(chunk_frames=24, compile=switch))
    for switch in (False, True)
)
torch.testing.assert_close(compiled, plain, rtol=0, atol=1e-3)
"""


@pytest.mark.slow
@pytest.mark.timeout(900)  # a C++ compiler, on a machine that may be busy
def test_compiled_layers_find_what_plain_ones_do():
    # in a process of its own: what checks shapes in tests cannot be compiled
    subprocess.run([sys.executable, "-c", COMPILED], check=True)


@pytest.mark.parametrize("clock", ["phone", "hundredths"])
def test_milliseconds_of_lateness_change_no_frame(tmp_path, clock):
    fps = 30 if clock == "phone" else 15
    pictures = next(read_frames(SAMPLE, fps=fps, width=112, height=84, batch=3 * fps))
    steady, rng = regular(fps, len(pictures)), random.Random(0)
    late = {
        "phone": [0.0, *(time + rng.uniform(0, 0.003) for time in steady[1:])],
        "hundredths": [round(time, 2) for time in steady],
    }
    expected, found = (
        torch.cat(list(read_frames(path, fps=15, width=80, height=80))).float()
        for path in (
            write_pictures(tmp_path / f"{name}.mp4", pictures, times, crf=8)
            for name, times in (("steady", steady), ("late", late[clock]))
        )
    )
    assert abs(len(found) - len(expected)) <= 1, "the last one may begin late"
    differences = [(one - other).abs().mean() for one, other in zip(found, expected, strict=False)]
    assert max(differences) < 2.0, "another picture was taken"  # neighbours differ by up to 12


@pytest.mark.gpu
def test_a_gpu_finds_what_the_processor_does(net_of_frames, real_frames):
    device = torch.device("cuda")
    found = onset_probabilities(
        copy.deepcopy(net_of_frames).to(device),
        [real_frames],
        sliding_window=SlidingWindow.fast_on(device),
        device=device,
    )
    torch.testing.assert_close(found, single_pass(net_of_frames, real_frames), rtol=0, atol=1e-2)


def test_windows_that_do_not_advance_are_refused():
    with pytest.raises(ValueError, match="overlap by 8"):
        SlidingWindow(window_frames=8, overlap_frames=8)


def test_chunks_shorter_than_the_net_looks_ahead_are_refused():
    with pytest.raises(ValueError, match="chunks of 5 frames"):
        SlidingWindow(chunk_frames=5)


def test_normalised_frames_have_imagenets_statistics():
    grey = torch.full((1, 1, 2, 2, 3), 255, dtype=torch.uint8)
    expected = torch.tensor([(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225])
    torch.testing.assert_close(normalised(grey)[0, :, 0, 0, 0], expected)
