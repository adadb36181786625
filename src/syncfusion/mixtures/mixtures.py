"""Training material for the sound of hits: real hits laid out on new random onset tracks.

A few hundred hits make unlimited clips: those of one group (a label, or a label within one
recording) are drawn anew for every onset of a random track, each at its own gain.
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

REFERENCE_LEVEL = 0.25  # RMS of the loudest 10 ms of a hit at gain 1

EmbedTexts = Callable[[list[str]], Float[Tensor, "batch prompt_feature"]]
EmbedHits = Callable[[list[Hit]], Float[Tensor, "batch prompt_feature"]]


@dataclass(frozen=True, kw_only=True)
class MixtureConfig:
    """How random clips are made.

    Args:
        clip_samples: length of a clip at 48 kHz.
        text_share: share of clips prompted by text rather than by sound, where there is a label.
        even_share: share of clips whose hits all have gain 1.
        empty_share: share of clips without any onset.
        softest: lowest gain of the others.
        periods: seconds between onsets, shortest and longest mean.
        minimum_gap: seconds between any two onsets.
    """

    clip_samples: int = 2**17
    text_share: float = 0.5
    even_share: float = 0.5
    empty_share: float = 0.04
    softest: float = 0.3
    periods: Sequence[float] = (0.2, 1.2)
    minimum_gap: float = 0.12


class Group(NamedTuple):
    """Hits that sound alike enough to stand for one another."""

    hits: list[Float[Tensor, " _hit_time"]]
    embeddings: Float[Tensor, "hit prompt_feature"]
    label: str


def hit_level(samples: Float[Tensor, " time"]) -> float:
    """Return the RMS of the loudest 10 ms."""
    blocks = samples.unfold(0, min(len(samples), SAMPLE_RATE // 100), 120)
    return blocks.square().mean(dim=1).max().sqrt().item()


def group_hits(hits: Sequence[Hit], embed: EmbedHits) -> list[Group]:
    """Group hits by label, and by label and recording; every hit levelled to ``REFERENCE_LEVEL``.

    Hits without a label are grouped by recording alone. Groups come in a fixed order.
    """
    embeddings = embed(list(hits))
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, hit in enumerate(hits):
        members[hit.source, hit.label].append(index)
        if hit.label:
            members["", hit.label].append(index)
    levelled = [hit.samples * (REFERENCE_LEVEL / max(hit_level(hit.samples), 1e-4)) for hit in hits]
    return [
        Group([levelled[i] for i in indices], embeddings[indices], label)
        for (_, label), indices in sorted(members.items())
    ]


def random_track(config: MixtureConfig, chance: random.Random) -> OnsetTrack:
    """Draw an onset track: regular, jittered or irregular, at a random pace."""
    duration = config.clip_samples / SAMPLE_RATE
    if chance.random() < config.empty_share:
        return OnsetTrack((), duration)
    shortest, longest = config.periods
    period = shortest * (longest / shortest) ** chance.random()
    jitter = chance.choice([0.02, 0.3, 0.8])
    even = chance.random() < config.even_share
    onsets, time = [], chance.uniform(0, min(1.0, duration / 2))
    while time < duration:
        gain = 1.0 if even else config.softest ** chance.random()
        onsets.append(Onset(time, gain=gain))
        time += max(config.minimum_gap, period * (1 + jitter * chance.uniform(-1, 1)))
    return OnsetTrack.from_onsets(onsets, duration)


def lay_out(
    track: OnsetTrack, hits: Sequence[Float[Tensor, " _hit_time"]], n_samples: int
) -> Float[Tensor, "1 time"]:
    """Add one hit per onset, its attack on the onset, at the onset's gain."""
    lead = sample_index(LEAD_SECONDS, SAMPLE_RATE)
    clip = torch.zeros(1, n_samples + lead)
    for onset, hit in zip(track, hits, strict=True):
        start = sample_index(onset.time, SAMPLE_RATE)  # the clip begins `lead` samples early
        length = min(len(hit), clip.shape[1] - start)
        clip[0, start : start + length] += onset.gain * hit[:length]
    return clip[:, lead:]


class HitMixtures(Dataset):
    """A stream of ``DiffusionBatch`` items (without the batch axis), each to be had by its number.

    A clip depends on the seed and its number alone, whoever makes it and whatever came before.

    Args:
        groups: what the clips are made of.
        weights: how often each group is drawn, relative to the others.
        config: how clips are made.
        embed: the prompt encoder's texts.
        prompts: writes a text prompt for a label.
        seed: where chance starts.
        length: number of items; None for no end.
    """

    def __init__(
        self,
        groups: Sequence[Group],
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

    def draw(self, chance: random.Random) -> DiffusionBatch:
        """Make one clip."""
        [group] = chance.choices(self.groups, self.weights)
        track = random_track(self.config, chance)
        hits = [chance.choice(group.hits) for _ in track]
        if group.label and chance.random() < self.config.text_share:
            embedding = self.embed([self.prompts(group.label, chance)])
        else:
            embedding = group.embeddings[chance.randrange(len(group.hits))][None]
        n_samples = self.config.clip_samples
        return DiffusionBatch(
            lay_out(track, hits, n_samples), track.impulses(SAMPLE_RATE, n_samples), embedding
        )
