"""Front ends: invertible transforms between a waveform and the signal that the U-Net denoises.

``waveform`` is the published one: the signal is the samples, and the onset encoder reads bare
impulses. ``mdct`` lets a small net learn sparse, quiet impacts: the signal is companded and scaled
MDCT frames, and the onset encoder also reads exponential traces, which hold in every frame how long
ago the last hit was.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.diffusion.types import Audio, Impulses, Signal


class WaveformFrontEnd(nn.Module):
    """The identity: one channel, one frame per sample."""

    hop = 1  # samples per frame
    channels = 1
    onset_channels = 1

    def encode(self, waveform: Audio) -> Signal:
        """Return the waveform unchanged."""
        return waveform

    def decode(self, signal: Signal) -> Audio:
        """Return the signal unchanged."""
        return signal

    def encode_onsets(self, impulses: Impulses) -> Signal:
        """Return the impulses unchanged."""
        return impulses


class MdctFrontEnd(nn.Module):
    """Companded MDCT frames: sign·√|coefficient|, each bin divided by its scale.

    Args:
        hop: samples per frame, and coefficients per frame.
        traces: time constants, in frames, of the exponential traces of the onsets.
        floor: ``decode`` shrinks companded, scaled coefficients by this much towards 0.
    """

    scale: Tensor
    basis: Tensor
    trace_kernels: Tensor

    def __init__(self, hop: int = 256, traces: tuple[int, ...] = (2, 8, 30, 120), floor: float = 0):
        super().__init__()
        self.hop = self.channels = hop
        self.onset_channels = 2 + len(traces)
        self.floor = floor
        self.register_buffer("scale", torch.ones(hop, 1))
        self.register_buffer("basis", mdct_basis(hop), persistent=False)
        self.register_buffer("trace_kernels", _trace_kernels(traces), persistent=False)

    def fit(self, waveforms: list[Audio]) -> None:
        """Set each bin's scale to twice its root mean square over some training waveforms."""
        frames = torch.cat([self._compand(mdct(wave, self.basis)) for wave in waveforms], dim=2)
        rms = frames.square().mean(dim=(0, 2)).sqrt()[:, None]
        self.scale.copy_(2 * rms.clamp_min(1e-4))

    def encode(self, waveform: Audio) -> Signal:
        """Return the frames of a waveform whose length is a multiple of the hop."""
        return self._compand(mdct(waveform, self.basis)) / self.scale

    def decode(self, signal: Signal) -> Audio:
        """Return the waveform of some frames, after shrinking them by ``floor``."""
        size = functional.relu(signal.abs() - self.floor) * self.scale
        return inverse_mdct(signal.sign() * size.square(), self.basis)

    def encode_onsets(self, impulses: Impulses) -> Signal:
        """Return per frame: onset gain, onset position in the frame (0 to 1), and the traces."""
        frames = impulses.unflatten(2, (-1, self.hop))  # batch 1 frame hop
        gain, position = frames.max(dim=3)
        kernels = self.trace_kernels.to(gain.dtype)
        traces = functional.conv1d(functional.pad(gain, (kernels.shape[2] - 1, 0)), kernels)
        return torch.cat([gain, position / self.hop * (gain > 0), traces], dim=1)

    @staticmethod
    def _compand(coefficients: Signal) -> Signal:
        return coefficients.sign() * coefficients.abs().sqrt()


def mdct_basis(hop: int) -> Float[Tensor, "twice hop"]:
    """Compute the orthonormal MDCT basis, without its window (Princen, Johnson & Bradley 1987).

    Args:
        hop: samples per frame.

    Returns:
        One column per coefficient, two hops long.

    Raises:
        ValueError: if the hop is odd or less than 2.
    """
    if hop < 2 or hop % 2:
        raise ValueError(f"the hop of an MDCT is an even number of samples, not {hop}")
    # on the CPU also where a net is outlined on the meta device, whose arange loads a compiler
    sample = torch.arange(2 * hop, dtype=torch.float64, device="cpu")[:, None] + 0.5 + hop / 2
    bin_ = torch.arange(hop, dtype=torch.float64, device="cpu")[None] + 0.5
    return (math.sqrt(2 / hop) * torch.cos(math.pi / hop * sample * bin_)).float()


def mdct(waveform: Audio, basis: Float[Tensor, "twice hop"]) -> Signal:
    """Transform a waveform into as many coefficients as it has samples.

    Frames are two hops long, centred on a hop, under a sine window. The outer halves of the first
    and the last window are steps, so that no aliasing remains at the ends of the waveform. The
    transform as a whole is orthonormal: white noise stays white.

    Args:
        waveform: samples; their number is a multiple of the hop.
        basis: the result of ``mdct_basis``.

    Returns:
        Coefficients (batch, bin, frame).

    Raises:
        ValueError: if the length is not a multiple of the hop.
    """
    hop = basis.shape[1]
    if waveform.shape[2] % hop:
        raise ValueError(f"{waveform.shape[2]} samples are not a multiple of the hop of {hop}")
    frames = functional.pad(waveform[:, 0], (hop // 2, hop // 2)).unfold(1, 2 * hop, hop)
    return ((frames * _windows(frames.shape[1], hop).to(frames)) @ basis.to(frames)).mT


def inverse_mdct(coefficients: Signal, basis: Float[Tensor, "twice hop"]) -> Audio:
    """Invert ``mdct`` by overlap-add of the windowed frames."""
    hop = basis.shape[1]
    frames = coefficients.mT @ basis.to(coefficients).mT
    frames = frames * _windows(frames.shape[1], hop).to(frames)
    halves = functional.pad(frames[..., :hop], (0, 0, 0, 1))
    halves = halves + functional.pad(frames[..., hop:], (0, 0, 1, 0))
    return halves.flatten(1)[:, None, hop // 2 : -(hop // 2)]


def _windows(n_frames: int, hop: int) -> Float[Tensor, "frame twice"]:
    sine = torch.sin(torch.pi / (2 * hop) * (torch.arange(2 * hop) + 0.5))
    windows = sine.repeat(n_frames, 1)
    step = (torch.arange(hop) >= hop // 2).float()
    windows[0, :hop] = step
    windows[-1, hop:] = step.flip(0)
    return windows


def _trace_kernels(traces: tuple[int, ...]) -> Float[Tensor, "channel 1 frame"]:
    age = torch.arange(5 * max(traces), -1, -1, dtype=torch.float32, device="cpu")
    return torch.stack([torch.exp(-age / trace) for trace in traces])[:, None]
