"""Both implementations of the diffusion model with the same weights, and their timing."""

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import NamedTuple

import history
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from syncfusion.checkpoint.keys import diffusion_from_published
from syncfusion.constants import CLIP_SAMPLES, PROMPT_FEATURES, SAMPLE_RATE
from syncfusion.diffusion import Condition, DiffusionModel, ReferenceConfig, ReferenceModel
from syncfusion.diffusion.cpu.operations import make_channels_last
from syncfusion.timing import seeded

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
PRODUCT = 2048  # rows and columns of the matrices whose product is the peak
CLOCKS = {"wall": time.perf_counter, "process": time.process_time}


class Clip(NamedTuple):
    """A model's input: random, with two onsets a second."""

    noise: Tensor
    sound: Tensor
    impulses: Tensor
    prompt: Tensor


def build(device: str) -> tuple[ReferenceModel, DiffusionModel]:
    """Build both implementations in the published sizes, with the same weights.

    Our model shares the reference's tensors, so that the peak memory is not that of both.
    """
    torch.manual_seed(0)
    reference = ReferenceModel(ReferenceConfig()).eval()
    with torch.device("meta"):
        ours = DiffusionModel(reference.config).eval()
    state = diffusion_from_published(reference.state_dict(), ours.config.unet)
    ours.load_state_dict(state, assign=True)
    make_channels_last(ours.unet)
    return reference.to(device), ours.to(device)


def draw_clip(batch: int, device: str) -> Clip:
    """Draw a batch of clips."""
    generator = seeded(1)
    noise, sound = torch.randn(2, batch, 1, CLIP_SAMPLES, generator=generator)
    impulses = torch.zeros_like(noise)
    impulses[..., :: SAMPLE_RATE // 2] = 1
    prompt = torch.randn(batch, 1, PROMPT_FEATURES, generator=generator)
    prompt = functional.normalize(prompt, dim=-1)
    return Clip(*(part.to(device) for part in (noise, 0.1 * sound, impulses, prompt)))


def arithmetic(precision: str, device: str) -> AbstractContextManager:
    """Return a context in which products are computed in a precision."""
    enabled = precision != "float32"
    return torch.autocast(device, PRECISIONS[precision], enabled=enabled)


def in_turns(tasks: dict[str, Callable[[], object]], repeats: int, clock: str) -> dict[str, float]:
    """Run all tasks in turns, once unmeasured, then ``repeats`` times; return median seconds."""
    now = CLOCKS[clock]
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(repeats + 1):
        for name, task in tasks.items():
            began = now()
            task()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if turn:
                seconds[name].append(now() - began)
    return {name: statistics.median(times) for name, times in seconds.items()}


def report(seconds: dict[str, float], options: argparse.Namespace, notes: dict[str, str]) -> None:
    """Print times, the ratio of the first to each, and what changed since the run before."""
    first = next(iter(seconds.values()))
    for name, median in seconds.items():
        ratio = f"{first / median:6.1f}×"
        print(f"{name:28} {median:9.3f} s {ratio}  N={options.repeats}  {notes.get(name, '')}")
    figures = {f"{name}, s": median for name, median in seconds.items()}
    history.keep(f"diffusion-{options.task}", figures, options)


def evaluation_gigaflops(batch: int = 1) -> float:
    """Return the GFLOP of one evaluation; a multiplication and an addition count as two."""
    with torch.device("meta"), torch.no_grad():
        model = DiffusionModel(ReferenceConfig())
        features = model.encode_onsets(torch.zeros(batch, 1, CLIP_SAMPLES))
        prompt = torch.zeros(batch, 1, PROMPT_FEATURES)
        [predict] = model.predictors([Condition(features, prompt)], many_calls=False)
        with FlopCounterMode(display=False) as counter:
            predict(torch.zeros(batch, 1, CLIP_SAMPLES), torch.zeros(batch))
    return counter.get_total_flops() / 1e9


def training_gigaflops(batch: int = 1) -> float:
    """Return the GFLOP of one training step, forward and backward, counted like an evaluation's."""
    with torch.device("meta"):
        model, sound = DiffusionModel(ReferenceConfig()), torch.zeros(batch, 1, CLIP_SAMPLES)
        prompt = torch.zeros(batch, 1, PROMPT_FEATURES)
        with FlopCounterMode(display=False) as counter:
            model.predict(sound, torch.zeros(batch), sound, prompt).sum().backward()
    return counter.get_total_flops() / 1e9


def products(precisions: Iterable[str], device: str) -> dict[str, Callable[[], object]]:
    """Return a large product of matrices in each precision, as tasks: the machine's own peak."""
    return {precision: _product(precision, device) for precision in precisions}


def _product(precision: str, device: str) -> Callable[[], object]:
    factors = torch.randn(2, PRODUCT, PRODUCT, device=device).to(PRECISIONS[precision])
    return lambda: factors[0] @ factors[1]


def measured_peak(product_seconds: float) -> float:
    """Return the GFLOP a second of a product that ``products`` times."""
    return 2 * PRODUCT**3 / 1e9 / product_seconds


def utilisation(flops: float, seconds: float, peak: float) -> str:
    """Describe the arithmetic rate in GFLOP/s, and its share of a peak in the same unit."""
    rate = flops / seconds
    return f"{rate:.0f} GFLOP/s, {rate / peak:.0%} of the peak of {peak:.0f}"


def distance(found: Tensor, expected: Tensor) -> float:
    """Return the relative error: norm of the difference over norm of the expected tensor."""
    return ((found - expected).norm() / expected.norm()).item()


def peak_memory(device: str) -> float:
    """Return the peak memory in MiB so far: of the device, or of this process on a CPU."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
