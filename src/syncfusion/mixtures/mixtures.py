"""Training clips for stage 2: recorded hits placed at the onsets of new random tracks.

A few hundred hits give an unlimited number of clips. Each clip draws one group of hits (those of
one label, or of one label in one recording), and each of its onsets draws a hit of that group.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.utils.data import Dataset

from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion import DiffusionBatch
from syncfusion.hits import LEAD_SECONDS, Hit
from syncfusion.timing import sample_index
from syncfusion.track import Onset, OnsetTrack

REFERENCE_RMS = 0.25  # of the loudest 10 ms of a hit at gain 1; full scale is 1
SMALLEST_RMS = 1e-4  # quieter hits are scaled as if they had this RMS, so that noise stays quiet

EmbedTexts = Callable[[list[str]], Float[Tensor, "batch prompt_feature"]]
EmbedHits = Callable[[list[Hit]], Float[Tensor, "batch prompt_feature"]]


@dataclass(frozen=True, kw_only=True)
class MixtureConfig:
    """How random clips are drawn.

    Args:
        clip_samples: length of a clip at 48 kHz.
        text_fraction: fraction of the clips with a label, 0 to 1, that are prompted by text; the
            others are prompted by a sound.
        even_fraction: fraction of the clips, 0 to 1, in which every hit has gain 1.
        empty_fraction: fraction of the clips, 0 to 1, without onsets.
        softest: lowest gain in the other clips, above 0 to 1.
        periods: shortest and longest mean time between onsets, in seconds.
        minimum_gap: least time between two onsets, in seconds.
        single_fraction: fraction of the clips, 0 to 1, that are one hit, as a take is rendered.
        single_time: time of its onset, in seconds.

    Raises:
        ValueError: if that time is outside of the clip.
    """

    clip_samples: int = 2**17
    text_fraction: float = 0.5
    even_fraction: float = 0.5
    empty_fraction: float = 0.04
    softest: float = 0.3
    periods: Sequence[float] = (0.2, 1.2)
    minimum_gap: float = 0.12
    single_fraction: float = 0.0
    single_time: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.single_time < self.clip_samples / SAMPLE_RATE:
            raise ValueError(f"no clip of {self.clip_samples} samples lasts {self.single_time} s")


class HitGroup(NamedTuple):
    """Hits that sound alike, so that any of them can stand for another."""

    hits: list[Float[Tensor, " _hit_time"]]
    embeddings: Float[Tensor, "hit prompt_feature"]
    label: str


def loudest_rms(samples: Float[Tensor, " time"]) -> float:
    """Return the RMS of the loudest 10 ms."""
    blocks = samples.unfold(0, min(len(samples), SAMPLE_RATE // 100), 120)
    return blocks.square().mean(dim=1).max().sqrt().item()


def group_hits(hits: Sequence[Hit], embed: EmbedHits) -> list[HitGroup]:
    """Group hits by label, and by label and recording; hits without a label by recording alone.

    Args:
        hits: hits at 48 kHz.
        embed: returns the prompt embeddings of some hits.

    Returns:
        The groups, ordered by recording and label; each hit is scaled to ``REFERENCE_RMS``.
    """
    embeddings = embed(list(hits))
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, hit in enumerate(hits):
        members[hit.source, hit.label].append(index)
        if hit.label:
            members["", hit.label].append(index)
    rms = [max(loudest_rms(hit.samples), SMALLEST_RMS) for hit in hits]
    scaled = [hit.samples * (REFERENCE_RMS / r) for hit, r in zip(hits, rms, strict=True)]
    return [
        HitGroup([scaled[i] for i in indices], embeddings[indices], label)
        for (_, label), indices in sorted(members.items())
    ]


def random_track(config: MixtureConfig, rng: random.Random) -> OnsetTrack:
    """Draw an onset track: regular, jittered or irregular, with a random mean period."""
    duration = config.clip_samples / SAMPLE_RATE
    if config.single_fraction and rng.random() < config.single_fraction:
        return OnsetTrack((config.single_time,), duration)
    if rng.random() < config.empty_fraction:
        return OnsetTrack((), duration)
    shortest, longest = config.periods
    period = shortest * (longest / shortest) ** rng.random()
    jitter = rng.choice([0.02, 0.3, 0.8])
    even = rng.random() < config.even_fraction
    onsets, time = [], rng.uniform(0, min(1.0, duration / 2))
    while time < duration:
        gain = 1.0 if even else config.softest ** rng.random()
        onsets.append(Onset(time, gain=gain))
        time += max(config.minimum_gap, period * (1 + jitter * rng.uniform(-1, 1)))
    return OnsetTrack.from_onsets(onsets, duration)


def place_hits(
    track: OnsetTrack, hits: Sequence[Float[Tensor, " _hit_time"]], n_samples: int
) -> Float[Tensor, "1 time"]:
    """Add up hits, one per onset: its attack at the onset's time, scaled by the onset's gain.

    Args:
        track: the onsets, within the clip.
        hits: one hit per onset, at 48 kHz; each begins ``LEAD_SECONDS`` before its attack.
        n_samples: length of the clip.

    Returns:
        The clip; what a hit has outside of it is cut off.
    """
    lead = sample_index(LEAD_SECONDS, SAMPLE_RATE)
    clip = torch.zeros(1, n_samples + lead)
    for onset, hit in zip(track, hits, strict=True):
        start = sample_index(onset.time, SAMPLE_RATE)  # the clip begins `lead` samples early
        length = min(len(hit), clip.shape[1] - start)
        clip[0, start : start + length] += onset.gain * hit[:length]
    return clip[:, lead:]


class HitMixtures(Dataset):
    """Random clips as ``DiffusionBatch`` items without the batch axis, accessed by number.

    A clip depends on the seed and its number alone, not on the worker or on earlier clips.

    Args:
        groups: groups of hits to draw from.
        weights: relative probability of each group.
        config: how clips are drawn.
        embed: returns the prompt embeddings of some texts.
        prompts: writes a text prompt for a label.
        seed: seed of the clips.
        length: number of clips; None for a stream without end.
    """

    def __init__(
        self,
        groups: Sequence[HitGroup],
        weights: Sequence[float],
        config: MixtureConfig,
        embed: EmbedTexts,
        prompts: Callable[[str, random.Random], str],
        seed: int,
        length: int | None = None,
    ) -> None:
        self.groups, self.weights, self.config, self.length = groups, weights, config, length
        self.embed, self.prompts, self.seed = embed, prompts, seed

    def __len__(self) -> int:
        if self.length is None:
            raise TypeError("the stream has no end")
        return self.length

    def __getitem__(self, number: int) -> DiffusionBatch:
        if self.length is not None and number >= self.length:
            raise IndexError(number)
        return self.draw(random.Random(f"{self.seed}/{number}"))

    def draw(self, rng: random.Random) -> DiffusionBatch:
        """Draw one clip."""
        [group] = rng.choices(self.groups, self.weights)
        track = random_track(self.config, rng)
        hits = [rng.choice(group.hits) for _ in track]
        if group.label and rng.random() < self.config.text_fraction:
            embedding = self.embed([self.prompts(group.label, rng)])
        else:
            embedding = group.embeddings[rng.randrange(len(group.hits))][None]
        n_samples = self.config.clip_samples
        return DiffusionBatch(
            place_hits(track, hits, n_samples), track.impulses(SAMPLE_RATE, n_samples), embedding
        )
