"""torch.compile compiles the whole U-Net as one graph, for sampling and for training.

This runs in its own process: nothing compiles under the type checker of the other tests.
"""

import subprocess
import sys

import pytest

from helpers.places import REPOSITORY

TIMEOUT = 240  # seconds for a process; pytest's own timeout is 300
# difference relative to the norm of each velocity or gradient. One graph computes the same; in
# float32 the gradients that nearly cancel, before a norm, keep four digits
TOLERANCES = {"eager": ("float64", 1e-9), "inductor": ("float32", 1e-3)}
PROGRAM = """
import sys

import torch

from helpers.diffusion_models import randomise
from syncfusion.diffusion.config import UNetConfig
from syncfusion.diffusion.unet import UNet
from syncfusion.timing import seeded

backend, dtype, tolerance = sys.argv[1], sys.argv[2], float(sys.argv[3])
modes = [use == "trained" for use in sys.argv[4:]]
config = UNetConfig(channels=(8, 8), factors=(1, 4), items=(1, 1), attentions=(0, 1),
                    context_channels=(2, 2), heads=2, head_features=4, level_features=16,
                    prompt_features=8)
torch.set_default_dtype(getattr(torch, dtype))
torch.manual_seed(0)
net = UNet(config)
randomise(net)
signal, level = torch.randn(2, 1, 64, generator=seeded(1)), torch.tensor([0.2, 0.9])
onsets = [torch.randn(2, 2, n, generator=seeded(2)) for n in (64, 16)]
prompt = torch.randn(2, 1, 8, generator=seeded(3))


def outputs(trained):
    net.zero_grad()
    velocity = net(signal, level, net.prepare(onsets, prompt))
    if not trained:
        return {"velocity": velocity}
    velocity.square().mean().backward()
    return {name: p.grad.clone() for name, p in net.named_parameters() if p.grad is not None}


def both(trained):
    with torch.set_grad_enabled(trained):
        return outputs(trained)


before = {trained: both(trained) for trained in modes}
net.compile(backend=backend, fullgraph=True)
for trained, expected in before.items():
    after = both(trained)
    assert expected.keys() == after.keys()
    whole = sum(part.norm() for part in expected.values())
    for name, part in expected.items():
        difference = (after[name] - part).norm()
        # biases that a norm removes again have gradients of rounding alone
        assert difference <= tolerance * (part.norm() + 1e-3 * whole), f"{name}: {difference:.1e}"
"""

TRIAL = "import torch; torch.compile(lambda x: x.sin() + 1)(torch.ones(8))"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            [sys.executable, "-c", *arguments],
            cwd=REPOSITORY / "tests",
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"compiling took more than {TIMEOUT} s: the machine is too busy to tell")


@pytest.fixture(scope="module")
def compiler() -> None:
    done = run(TRIAL)
    if done.returncode:
        pytest.skip(f"no C++ compiler that works: {done.stderr.strip()[-300:]}")


def compile_and_compare(backend: str, *uses: str) -> None:
    """Compare velocities (sampled) or gradients (trained) before and after, in one process."""
    dtype, tolerance = TOLERANCES[backend]
    done = run(PROGRAM, backend, dtype, str(tolerance), *uses)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.slow
def test_the_net_is_one_graph():
    compile_and_compare("eager", "sampled", "trained")


@pytest.mark.slow
@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("use", ["sampled", "trained"])
def test_the_compiled_net_computes_the_same(use):
    compile_and_compare("inductor", use)
