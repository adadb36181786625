"""Seconds per 30 frames: our detection beside torchvision's R(2+1)D-18 without strides in time.

Both have the same weights: those of a checkpoint of the published shape, or drawn ones with batch
norms computed on the clip and a head that spreads its probabilities over 0 to 1. Layers that are
drawn and not trained amplify rounding like any other difference, so for drawn weights the largest
difference is meaningful in float32 alone. The reference is eager float32 on frames that are
normalised already; ours starts from bytes. All ways take turns in one process.
"""

import argparse
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import history
import torch
from torch import Tensor, nn
from torchvision.models.video import r2plus1d_18

from syncfusion.checkpoint import load_onset
from syncfusion.constants import DEVICES, FRAME_RATE
from syncfusion.device import bfloat16_is_fast, find_device
from syncfusion.media import read_frames
from syncfusion.onset import SlidingWindow, VideoOnsetNet, onset_probabilities
from syncfusion.onset.detect import normalised
from syncfusion.onset.folding import folded

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "sample.mp4"
SIZE = 112
WINDOW = 30  # frames, two seconds, as published


class Way(NamedTuple):
    """A way from frames to probabilities."""

    name: str
    n_frames: int
    detect: Callable[[], Tensor]


class Reference(nn.Module):
    """Torchvision's net with every frame kept, and a head that decides frame by frame."""

    def __init__(self, net: VideoOnsetNet) -> None:
        super().__init__()
        self.trunk = r2plus1d_18()
        for part in self.trunk.modules():
            if isinstance(part, nn.Conv3d):
                part.stride = (1, *part.stride[1:])
        self.trunk.avgpool, self.trunk.fc = nn.AdaptiveAvgPool3d((None, 1, 1)), nn.Identity()
        self.trunk.load_state_dict(net.net.model.state_dict())
        self.head = net.fc

    def forward(self, frames: Tensor) -> Tensor:
        """Return a logit per frame."""
        features = self.trunk(frames).unflatten(1, (-1, frames.shape[2]))
        return self.head(features.transpose(1, 2)).squeeze(2)


@torch.no_grad()
def draw_net(frames: Tensor) -> VideoOnsetNet:
    """Draw a net whose probabilities on the clip spread as a trained one's do."""
    torch.manual_seed(0)
    net = VideoOnsetNet()
    net(normalised(frames[None, :WINDOW]))
    logits = net.eval()(normalised(frames[None, :WINDOW]))
    scale = 2 / logits.std()
    net.fc[2].weight *= scale
    net.fc[2].bias.copy_(scale * (net.fc[2].bias - logits.mean()))
    return net


def ways(net: VideoOnsetNet, clip: Tensor, device: torch.device) -> list[Way]:
    """Return the reference and ours, on one window and on the whole clip."""
    reference = Reference(net).eval().to(device)
    precisions = {"float32": None}
    if bfloat16_is_fast(device):
        precisions["bfloat16"] = torch.bfloat16
    nets = {name: folded(net.to(device), dtype) for name, dtype in precisions.items()}
    found = []
    for place, frames in (("window", clip[:WINDOW]), ("whole clip", clip)):
        ready = normalised(frames.to(device)[None]).contiguous()
        found.append(Way(f"reference, {place}", len(frames), lambda r=ready: run(reference, r)))
        length = WINDOW if place == "window" else None
        for name, ours in nets.items():
            sliding_window = SlidingWindow(
                window_frames=length,
                bfloat16=name == "bfloat16",
                chunk_frames=SlidingWindow.fast_on(device).chunk_frames,
            )
            detect = detector(ours, frames, sliding_window, device)
            found.append(Way(f"ours, {name}, {place}", len(frames), detect))
    return found


def detector(
    net: VideoOnsetNet, frames: Tensor, sliding_window: SlidingWindow, device: torch.device
) -> Callable[[], Tensor]:
    """Return our way, from bytes on the processor to probabilities there."""
    return lambda: onset_probabilities(net, [frames], sliding_window=sliding_window, device=device)


@torch.inference_mode()
def run(reference: nn.Module, frames: Tensor) -> Tensor:
    """Return the reference's probabilities, on the processor."""
    return reference(frames)[0].sigmoid().cpu()


def seconds(way: Way) -> float:
    """Return how long 30 frames take; what it gives is on the processor, so all is done."""
    began = time.perf_counter()
    way.detect()
    return (time.perf_counter() - began) * WINDOW / way.n_frames


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, default=SAMPLE)
    parser.add_argument("--checkpoint", type=Path, help="of the published shape; None to draw one")
    parser.add_argument("--frames", type=int, default=120, help="of the whole clip")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="auto", choices=DEVICES)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    batches = read_frames(options.clip, fps=FRAME_RATE, width=SIZE, height=SIZE)
    clip = torch.cat(list(itertools.islice(batches, options.frames)))[: options.frames]
    net = load_onset(options.checkpoint) if options.checkpoint else draw_net(clip)
    compared = ways(net, clip, find_device(options.device))
    probabilities = {way: way.detect() for way in compared}
    spent = {way: [] for way in compared}
    for _, way in itertools.product(range(options.repeats), compared):
        spent[way].append(seconds(way))
    low, high = probabilities[compared[0]].aminmax()
    print(f"median of {options.repeats}, {options.threads} threads, {len(clip)} frames in the clip")
    print(f"probabilities from {low:.3f} to {high:.3f}")
    print(f"{'':28} {'s / 30 frames':>14} {'ratio':>6} {'largest difference':>19}")
    for way in compared:
        if way.name.startswith("reference"):
            reference = way
        error = (probabilities[way] - probabilities[reference]).abs().max()
        ratio = median(spent[reference]) / median(spent[way])
        print(f"{way.name:28} {median(spent[way]):14.3f} {ratio:6.2f} {error:19.1e}")
    figures = {f"{way.name}, s / 30 frames": median(spent[way]) for way in compared}
    history.keep("onset_detection", figures, options)


if __name__ == "__main__":
    main()
