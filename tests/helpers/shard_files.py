"""Tiny processed videos and shards, for the tests of ``syncfusion.shards``."""

import io
import tarfile
from pathlib import Path

import numpy as np
import soundfile
import torch

from syncfusion.media.audio import Waveform
from syncfusion.shards.recording import Recording
from syncfusion.shards.writer import Extras, write_shard
from syncfusion.track import OnsetTrack

RATE = 48_000
LABELS = ("wood hit", "metal scratch", "wood hit", "", "wood None", "metal scratch")
TIMES = (0.02, 0.07, 0.12, 0.17, 0.22, 0.27)  # of 0.32 s


def csv(times=TIMES, labels=LABELS) -> str:
    return "".join(f"{time:.6f},{label}\n" for time, label in zip(times, labels, strict=True))


def wav(*, rate: int = RATE, channels: int = 1, level: float = 0.5, seed: int = 0) -> bytes:
    """Noise with 16 bits, as published."""
    shape = (round(0.32 * rate), channels)
    samples = level * np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)
    content = io.BytesIO()
    soundfile.write(content, samples, rate, format="wav", subtype="PCM_16")
    return content.getvalue()


def write_video(root: Path, name: str, sound: bytes | None = None, times: str | None = None):
    """Write a processed video without its frames; by its name its sound differs from others'."""
    (root / name / "audio").mkdir(parents=True)
    (root / name / f"{name}.times.csv").write_text(csv() if times is None else times)
    sound = wav(seed=sum(name.encode())) if sound is None else sound
    (root / name / "audio" / f"{name}.resampled.wav").write_bytes(sound)
    return root / name


def write_processed(root: Path, **splits: str) -> Path:
    """Write a processed data set: ``train="a b", test="c"``."""
    for split, names in splits.items():
        for name in names.split():
            write_video(root, name)
        (root / f"{split}.txt").write_text("\n".join(names.split()))
    return root


def make_shard(path: Path, names: str, extras: Extras | None = None) -> str:
    """Write a shard of videos of these names."""
    folder = path.with_suffix("")
    write_shard([write_video(folder, name) for name in names.split()], path, extras)
    return str(path)


def write_tar(path: Path, members: dict[str, bytes]) -> str:
    """Write a tar of any members."""
    with tarfile.open(path, "w") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return str(path)


def recording(times=TIMES, labels=LABELS, *, seconds: float = 0.32, **extra) -> Recording:
    """A recording whose every sample is its own time, in seconds, plus 1."""
    samples = 1 + torch.arange(round(seconds * RATE))[None] / RATE
    return Recording("one", Waveform(samples, RATE), OnsetTrack(times, labels=labels), **extra)


class CountingEncoder:
    """A prompt encoder that hears length and mean alone, and counts what it is asked."""

    def __init__(self) -> None:
        self.n_embedded = 0

    def embed(self, prompt):
        self.n_embedded += 1
        if isinstance(prompt, str):
            values = torch.tensor([-1.0, len(prompt), sum(prompt.encode())])
        else:
            values = torch.stack([torch.tensor(prompt.duration), prompt.samples.mean()])
        vector = torch.zeros(512)
        vector[: len(values)] = values
        return vector / vector.norm()

    def embed_texts(self, texts):
        return torch.stack([self.embed(text) for text in texts] or [torch.zeros(512)])[: len(texts)]

    embed_sounds = embed_texts
