"""Checkpoints whose entries are missing, added, of another shape or type, not finite or huge."""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import torch
import yaml
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from helpers.presets import make_preset

HOW = ("missing", "extra", "shape", "nan", "huge", "type", "empty", "scalar", "renamed")
VALUES = (None, -1, 0, 2**31, 2**62, 10**30, 0.5, float("nan"), "a", "9" * 4000, [], [[]], {}, True)
VALUES += ([1] * 5000, [0, 0], [-1, 2], "../../x", {"a": {"b": 1}}, ["a", "b"], [2**40, 2])


class Alteration(NamedTuple):
    """What is altered: tensors by their place, and settings by theirs."""

    kind: str  # "onset" or "diffusion"
    lightning: bool
    tensors: list[tuple[int, str]]
    settings: list[tuple[int, int]]


class AlteredCheckpoints:
    """Checkpoints with altered entries, read as every checkpoint is.

    Args:
        folder: for the good ones.
    """

    def __init__(self, folder: Path) -> None:
        self.good = make_preset(folder / "tiny")

    def cases(self) -> st.SearchStrategy[Alteration]:
        """Return alterations."""
        numbers = st.integers(0, 1000)
        return st.builds(
            Alteration,
            st.sampled_from(("onset", "diffusion")),
            st.booleans(),
            st.lists(st.tuples(numbers, st.sampled_from(HOW)), max_size=3),
            st.lists(st.tuples(numbers, st.integers(0, len(VALUES) - 1)), max_size=2),
        )

    def run(self, case: Alteration, folder: Path) -> None:
        """Write the altered checkpoint into an empty folder, and load it."""
        from syncfusion.checkpoint.kinds import verify

        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        state = load_file(self.good / f"{case.kind}.safetensors")
        config = yaml.safe_load((self.good / f"{case.kind}.yaml").read_text())
        for number, how in case.tensors:
            _alter(state, number, how)
        for number, value in case.settings:
            _set(config, number, VALUES[value])
        key = {"onset": "onset_net", "diffusion": "model_config"}[case.kind]
        if case.lightning:
            content = {f"model.{name}": tensor for name, tensor in state.items()}
            torch.save({"state_dict": content, key: config}, folder / "a.ckpt")
            verify(folder / "a.ckpt")
        else:
            save_file(state, folder / f"{case.kind}.safetensors")
            (folder / f"{case.kind}.yaml").write_text(yaml.safe_dump(config))
            verify(folder)


def _alter(state: dict[str, torch.Tensor], number: int, how: str) -> None:
    if not state:
        return
    name = sorted(state)[number % len(state)]
    tensor = state[name]
    if how == "missing":
        del state[name]
    elif how == "renamed":
        state[f"{name}x"] = state.pop(name)
    elif how == "extra":
        state[f"extra.{number}"] = torch.zeros(3)
    elif how == "shape":
        state[name] = torch.zeros(*tensor.shape, 2)
    elif how == "nan":
        state[name] = torch.full(tensor.shape, torch.nan)
    elif how == "huge":
        state[name] = torch.full(tensor.shape, 1e38)
    elif how == "type":
        state[name] = torch.zeros(tensor.shape, dtype=torch.int64)
    elif how == "empty":
        state[name] = torch.zeros(0)
    else:
        state[name] = torch.tensor(1.0)


def _set(config: dict[str, Any], number: int, value: Any) -> None:
    """Set one value of nested settings."""
    places = [(config, name) for name in sorted(config)]
    places += [
        (inner, name) for inner in config.values() if isinstance(inner, dict) for name in inner
    ]
    where, name = places[number % len(places)]
    where[name] = value
