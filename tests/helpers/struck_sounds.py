"""Recordings of short noise bursts at known times, for the tests of evaluation."""

import io
from pathlib import Path

import soundfile
import torch

from helpers.shard_files import write_video
from syncfusion.media.audio import Waveform
from syncfusion.shards.writer import write_shard
from syncfusion.timing import sample_index, seeded
from syncfusion.track import OnsetTrack

RATE = 48_000
TIMES = (0.3, 0.8, 1.3, 1.7)
LABELS = ("wood hit", "metal hit", "wood hit", "wood scratch")
SECONDS = 2.2


def struck(
    times=TIMES, *, seconds: float = SECONDS, rate: int = RATE, level: float = 0.5, seed: int = 0
) -> Waveform:
    """Bursts that decay within a tenth of a second, silence between them."""
    samples = torch.zeros(1, sample_index(seconds, rate))
    length = sample_index(0.15, rate)
    decay = torch.exp(-torch.arange(length) / (0.02 * rate))
    for number, time in enumerate(times):
        start = sample_index(time, rate)
        noise = torch.randn(length, generator=seeded(1000 * seed + number))
        burst = level * (noise / noise.abs().max()) * decay
        samples[0, start : start + length] += burst[: samples.shape[1] - start]
    return Waveform(samples, rate)


def track(times=TIMES, labels=LABELS, seconds: float = SECONDS) -> OnsetTrack:
    """Its annotation."""
    return OnsetTrack(times, seconds, labels)


def save(sound: Waveform, path: Path, n_channels: int = 1) -> Path:
    """Write it with 16 bits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = sound.samples.expand(n_channels, -1).T.numpy()
    soundfile.write(path, samples, sound.sample_rate, subtype="PCM_16")
    return path


def write_shards(folder: Path, *, test: str = "a b c", train: str = "d e") -> Path:
    """Write ``test_shard_1.tar`` and ``train_shard_1.tar`` of such recordings."""
    for split, names in (("test", test), ("train", train)):
        root, videos = folder / "processed", []
        for name in names.split():
            content = io.BytesIO()
            sound = struck(seed=ord(name[0]))
            soundfile.write(content, sound.samples[0].numpy(), RATE, "PCM_16", format="wav")
            times = "".join(f"{t:.6f},{label}\n" for t, label in zip(TIMES, LABELS, strict=True))
            videos.append(write_video(root, name, content.getvalue(), times))
        (folder / "shards").mkdir(exist_ok=True, parents=True)
        write_shard(videos, folder / "shards" / f"{split}_shard_1.tar")
    return folder / "shards"
