"""Inputs of the commands that are killed at random moments."""

from pathlib import Path

import numpy as np
import soundfile

from helpers.diffusion_runs import make_shards
from helpers.media_files import make_video, regular
from helpers.onset_clips import write_clips
from helpers.presets import make_preset
from helpers.shard_files import write_processed

CONTENT = bytes(range(256)) * 8192  # of the file that is downloaded, 2 MB
RATE = 48_000
LABELS = ("wood hit", "metal hit")
N_RECORDINGS = 4  # of each label


def make_inputs(folder: Path) -> Path:
    """Write the inputs of all jobs."""
    (folder / "videos").mkdir(parents=True)
    for number in range(3):
        make_video(folder / "videos" / f"clip{number}_mic.mp4", regular(25, 75), size=(160, 120))
    names = sorted(map(str, (folder / "videos").iterdir()))
    (folder / "list.txt").write_text("\n".join(names))
    write_processed(folder / "processed", train="a b c", val="d", test="e")
    write_clips(folder / "clips")
    (folder / "shards").mkdir()
    make_shards(folder / "shards")
    make_preset(folder / "whole", steps=20)
    make_preset(folder / "events", render="events")
    (folder / "events.csv").write_text("time,label\n0.5,wood hit\n1.25,metal hit\n2.0,wood hit\n")
    make_library(folder / "library")
    (folder / "served").mkdir()
    (folder / "served" / "file.bin").write_bytes(CONTENT)
    return folder


def make_library(folder: Path) -> None:
    """Write recordings of hits that decay, named by their labels."""
    folder.mkdir()
    generator = np.random.default_rng(0)
    for label in LABELS:
        for number in range(N_RECORDINGS):
            decay = np.exp(-np.arange(RATE // 2) / (0.05 * RATE))
            hit = decay * generator.normal(0, 0.2, RATE // 2)
            soundfile.write(folder / f"{label} {number}.wav", hit, RATE)
