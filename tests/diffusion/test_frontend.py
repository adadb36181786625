import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.diffusion.frontend import (
    MdctFrontEnd,
    WaveformFrontEnd,
    inverse_mdct,
    mdct,
    mdct_basis,
)
from syncfusion.timing import seeded

HOPS = st.sampled_from([2, 4, 6, 16, 64])
N_FRAMES = st.integers(1, 9)


def waves(hop: int, n_frames: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(2, 1, hop * n_frames, generator=seeded(seed), dtype=torch.float64)


@given(hop=HOPS, n_frames=N_FRAMES, seed=st.integers(0, 99))
def test_the_inverse_mdct_undoes_the_mdct(hop, n_frames, seed):
    wave, basis = waves(hop, n_frames, seed), mdct_basis(hop)
    back = inverse_mdct(mdct(wave, basis), basis)
    torch.testing.assert_close(back, wave, rtol=0, atol=3e-6)


@given(hop=HOPS, n_frames=N_FRAMES)
def test_the_mdct_is_orthonormal(hop, n_frames):
    unit = torch.eye(hop * n_frames, dtype=torch.float64)[:, None]
    rows = mdct(unit, mdct_basis(hop)).flatten(1)
    torch.testing.assert_close(rows @ rows.T, unit[:, 0], rtol=0, atol=2e-6)


def test_the_mdct_of_the_shipped_size_keeps_white_noise_white():
    coefficients = mdct(torch.randn(1, 1, 256 * 64, generator=seeded(0)), mdct_basis(256))
    assert coefficients.shape == (1, 256, 64)
    assert coefficients.square().mean().item() == pytest.approx(1, abs=0.05)


def test_a_steady_tone_stands_in_its_bin():
    hop, bin_ = 64, 20
    tone = torch.cos(math.pi / hop * (bin_ + 0.5) * torch.arange(hop * 16))[None, None]
    energy = mdct(tone, mdct_basis(hop)).square().mean(dim=(0, 2))
    assert energy[bin_ - 1 : bin_ + 2].sum() > 0.98 * energy.sum()


def test_a_length_that_is_no_multiple_of_the_hop_is_an_error():
    with pytest.raises(ValueError, match="30 samples are not a multiple of the hop of 16"):
        mdct(torch.zeros(1, 1, 30), mdct_basis(16))


def test_an_odd_hop_is_an_error():
    with pytest.raises(ValueError, match="even"):
        MdctFrontEnd(hop=5)


@given(n_frames=N_FRAMES, seed=st.integers(0, 99))
def test_the_front_end_decodes_what_it_encoded(n_frames, seed):
    front_end = MdctFrontEnd(hop=16)
    front_end.fit([waves(16, 8, seed=1000).float()])
    wave = waves(16, n_frames, seed).float()
    torch.testing.assert_close(front_end.decode(front_end.encode(wave)), wave, rtol=0, atol=1e-4)


def test_fitting_gives_every_bin_half_a_unit_of_size():
    front_end = MdctFrontEnd(hop=16)
    coloured = waves(16, 64).float().cumsum(dim=2)
    front_end.fit([coloured])
    size = front_end.encode(coloured).square().mean(dim=(0, 2)).sqrt()
    torch.testing.assert_close(size, torch.full((16,), 0.5), rtol=1e-4, atol=0)


def test_fitting_to_silence_leaves_finite_signals():
    front_end = MdctFrontEnd(hop=16)
    front_end.fit([torch.zeros(1, 1, 64)])
    assert front_end.encode(waves(16, 2).float()).isfinite().all()


def test_the_floor_silences_what_is_below_it_and_keeps_the_sign_of_the_rest():
    front_end = MdctFrontEnd(hop=4, floor=0.5)
    signal = torch.zeros(1, 4, 8)
    signal[0, 1] = torch.tensor([0.4, -0.4, 1.5, -1.5, 0.5, 0, 0, 0])
    coefficients = mdct(front_end.decode(signal), front_end.basis)
    expected = torch.tensor([0, 0, 1, -1, 0, 0, 0, 0.0])
    torch.testing.assert_close(coefficients[0, 1], expected, rtol=0, atol=1e-5)


def test_an_impulse_gives_its_height_and_place_in_its_frame_alone():
    impulses = torch.zeros(1, 1, 80)
    impulses[0, 0, 3 * 8 + 6] = 0.5
    height, place = MdctFrontEnd(hop=8, traces=(2,)).encode_onsets(impulses)[0, :2]
    assert height.nonzero().tolist() == [[3]]
    assert place.nonzero().tolist() == [[3]]
    assert (height[3].item(), place[3].item()) == (0.5, 6 / 8)


@given(frame=st.integers(0, 39), gain=st.floats(0.1, 2.0))
def test_traces_decay_from_the_impulse_on_and_nothing_comes_before_it(frame, gain):
    impulses = torch.zeros(1, 1, 40 * 8)
    impulses[0, 0, frame * 8] = gain
    traces = MdctFrontEnd(hop=8, traces=(2, 8)).encode_onsets(impulses)[0, 2:]
    age = torch.arange(40 - frame)
    after = torch.stack([gain * torch.exp(-age / trace) for trace in (2, 8)])
    expected = torch.cat([torch.zeros(2, frame), after], dim=1)
    torch.testing.assert_close(traces, expected, rtol=1e-4, atol=1e-6 + gain * math.exp(-5))


def test_the_waveform_front_end_changes_nothing():
    front_end, wave = WaveformFrontEnd(), waves(1, 16)
    for change in (front_end.encode, front_end.decode, front_end.encode_onsets):
        torch.testing.assert_close(change(wave), wave, rtol=0, atol=0)


@pytest.mark.parametrize("front_end", [WaveformFrontEnd(), MdctFrontEnd(hop=8, traces=(2, 4, 8))])
def test_a_front_end_gives_the_channels_it_states(front_end):
    wave = torch.zeros(1, 1, 64)
    assert front_end.encode(wave).shape == (1, front_end.channels, 64 // front_end.hop)
    onsets = front_end.encode_onsets(wave)
    assert onsets.shape == (1, front_end.onset_channels, 64 // front_end.hop)
