"""A preset small enough for tests: untrained nets of a few channels, the bundled prompt encoder."""

import shutil
from pathlib import Path

import torch
import yaml

from helpers.places import BUNDLED
from syncfusion.checkpoint.files import save_diffusion, save_onset
from syncfusion.diffusion.model import DiffusionConfig, DiffusionModel
from syncfusion.diffusion.onset_encoder import OnsetEncoderConfig
from syncfusion.diffusion.unet import UNetConfig
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet

CLIP_SAMPLES = 2**17  # 2.73 s; windows advance by 1.71 s
SETTINGS = {"threshold": 0.3, "minimum_gap": 0.2, "frame_size": 32, "steps": 2, "guidance": 2.0}


def tiny_config() -> DiffusionConfig:
    """The compact architecture with two levels of eight channels."""
    channels = (8, 8)
    return DiffusionConfig(
        front_end="mdct",
        hop=256,
        clip_samples=CLIP_SAMPLES,
        unet=UNetConfig(
            in_channels=256,
            channels=channels,
            factors=(1, 2),
            items=(1, 1),
            attentions=(0, 0),
            context_channels=channels,
            heads=1,
            head_features=8,
            groups=2,
            level_features=16,
            modulate_prompt=True,
        ),
        onset_encoder=OnsetEncoderConfig(
            in_channels=6, stem_channels=8, channels=channels, factors=(1, 2), blocks=1, groups=2
        ),
    )


def make_preset(folder: Path, **settings: float | str) -> Path:
    """Write a preset's folder; the same weights every time."""
    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = VideoOnsetNet(
            OnsetNetConfig(width=4, hidden=8, head="temporal", difference=True, round_to=4)
        )
        save_onset(net, folder)
        save_diffusion(DiffusionModel(tiny_config()), folder)
    for name in ("prompt.safetensors", "prompt.json"):
        shutil.copy(BUNDLED / name, folder)
    make_settings(folder, **settings)
    return folder


def make_settings(folder: Path, **settings: float | str | dict) -> None:
    """Write a preset's settings, the tiny preset's where none are given."""
    (folder / "preset.yaml").write_text(yaml.safe_dump(SETTINGS | settings))
