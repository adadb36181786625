"""Training of the compact prompt encoder on annotated recordings, and metrics of the result."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from syncfusion.clip_files import read_ids
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

Metrics = dict[str, Any]  # values that JSON can hold, by name


def train_prompt(
    data: Sequence[Path],
    output: Path,
    *,
    steps: int = TrainingConfig.steps,
    spelling_steps: int = TrainingConfig.spelling_steps,
    objects: int = 12,
    seed: int = 0,
) -> Metrics:
    """Train, save, and evaluate what was saved.

    Args:
        data: folders laid out as Greatest Hits is: ``videos/<id>_mic.mp4``,
            ``times/<id>_times.txt``, ``train.txt``, ``test.txt``.
        output: folder of the encoder.
        steps: of the optimiser.
        spelling_steps: steps for words that are misspelled.
        objects: synthetic ones per material.
        seed: of weights, batches and synthetic sounds.

    Returns:
        Retrieval metrics of each folder's test split and of synthetic sounds, and the nearest
        material of some misspelled words.

    Raises:
        InputError: if a folder cannot be read or the output not be written.
    """
    torch.set_num_threads(1)
    hits = synthetic_hits(range(objects), seed, (0.4, 0.9))
    hits += [hit for folder in data for hit in read_hits(folder, "train")]
    train(hits, TrainingConfig(steps=steps, spelling_steps=spelling_steps), seed=seed).save(output)
    encoder = CompactPromptEncoder.load(output)
    metrics = {folder.name: _retrieval(encoder, read_hits(folder, "test")) for folder in data}
    unseen = range(objects, objects + 4)
    metrics["synthetic"] = _retrieval(encoder, synthetic_hits(unseen, seed + 1, (0.6, 0.8)))
    return metrics | {"spelling": _nearest_materials(encoder)}


def read_hits(folder: Path, split: str) -> list[LabelledSound]:
    """Cut the hits of one split.

    Args:
        folder: laid out as Greatest Hits is.
        split: "train" or "test".

    Returns:
        Each hit's sound with its label, in the order of the ids and of time.

    Raises:
        InputError: if a list, a video or an annotation cannot be read.
    """
    hits = []
    for name in sorted(read_ids(folder / f"{split}.txt", may_be_empty=True)):
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


def _retrieval(encoder: CompactPromptEncoder, hits: Sequence[LabelledSound]) -> Metrics:
    """Return how well sounds are found that were not trained on."""
    sounds = encoder.embed_sounds([Waveform(hit.samples[None], SAMPLE_RATE) for hit in hits])
    materials, actions = encoder.embed_texts(MATERIALS), encoder.embed_texts(ACTIONS)
    labels, sources = [hit.label for hit in hits], [hit.source for hit in hits]
    found = retrieval_metrics(sounds, labels, sources, materials, actions)
    return {name: rate._asdict() for name, rate in found.items()}


def _nearest_materials(encoder: CompactPromptEncoder) -> Metrics:
    nearest = (encoder.embed_texts(list(SPELLINGS)) @ encoder.embed_texts(MATERIALS).T).argmax(1)
    pairs = zip(SPELLINGS.items(), nearest.tolist(), strict=True)
    return {
        text: {"estimate": MATERIALS[index], "reference": material}
        for (text, material), index in pairs
    }
