"""A training step of both implementations, each in its own process."""

import argparse
import json
import subprocess
import sys

import torch
from diffusion_pair import (
    arithmetic,
    build,
    distance,
    draw_clip,
    in_turns,
    measured_peak,
    peak_memory,
    products,
    report,
    training_gigaflops,
    utilisation,
)
from torch.nn import functional

from syncfusion.checkpoint.keys import diffusion_from_published
from syncfusion.diffusion import ReferenceModel, SoundModel
from syncfusion.diffusion.vdiffusion import mix, velocity

LEVEL = 0.5  # noise level


def training_step(options: argparse.Namespace) -> None:
    """Compare loss, gradients, time and memory of a step, each model in its own process."""
    if options.only:
        print(json.dumps(_training_step(options)))
        return
    results = {kind: _in_own_process(options, kind) for kind in ("reference", "ours")}
    flops = training_gigaflops(options.batch)
    notes = {
        kind: utilisation(flops, result["seconds"], result["peak"])
        for kind, result in results.items()
    }
    report({kind: result["seconds"] for kind, result in results.items()}, options, notes)
    first, second = results.values()
    norms = [torch.tensor(list(result["norms"].values())) for result in (first, second)]
    assert first["norms"].keys() == second["norms"].keys()
    print(f"loss {first['loss']:.7f} and {second['loss']:.7f}")
    print(f"norms of all gradients: relative difference {distance(norms[1], norms[0]):.1e}")
    memory = [result["mebibytes"] for result in (first, second)]
    print(f"peak memory {memory[0]:.0f} and {memory[1]:.0f} MiB: {memory[1] / memory[0]:.0%}")


def _in_own_process(options: argparse.Namespace, kind: str) -> dict:
    command = [sys.executable, *sys.argv, "--only", kind]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _training_step(options: argparse.Namespace) -> dict:
    reference, ours = build(options.device)
    model: SoundModel = {"reference": reference, "ours": ours}[options.only]
    if options.only == "ours":
        ours.unet.checkpoint_activations(options.activation_checkpointing)
    del reference, ours
    drawn = draw_clip(options.batch, options.device)
    level = torch.full((options.batch,), LEVEL, device=options.device)
    losses = []

    def step() -> None:
        model.zero_grad()
        noisy, target = (combine(drawn.sound, drawn.noise, level) for combine in (mix, velocity))
        with arithmetic(options.precision, options.device):
            predicted = model.predict(noisy, level, drawn.impulses, drawn.prompt)
        loss = functional.mse_loss(predicted.float(), target)
        loss.backward()
        losses.append(loss.item())

    tasks = {"step": step} | products([options.precision], options.device)
    seconds, product = in_turns(tasks, options.repeats, options.clock).values()
    return {
        "seconds": seconds,
        "peak": measured_peak(product),
        "loss": losses[-1],
        "mebibytes": peak_memory(options.device),
        "norms": _gradient_norms(model),
    }


def _gradient_norms(model: SoundModel) -> dict[str, float]:
    norms = {
        name: torch.zeros(1) if p.grad is None else p.grad.norm()
        for name, p in model.named_parameters(remove_duplicate=False)
    }
    if isinstance(model, ReferenceModel):
        norms = diffusion_from_published(norms, model.config.unet)
    return {name: norms[name].item() for name in sorted(norms)}
