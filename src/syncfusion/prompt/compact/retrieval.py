"""How well a prompt encoder's texts find the sounds they name, and sounds their own recording."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.prompt.labels import UNSAID, label_tensor, parse_label


class Retrieval(NamedTuple):
    """A rate (0 to 1), that of guessing, of the best constant answer, and how many sounds."""

    rate: float
    chance: float
    majority: float
    count: int

    def __str__(self) -> str:
        """Return all four as a line for people."""
        return (
            f"{self.rate:.3f} (chance {self.chance:.3f}, always the commonest "
            f"{self.majority:.3f}, n = {self.count})"
        )


def label_retrieval(
    sounds: Float[Tensor, "sound 512"],
    names: Float[Tensor, "name 512"],
    truth: Int[Tensor, " sound"],
) -> Retrieval:
    """Return how often the nearest name is the true one, among the names that occur.

    Chance is one over the number of names that occur; sounds with truth -1 are left out.
    """
    kept = truth != UNSAID
    if not kept.any():
        return Retrieval(0.0, 0.0, 0.0, 0)
    present, counts = truth[kept].unique(return_counts=True)
    nearest = present[(sounds[kept] @ names[present].T).argmax(1)]
    n_sounds = int(kept.sum())
    return Retrieval(
        _mean(nearest == truth[kept]), 1 / len(present), counts.max().item() / n_sounds, n_sounds
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


def truths(labels: Sequence[str]) -> tuple[Int[Tensor, " sound"], Int[Tensor, " sound"]]:
    """Return the position of each label's material and action, -1 where it does not say."""
    material, action = label_tensor([parse_label(label) for label in labels]).unbind(1)
    return material, action


def figures(
    sounds: Float[Tensor, "sound 512"],
    labels: Sequence[str],
    sources: Sequence[str],
    materials: Float[Tensor, "material 512"],
    actions: Float[Tensor, "action 512"],
) -> dict[str, Retrieval]:
    """Return all rates for sounds that the encoder has not seen.

    Args:
        sounds: their vectors.
        labels: what each is, for example "metal hit".
        sources: the recording each is from.
        materials: vectors of the texts ``MATERIALS``.
        actions: vectors of the texts ``ACTIONS``.

    Returns:
        Rates by what they say.
    """
    material, action = truths(labels)
    return {
        f"material of {len(MATERIALS)}, those present": label_retrieval(
            sounds, materials, material
        ),
        f"action of {len(ACTIONS)}": label_retrieval(sounds, actions, action),
        "nearest sound is of the same recording": same_recording(sounds, sources),
    }


def _mean(values: Tensor) -> float:
    return values.double().mean().item() if len(values) else 0.0
