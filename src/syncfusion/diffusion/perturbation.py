"""Onset tracks made a little worse, so that training meets what a detector and a hand give."""

import torch
from jaxtyping import Float
from torch import Tensor

Impulses = Float[Tensor, "batch 1 time"]


def drop_onsets(impulses: Impulses, share: float, chance: torch.Generator) -> Impulses:
    """Silence single impulses, each with a probability of ``share``."""
    places = impulses.nonzero(as_tuple=True)
    kept = torch.rand(len(places[0]), generator=chance) >= share
    return impulses.index_put(places, impulses[places] * kept.to(impulses))


def shift_onsets(impulses: Impulses, n_samples: int, chance: torch.Generator) -> Impulses:
    """Move each impulse by up to ``n_samples`` either way, not past the ends.

    Of two that meet in one sample the louder stays.
    """
    example, channel, place = impulses.nonzero(as_tuple=True)
    shift = torch.randint(-n_samples, n_samples + 1, place.shape, generator=chance).to(place)
    length = impulses.shape[2]
    moved = example * length + (place + shift).clamp(0, length - 1)
    flat = torch.zeros_like(impulses).flatten()
    heights = impulses[example, channel, place]
    return flat.scatter_reduce(0, moved, heights, "amax").view_as(impulses)
