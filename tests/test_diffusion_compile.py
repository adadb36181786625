"""torch.compile takes the whole U-Net as one graph, for sampling and for training.

In a process of its own: under the type checker of the other tests nothing compiles.
"""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys

import torch

from diffusion_models import randomise
from syncfusion.diffusion.unet import UNet, UNetConfig
from syncfusion.timing import seeded

backend, trained = sys.argv[1], sys.argv[2] == "trained"
config = UNetConfig(channels=(8, 8), factors=(1, 4), items=(1, 1), attentions=(0, 1),
                    context_channels=(2, 2), heads=2, head_features=4, level_features=16,
                    prompt_features=8)
torch.manual_seed(0)
net = UNet(config)
randomise(net)
signal, level = torch.randn(2, 1, 64, generator=seeded(1)), torch.tensor([0.2, 0.9])
onsets = [torch.randn(2, 2, n, generator=seeded(2)) for n in (64, 16)]
prompt = torch.randn(2, 1, 8, generator=seeded(3))


def answer():
    net.zero_grad()
    velocity = net(signal, level, net.prepare(onsets, prompt))
    if not trained:
        return velocity
    velocity.square().mean().backward()
    return {name: p.grad.clone() for name, p in net.named_parameters() if p.grad is not None}


with torch.set_grad_enabled(trained):
    before = answer()
    net.compile(backend=backend, fullgraph=True)
    torch.testing.assert_close(answer(), before, rtol=1e-3, atol=1e-4)
"""


TRIAL = "import torch; torch.compile(lambda x: x.sin() + 1)(torch.ones(8))"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", *arguments],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
    )


@pytest.fixture(scope="module")
def compiler() -> None:
    done = run(TRIAL)
    if done.returncode:
        pytest.skip(f"no C++ compiler that works: {done.stderr.strip()[-300:]}")


def compile_and_compare(backend: str, use: str) -> None:
    done = run(PROGRAM, backend, use)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_net_is_one_graph():
    compile_and_compare("eager", "sampled")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("use", ["sampled", "trained"])
def test_the_compiled_net_computes_what_the_net_does(use):
    compile_and_compare("inductor", use)
