"""Train the compact prompt encoder on annotated recordings and print what it can do.

    python script/train_prompt.py --data DIR [--data DIR] --output checkpoints/compact

DIR is laid out as Greatest Hits is: videos/<id>_mic.mp4, times/<id>_times.txt, train.txt, test.txt.
"""

import argparse
import logging
from pathlib import Path

import numpy as np
import torch

from syncfusion.constants import ACTIONS, MATERIALS, SAMPLE_RATE
from syncfusion.hits import cut_hits
from syncfusion.media import Waveform, read_audio
from syncfusion.prompt import (
    CompactPromptEncoder,
    LabelledSound,
    TrainingConfig,
    retrieval_metrics,
    train,
)
from syncfusion.synthetic import hit_sound, scratch_sound
from syncfusion.track import OnsetTrack

SPELLINGS = {"steel pipe": "metal", "mettal": "metal", "wodden plank": "wood", "stones": "rock",
             "knocking": "wood", "puddle splash": "water", "glas bottle": "glass",
             "cardbord": "paper", "gravell": "gravel", "plastik bucket": "plastic"}  # fmt: skip


def read_hits(folder: Path, split: str) -> list[LabelledSound]:
    """Cut the hits of one split."""
    hits = []
    for name in sorted((folder / f"{split}.txt").read_text().split()):
        video = folder / "videos" / f"{name}_mic.mp4"
        recording = read_audio(video, sample_rate=SAMPLE_RATE, mono=True)
        track = OnsetTrack.read(folder / "times" / f"{name}_times.txt")
        hits += [LabelledSound(*hit) for hit in cut_hits(recording, track, name)]
    return hits


def synthetic_hits(bodies: range, seed: int, strengths: tuple[float, ...]) -> list[LabelledSound]:
    """Strike and scratch the bodies of every material, each once per strength."""
    rng, hits = np.random.default_rng(seed), []
    for material in MATERIALS:
        for body in bodies:
            for strength in strengths:
                stroke = float(rng.uniform(0.15, 0.6))
                pair = (
                    hit_sound(material, strength, rng, body=body),
                    scratch_sound(material, strength, stroke, rng, body=body),
                )
                for action, samples in zip(ACTIONS, pair, strict=True):
                    sound = torch.from_numpy(samples.astype(np.float32))
                    hits.append(LabelledSound(sound, f"{material} {action}", f"{material} {body}"))
    return hits


def report(encoder: CompactPromptEncoder, hits: list[LabelledSound], title: str) -> None:
    """Print how well sounds not trained on are found."""
    sounds = encoder.embed_sounds([Waveform(hit.samples[None], SAMPLE_RATE) for hit in hits])
    materials, actions = encoder.embed_texts(MATERIALS), encoder.embed_texts(ACTIONS)
    labels, sources = [hit.label for hit in hits], [hit.source for hit in hits]
    for name, rate in retrieval_metrics(sounds, labels, sources, materials, actions).items():
        print(f"{title}: {name}: {rate}")


def main() -> None:
    """Read, train, save, and measure what was saved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, action="append", default=[])
    parser.add_argument("--output", type=Path, default=Path("checkpoints/compact"))
    parser.add_argument("--steps", type=int, default=TrainingConfig.steps)
    spelling = TrainingConfig.spelling_steps
    parser.add_argument("--spelling_steps", type=int, default=spelling, help="for words misspelled")
    parser.add_argument("--objects", type=int, default=12, help="synthetic ones per material")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    hits = synthetic_hits(range(arguments.objects), arguments.seed, (0.4, 0.9))
    hits += [hit for folder in arguments.data for hit in read_hits(folder, "train")]
    config = TrainingConfig(steps=arguments.steps, spelling_steps=arguments.spelling_steps)
    train(hits, config, seed=arguments.seed).save(arguments.output)
    encoder = CompactPromptEncoder.load(arguments.output)
    for folder in arguments.data:
        report(encoder, read_hits(folder, "test"), folder.name)
    unheard = range(arguments.objects, arguments.objects + 4)
    report(encoder, synthetic_hits(unheard, arguments.seed + 1, (0.6, 0.8)), "synthetic")
    nearest = (encoder.embed_texts(list(SPELLINGS)) @ encoder.embed_texts(MATERIALS).T).argmax(1)
    for (text, wanted), found in zip(SPELLINGS.items(), nearest.tolist(), strict=True):
        print(f"{text!r} is nearest to {MATERIALS[found]!r} (wanted {wanted!r})")


if __name__ == "__main__":
    main()
