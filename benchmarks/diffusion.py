"""The diffusion model against the published packages': same weights, one process, in turns.

``evaluation``     one evaluation of the U-Net
``clip``           a sound of 5.46 s, from noise to waveform
``training-step``  loss and gradients, each implementation in a process of its own
``memory``         peak memory of one evaluation of ours, in a process of its own

Weights are random, drawn from a seed, and go from the published names to ours by the table of
``checkpoint_keys``. Times are medians; ratios are of the medians. On a machine that others use,
``--clock process`` with OMP_NUM_THREADS=1 counts what this process computed, not what it waited.
"""

import argparse
import sys
from collections.abc import Callable

import torch
from diffusion_pair import (
    CLOCKS,
    PRECISIONS,
    Clip,
    arithmetic,
    build,
    distance,
    draw_clip,
    gigaflops,
    in_turns,
    peak_memory,
    report,
    share_of_peak,
)
from diffusion_training import training_step
from torch import Tensor

from syncfusion.diffusion import SOLVERS, DiffusionModel
from syncfusion.diffusion.reference import ReferenceConfig, ReferenceModel
from syncfusion.diffusion.sound_model import Features, Predictor

LEVEL = 0.5  # of noise, in evaluations
PUBLISHED_STEPS = 150  # main/generation.py of the published code


@torch.no_grad()
def evaluation(options: argparse.Namespace) -> None:
    """Time one evaluation of both, and of ours in bfloat16; errors are of what the net adds.

    They are given to the reference in float32, and to the same in float64, which is nearer the
    truth than both.
    """
    clip = draw_clip(options.batch, options.device)
    level = torch.full((options.batch,), LEVEL, device=options.device)
    models = dict(zip(("reference", "ours"), build(options.device), strict=True))
    features = models["ours"].encode_onsets(clip.impulses)
    tasks, found = {}, {}
    for name in ("reference float32", "ours float32", "ours bfloat16"):
        kind, precision = name.split()
        with arithmetic(precision, options.device):
            [predict] = models[kind].predictors([(features, clip.prompt)], many=True)
        tasks[name] = _remembering(found, name, precision, predict, clip.noise, level)
    seconds = in_turns(tasks, options.repeats, options.clock)
    truth = _in_float64(models["reference"], features, clip, level)
    flops, added = gigaflops(options.batch), found["reference float32"] - clip.noise
    notes = {
        name: f"relative error {distance(answer - clip.noise, added):.1e}, "
        f"{distance(answer - clip.noise, truth - clip.noise):.1e} to float64, "
        + share_of_peak(flops, seconds[name], options.peak_tflops)
        for name, answer in found.items()
    }
    report(seconds, options.repeats, notes)


def _in_float64(reference: ReferenceModel, features: Features, clip: Clip, level: Tensor) -> Tensor:
    condition = [part.double() for part in features], clip.prompt.double()
    [predict] = reference.double().predictors([condition], many=False)
    return predict(clip.noise.double(), level.double())


def _remembering(
    found: dict[str, Tensor], name: str, precision: str, predict: Predictor, *arguments: Tensor
) -> Callable[[], None]:
    def task() -> None:
        with arithmetic(precision, arguments[0].device.type):
            found[name] = predict(*arguments).float()

    return task


@torch.no_grad()
def clip(options: argparse.Namespace) -> None:
    """Time a whole clip of ours, and of the reference as many guided evaluations as asked."""
    reference, ours = build(options.device)
    drawn = draw_clip(options.batch, options.device)
    level = torch.full((options.batch,), LEVEL, device=options.device)
    features = reference.encode_onsets(drawn.impulses)
    guided = {"embedding_scale": options.guidance, "channels": features}

    def ours_sampled() -> None:
        with arithmetic(options.precision, options.device):
            ours.sample(
                drawn.noise,
                features=ours.encode_onsets(drawn.impulses),
                embedding=drawn.prompt,
                steps=options.steps,
                solver=options.solver,
                guidance=options.guidance,
            )

    seconds = in_turns(
        {
            "reference, a guided step": lambda: reference.model.net(
                drawn.noise, level, embedding=drawn.prompt, **guided
            ),
            "ours, the clip": ours_sampled,
        },
        options.repeats,
        options.clock,
    )
    step, whole = seconds.values()
    extrapolated = {f"reference, {PUBLISHED_STEPS} steps": PUBLISHED_STEPS * step}
    ours_named = f"ours, {options.steps} steps {options.solver}"
    note = f"guidance {options.guidance}, {options.precision}"
    print(f"one guided step of the reference: {step:.3f} s; its clip is extrapolated from that")
    report(extrapolated | {ours_named: whole}, options.repeats, {ours_named: note})


@torch.no_grad()
def memory(options: argparse.Namespace) -> None:
    """Say how much memory an evaluation takes, loading the weights included."""
    torch.manual_seed(0)
    model = DiffusionModel(ReferenceConfig()).eval().to(options.device)
    before = peak_memory(options.device)
    drawn = draw_clip(options.batch, options.device)
    with arithmetic(options.precision, options.device):
        features = model.encode_onsets(drawn.impulses)
        level = torch.full((options.batch,), LEVEL, device=options.device)
        model.velocity(drawn.noise, level, features=features, embedding=drawn.prompt)
    after = peak_memory(options.device)
    print(f"peak memory: {before:.0f} MiB with the weights, {after:.0f} MiB after an evaluation")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tasks = {"evaluation": evaluation, "clip": clip, "training-step": training_step}
    parser.add_argument("task", choices=[*tasks, "memory"])
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--clock", default="wall", choices=CLOCKS)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--precision", choices=PRECISIONS, help="of training-step, and of ours")
    parser.add_argument("--steps", type=int, default=25, help="of ours")
    parser.add_argument("--solver", default="dpmpp_2m", choices=SOLVERS, help="of ours")
    parser.add_argument("--guidance", type=float, default=7.5, help="of both; published: 7.5")
    parser.add_argument(
        "--activation-checkpointing", type=int, default=0, help="U-Net stages of ours"
    )
    parser.add_argument("--peak-tflops", type=float, help="of the device, in the precision asked")
    parser.add_argument("--only", choices=("reference", "ours"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.precision = options.precision or ("bfloat16" if options.task == "clip" else "float32")
    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}", file=sys.stderr)
    (tasks | {"memory": memory})[options.task](options)


if __name__ == "__main__":
    main()
