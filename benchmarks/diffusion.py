"""Time the diffusion model and the published packages' with the same weights, alternating.

``evaluation``     one evaluation of the U-Net
``clip``           a sound of 5.46 s, from noise to waveform
``training-step``  loss and gradients, each implementation in its own process
``memory``         peak memory of one evaluation of our model, in its own process

Both models have the same seeded random weights; ``checkpoint.keys`` translates their names. Times
are medians, ratios are ratios of medians, and the peak is that of a large product of matrices in
the same precision, measured in turns with the rest. On a busy machine, ``--clock process`` with
OMP_NUM_THREADS=1 counts this process's computing time without its waiting time.
"""

import argparse
import sys
from collections.abc import Callable

import history
import torch
from diffusion_pair import (
    CLOCKS,
    PRECISIONS,
    Clip,
    arithmetic,
    build,
    distance,
    draw_clip,
    evaluation_gigaflops,
    in_turns,
    measured_peak,
    peak_memory,
    products,
    report,
    utilisation,
)
from diffusion_training import training_step
from torch import Tensor

from syncfusion.diffusion import (
    SOLVERS,
    Condition,
    DiffusionModel,
    OnsetFeatures,
    Predictor,
    ReferenceConfig,
    ReferenceModel,
)

LEVEL = 0.5  # noise level of all evaluations
PUBLISHED_STEPS = 150  # main/generation.py of the published code


@torch.no_grad()
def evaluation(options: argparse.Namespace) -> None:
    """Time one evaluation of both models, and of ours in bfloat16.

    Errors are relative to the net's addition to its input, and are reported against the reference
    in float32 and, as the more exact result, in float64.
    """
    clip = draw_clip(options.batch, options.device)
    level = torch.full((options.batch,), LEVEL, device=options.device)
    models = dict(zip(("reference", "ours"), build(options.device), strict=True))
    features = models["ours"].encode_onsets(clip.impulses)
    tasks, results = {}, {}
    for name in ("reference float32", "ours float32", "ours bfloat16"):
        kind, precision = name.split()
        with arithmetic(precision, options.device):
            [predict] = models[kind].predictors([Condition(features, clip.prompt)], many_calls=True)
        tasks[name] = _remembering(results, name, precision, predict, clip.noise, level)
    peaks = products(PRECISIONS, options.device)
    seconds = in_turns(tasks | peaks, options.repeats, options.clock)
    peak = {precision: measured_peak(seconds.pop(precision)) for precision in peaks}
    exact = _in_float64(models["reference"], features, clip, level)
    flops, added = evaluation_gigaflops(options.batch), results["reference float32"] - clip.noise
    notes = {
        name: f"relative error {distance(result - clip.noise, added):.1e}, "
        f"{distance(result - clip.noise, exact - clip.noise):.1e} to float64, "
        + utilisation(flops, seconds[name], peak[name.split()[1]])
        for name, result in results.items()
    }
    report(seconds, options, notes)


def _in_float64(
    reference: ReferenceModel, features: OnsetFeatures, clip: Clip, level: Tensor
) -> Tensor:
    condition = Condition([part.double() for part in features], clip.prompt.double())
    [predict] = reference.double().predictors([condition], many_calls=False)
    return predict(clip.noise.double(), level.double())


def _remembering(
    results: dict[str, Tensor], name: str, precision: str, predict: Predictor, *arguments: Tensor
) -> Callable[[], None]:
    def task() -> None:
        with arithmetic(precision, arguments[0].device.type):
            results[name] = predict(*arguments).float()

    return task


@torch.no_grad()
def clip(options: argparse.Namespace) -> None:
    """Time a whole clip of our model, and one guided step of the reference."""
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
    report(extrapolated | {ours_named: whole}, options, {ours_named: note})


@torch.no_grad()
def memory(options: argparse.Namespace) -> None:
    """Print the peak memory with the weights loaded, and after one evaluation."""
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
    history.keep(
        "diffusion-memory", {"with the weights, MiB": before, "at most, MiB": after}, options
    )


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
    parser.add_argument(
        "--precision", choices=PRECISIONS, help="arithmetic of training-step, and of our model"
    )
    parser.add_argument("--steps", type=int, default=25, help="sampling steps of our model")
    parser.add_argument(
        "--solver", default="dpmpp_2m", choices=SOLVERS, help="sampler of our model"
    )
    parser.add_argument(
        "--guidance", type=float, default=7.5, help="scale for both models; published: 7.5"
    )
    parser.add_argument(
        "--activation-checkpointing", type=int, default=0, help="U-Net stages of ours"
    )
    parser.add_argument("--only", choices=("reference", "ours"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.precision = options.precision or ("bfloat16" if options.task == "clip" else "float32")
    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}", file=sys.stderr)
    (tasks | {"memory": memory})[options.task](options)


if __name__ == "__main__":
    main()
