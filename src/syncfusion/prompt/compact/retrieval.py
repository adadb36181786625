"""Metrics of a prompt encoder: how often texts and sounds find what belongs to them."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.prompt.labels import UNSAID, label_tensor, parse_label


class Retrieval(NamedTuple):
    """A retrieval rate beside its baselines.

    Args:
        rate: how often the nearest one is right, 0 to 1.
        chance: the same of guessing.
        majority: the same of always giving the most frequent answer (majority baseline).
        count: how many sounds.
    """

    rate: float
    chance: float
    majority: float
    count: int

    def __str__(self) -> str:
        """Return all four as one line of text."""
        return (
            f"{self.rate:.3f} (chance {self.chance:.3f}, majority "
            f"{self.majority:.3f}, n = {self.count})"
        )


def label_retrieval(
    sounds: Float[Tensor, "sound 512"],
    names: Float[Tensor, "name 512"],
    reference: Int[Tensor, " sound"],
) -> Retrieval:
    """Return how often the nearest of the names that occur is the reference.

    Chance is one over the number of names that occur; sounds with reference -1 are left out.
    """
    kept = reference != UNSAID
    if not kept.any():
        return Retrieval(0.0, 0.0, 0.0, 0)
    present, counts = reference[kept].unique(return_counts=True)
    nearest = present[(sounds[kept] @ names[present].T).argmax(1)]
    n_sounds = int(kept.sum())
    return Retrieval(
        _mean(nearest == reference[kept]),
        1 / len(present),
        counts.max().item() / n_sounds,
        n_sounds,
    )


def same_recording(sounds: Float[Tensor, "sound 512"], sources: Sequence[str]) -> Retrieval:
    """Return how often the nearest other sound is of the same recording."""
    places = sorted(set(sources))
    source = torch.tensor([places.index(name) for name in sources])
    similarity = (sounds @ sounds.T).fill_diagonal_(-2)
    same = source[:, None] == source[None]
    chance = (same.sum(1) - 1) / max(1, len(sources) - 1)
    rate = _mean(same[range(len(same)), similarity.argmax(1)])
    return Retrieval(rate, _mean(chance), source.bincount().max().item() / len(same), len(same))


def references(labels: Sequence[str]) -> tuple[Int[Tensor, " sound"], Int[Tensor, " sound"]]:
    """Return the index of each label's material and action, -1 where the label has none."""
    material, action = label_tensor([parse_label(label) for label in labels]).unbind(1)
    return material, action


def retrieval_metrics(
    sounds: Float[Tensor, "sound 512"],
    labels: Sequence[str],
    sources: Sequence[str],
    materials: Float[Tensor, "material 512"],
    actions: Float[Tensor, "action 512"],
) -> dict[str, Retrieval]:
    """Return all rates, for sounds that were not trained on.

    Args:
        sounds: their vectors.
        labels: what each is, for example "metal hit".
        sources: the recording each is from.
        materials: vectors of the texts ``MATERIALS``.
        actions: vectors of the texts ``ACTIONS``.

    Returns:
        Rates by name.
    """
    material, action = references(labels)
    return {
        f"material of {len(MATERIALS)}, those present": label_retrieval(
            sounds, materials, material
        ),
        f"action of {len(ACTIONS)}": label_retrieval(sounds, actions, action),
        "nearest sound is of the same recording": same_recording(sounds, sources),
    }


def _mean(values: Tensor) -> float:
    return values.double().mean().item() if len(values) else 0.0
