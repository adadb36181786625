"""What is drawn for training examples: noise, a detector's errors in onsets, prompts left out."""

import random
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion.batch import DiffusionBatch
from syncfusion.diffusion.types import Impulses, PromptEmbedding, Signal
from syncfusion.timing import sample_index, seeded


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


def drawn_noise(
    clean: Signal, generators: Sequence[torch.Generator]
) -> tuple[Float[Tensor, " batch"], Signal]:
    """Draw a number from 0 to 1 and noise for each example of a batch.

    Args:
        clean: signals, of whose shape the noise is.
        generators: source of each example's.

    Returns:
        The numbers, of which noise levels are made, and white noise.
    """
    uniform = torch.cat([torch.rand(1, generator=each) for each in generators])
    drawn = [torch.randn(clean.shape[1:], generator=each) for each in generators]
    return uniform.to(clean), torch.stack(drawn).to(clean)


def perturbed_batch(
    batch: DiffusionBatch,
    null: PromptEmbedding,
    generators: Sequence[torch.Generator],
    *,
    prompt_dropout: float,
    onset_dropout: float,
    onset_jitter_milliseconds: float,
) -> DiffusionBatch:
    """Leave out prompts and onsets of a batch at random, and shift onsets.

    Args:
        batch: the examples.
        null: the null prompt, for each of them.
        generators: source of each example's changes.
        prompt_dropout: probability of the null prompt in place of the example's.
        onset_dropout: probability with which each onset is left out.
        onset_jitter_milliseconds: greatest shift of an onset, in either direction.

    Returns:
        A batch of the same shapes.
    """
    n_samples = sample_index(onset_jitter_milliseconds / 1000, SAMPLE_RATE)
    impulses = perturbed_onsets(
        batch.impulses, generators, dropout=onset_dropout, n_samples=n_samples
    )
    embedding = dropped_prompts(batch.embedding, null, generators, prompt_dropout)
    return batch._replace(impulses=impulses, embedding=embedding)


def perturbed_onsets(
    impulses: Impulses,
    generators: Sequence[torch.Generator],
    *,
    dropout: float,
    n_samples: int,
) -> Impulses:
    """Leave out and shift impulses at random.

    Args:
        impulses: of a batch.
        generators: source of each example's changes.
        dropout: probability with which each impulse is left out.
        n_samples: greatest shift, in either direction.

    Returns:
        The impulses that are left, where they are now.
    """
    tracks = []
    for track, generator in zip(impulses.split(1), generators, strict=True):
        if dropout > 0:
            track = drop_onsets(track, dropout, generator)
        if n_samples > 0:
            track = shift_onsets(track, n_samples, generator)
        tracks.append(track)
    return torch.cat(tracks)


def dropped_prompts(
    embedding: PromptEmbedding,
    null: PromptEmbedding,
    generators: Sequence[torch.Generator],
    probability: float,
) -> PromptEmbedding:
    """Put the null prompt in the place of some prompts, as guidance needs it trained.

    Args:
        embedding: of a batch.
        null: as many null prompts.
        generators: source of each example's choice.
        probability: with which a prompt is replaced.

    Returns:
        The prompts that are left, and the null prompt in the place of the others.
    """
    drawn = torch.cat([torch.rand(1, 1, 1, generator=each) for each in generators])
    return torch.where((drawn < probability).to(embedding.device), null, embedding)


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
