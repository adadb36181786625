"""Augmentation of onset tracks with the errors of a detector or an annotator, for training."""

import random

import torch

from syncfusion.diffusion.types import Impulses
from syncfusion.timing import seeded


def example_generators(place: str, n_examples: int, *, first: int = 0) -> list[torch.Generator]:
    """Return a generator for each example of a batch.

    Args:
        place: the batch, such as its seed and number.
        n_examples: how many.
        first: place of the first example in the batch of all ranks.

    Returns:
        Generators that depend on the place of the batch and that of the example in it.
    """
    numbers = range(first, first + n_examples)
    return [seeded(random.Random(f"{place}/{number}").getrandbits(63)) for number in numbers]


def perturbed_onsets(
    impulses: Impulses, generator: torch.Generator, *, dropout: float, n_samples: int
) -> Impulses:
    """Leave out and shift impulses at random.

    Args:
        impulses: of one example.
        generator: random generator.
        dropout: probability with which each is left out.
        n_samples: greatest shift, in either direction.

    Returns:
        The impulses that are left, where they are now.
    """
    if dropout > 0:
        impulses = drop_onsets(impulses, dropout, generator)
    if n_samples > 0:
        impulses = shift_onsets(impulses, n_samples, generator)
    return impulses


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
