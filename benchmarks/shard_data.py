"""Clips per second out of shards: embeddings in the shard against the encoder in every step.

Both read the same recordings through the same pipeline, in turn, in this process; the encoder is
CLAP's real architecture with random weights, which take as long as trained ones. Prompts are
sounds, as in the published training.
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import history
import numpy as np
import soundfile
import torch

from syncfusion.diffusion import DiffusionBatch
from syncfusion.prompt import PromptEncoder, load_prompt_encoder
from syncfusion.shards import Extras, ShardData, Slicing, write_shard
from syncfusion.shards.embeddings import EncoderIdentity
from syncfusion.shards.stream import Streaming

SECONDS, HITS = 33, 16  # of a recording


def random_clap(folder: Path, device: str) -> PromptEncoder:
    """Make a CLAP that knows nothing, of the published size."""
    sys.path.append(str(Path(__file__).parents[1] / "tests"))
    from helpers.clap_files import make_clap
    from syncfusion.places import CLAP_WEIGHTS
    from syncfusion.prompt import ClapConfig, ClapPromptEncoder

    checkpoint = make_clap(folder) / CLAP_WEIGHTS.name
    tokenizer = folder / "roberta-base"
    return ClapPromptEncoder(ClapConfig(checkpoint=checkpoint, tokenizer=tokenizer, device=device))


def write_videos(folder: Path, count: int) -> list[Path]:
    """Write recordings of decaying noise, as preprocessing leaves them."""
    rng = np.random.default_rng(0)
    videos = [folder / f"video-{number}" for number in range(count)]
    for video in videos:
        (video / "audio").mkdir(parents=True)
        times = np.linspace(0.5, SECONDS - 1, HITS)
        since = np.arange(SECONDS * 48_000) / 48_000 % (SECONDS / HITS)
        sound = 0.5 * rng.standard_normal(len(since)) * np.exp(-8 * since)
        path = video / "audio" / f"{video.name}.resampled.wav"
        soundfile.write(path, sound.clip(-1, 1), 48_000, subtype="PCM_16")
        lines = "".join(f"{seconds:.4f},wood hit\n" for seconds in times)
        (video / f"{video.name}.times.csv").write_text(lines)
    return videos


def batches(shard: Path, options: argparse.Namespace) -> tuple[ShardData, Iterator[DiffusionBatch]]:
    """Open a shard for training, its shuffle buffer filled."""
    data = ShardData(
        str(shard),
        str(shard),
        slicing=Slicing(text_fraction=0.0),
        streaming=Streaming(shuffle_size=options.shuffle_size),
        batch_size=options.batch_size,
        num_workers=options.num_workers,
    )
    return data, iter(data.train_dataloader())


def rate(stream: Iterator[DiffusionBatch], n_batches: int) -> float:
    """Return clips per second over some batches."""
    began = time.perf_counter()
    n_clips = sum(len(batch.names) for batch in itertools.islice(stream, n_batches))
    return n_clips / (time.perf_counter() - began)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="random-clap", help="or clap, compact, a folder")
    parser.add_argument("--device", default="auto", help="of random-clap")
    parser.add_argument("--recordings", type=int, default=4)
    parser.add_argument("--batch_size", type=int, default=4)
    parser.add_argument("--num_workers", type=int, default=0)
    parser.add_argument("--shuffle_size", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", type=int, default=20, help="of a round, with embeddings")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clap = options.encoder == "random-clap"
        encoder = (
            random_clap(folder, options.device) if clap else load_prompt_encoder(options.encoder)
        )
        videos = write_videos(folder, options.recordings)
        identity = EncoderIdentity(options.encoder, "none")
        write_shard(videos, folder / "with.tar", Extras(encoder=encoder, identity=identity))
        write_shard(videos, folder / "without.tar")
        _, stored = batches(folder / "with.tar", options)
        data, made = batches(folder / "without.tar", options)
        data.prompts.encoder = encoder
        next(stored), next(made)
        with torch.no_grad():
            pairs = [(rate(stored, options.batches), rate(made, 2)) for _ in range(options.rounds)]
    with_embeddings, in_every_step = map(statistics.median, zip(*pairs, strict=True))
    print(f"embeddings in the shard    {with_embeddings:9.1f} clips/s")
    print(f"{options.encoder + ' in every step':26} {in_every_step:9.2f} clips/s")
    print(f"ratio                      {with_embeddings / in_every_step:9.1f}")
    figures = {"embeddings in the shard": with_embeddings, "in every step": in_every_step}
    history.keep("shard_data", {f"{k}, clips/s": v for k, v in figures.items()}, options)


if __name__ == "__main__":
    main()
