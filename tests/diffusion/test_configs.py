"""The diffusion models that ``exp/model`` describes."""

import json
from dataclasses import asdict

import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from helpers.places import DIFFUSION_CONTRACT, REPOSITORY
from syncfusion.diffusion.config import DiffusionConfig
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.diffusion.reference import ReferenceConfig, build_model

EXP = REPOSITORY / "exp"


def described(name: str) -> DiffusionConfig:
    with initialize_config_dir(str(EXP / "model"), version_base=None):
        return instantiate(compose(name))


def test_diffusion_is_the_default_spelled_out():
    assert described("diffusion") == DiffusionConfig()


def test_reference_is_of_the_same_sizes():
    config = described("reference")
    assert isinstance(config, ReferenceConfig)
    assert asdict(config) == asdict(DiffusionConfig())


@pytest.mark.parametrize("name", ["diffusion", "reference", "compact", "tiny"])
def test_what_is_described_can_be_built(name):
    with torch.device("meta"):
        model = build_model(described(name))
    assert isinstance(model, DiffusionModel) != (name == "reference")


def test_the_reference_has_the_published_names_and_shapes():
    """The net stands in it three times, as in the published file; the contract lists it once."""
    contract = DIFFUSION_CONTRACT
    with torch.device("meta"):
        state = build_model(described("reference")).state_dict()
    copies = ("model.diffusion.", "model.sampler.")
    found = {name: list(state[name].shape) for name in state if not name.startswith(copies)}
    assert found == json.loads(contract.read_text())
