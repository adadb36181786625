"""Augmentation of onset tracks with the errors of a detector or an annotator, for training."""

import torch

from syncfusion.diffusion.types import Impulses


def drop_onsets(impulses: Impulses, probability: float, generator: torch.Generator) -> Impulses:
    """Set each impulse to 0 with some probability."""
    places = impulses.nonzero(as_tuple=True)
    kept = torch.rand(len(places[0]), generator=generator) >= probability
    return impulses.index_put(places, impulses[places] * kept.to(impulses))


def shift_onsets(impulses: Impulses, n_samples: int, generator: torch.Generator) -> Impulses:
    """Move each impulse by at most ``n_samples`` in either direction, within the clip.

    Where two impulses meet in one sample, the louder one stays.
    """
    example, channel, place = impulses.nonzero(as_tuple=True)
    shift = torch.randint(-n_samples, n_samples + 1, place.shape, generator=generator).to(place)
    length = impulses.shape[2]
    moved = example * length + (place + shift).clamp(0, length - 1)
    flat = torch.zeros_like(impulses).flatten()
    heights = impulses[example, channel, place]
    return flat.scatter_reduce(0, moved, heights, "amax").view_as(impulses)
