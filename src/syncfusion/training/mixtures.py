"""Hits cut from shards and placed on random tracks: data of the compact diffusion model."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncfusion.constants import SAMPLE_RATE
from syncfusion.hits import SILENCE_RATIO, cut_hits
from syncfusion.media import Waveform
from syncfusion.mixtures import (
    DiffusionData,
    HitGroup,
    HitMixtures,
    MixtureConfig,
    group_hits,
)
from syncfusion.places import PRESETS
from syncfusion.prompt import CompactPromptEncoder, draw_text, parse_label
from syncfusion.shards import read_recordings


@dataclass(frozen=True, kw_only=True)
class MixtureSettings:
    """The group ``data`` of a training on mixtures.

    Args:
        train: sets of shards, each ``{shards: […], weight: number}``.
        validation: likewise.
        validation_clips: clips that are validated.
        batch_size: clips in a batch.
        num_workers: worker processes; 0 draws clips in the training's own process.
        mixture: how hits are placed.
        silence_ratio: where tails end, see ``hits.cut_hits``.
    """

    train: Sequence[Mapping[str, Any]]
    validation: Sequence[Mapping[str, Any]]
    validation_clips: int
    batch_size: int
    num_workers: int
    mixture: MixtureConfig
    silence_ratio: float = SILENCE_RATIO


def mixture_data(settings: MixtureSettings, prompt: str, seed: int) -> DiffusionData:
    """Read the hits of all shards and make the data of a training.

    Args:
        settings: as the configuration has them.
        prompt: folder of the prompt encoder, or "compact" for the bundled one.
        seed: of the mixtures.

    Returns:
        Endless training clips, and the same validation clips every time.
    """
    encoder = CompactPromptEncoder.load(PRESETS / prompt if prompt == "compact" else prompt)
    return DiffusionData(
        _stream(settings, settings.train, None, encoder, seed),
        _stream(settings, settings.validation, settings.validation_clips, encoder, seed),
        settings.batch_size,
        settings.num_workers,
    )


def _stream(
    settings: MixtureSettings,
    sets: Sequence[Mapping[str, Any]],
    length: int | None,
    encoder: CompactPromptEncoder,
    seed: int,
) -> HitMixtures:
    """Return random clips from one or more sets of shards, each with its weight."""
    groups, weights = [], []
    for part in sets:
        found = _read_groups(part["shards"], encoder, settings.silence_ratio)
        groups += found
        weights += [part["weight"] / len(found)] * len(found)
    embed = encoder.embed_texts
    return HitMixtures(groups, weights, settings.mixture, embed, _write_prompt, seed, length)


def _read_groups(
    shards: Sequence[str], encoder: CompactPromptEncoder, silence_ratio: float
) -> list[HitGroup]:
    """Cut the hits of some shards, embed and group them."""
    hits = [
        hit
        for recording in read_recordings(list(shards))
        for hit in cut_hits(
            recording.waveform, recording.track, recording.name, silence_ratio=silence_ratio
        )
    ]
    return group_hits(
        hits,
        lambda hits: encoder.embed_sounds([Waveform(h.samples[None], SAMPLE_RATE) for h in hits]),
    )


def _write_prompt(label: str, rng: random.Random) -> str:
    """Return a random text prompt for a label."""
    return draw_text(parse_label(label), rng)
