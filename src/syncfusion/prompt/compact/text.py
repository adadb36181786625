"""The text half of the compact prompt encoder: known words, and character n-grams of others."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.constants import PROMPT_FEATURES
from syncfusion.prompt.vocabulary import CONCEPTS, Reading, read_prompt

NGRAM_SIZES = (2, 3, 4)  # characters; short n-grams survive a spelling mistake
WORD_FEATURES, HIDDEN_FEATURES, BUCKETS = 64, 256, 4096


class TextBatch(NamedTuple):
    """Features of texts: named concepts (0 or 1), and hashed character n-grams of other words.

    The n-grams of all texts follow each other; those of text ``i`` start at ``starts[i]``.
    """

    concepts: Float[Tensor, "batch concept"]
    ngrams: Int[Tensor, " ngram"]
    weights: Float[Tensor, " ngram"]
    starts: Int[Tensor, " batch"]


def text_batch(texts: Sequence[str]) -> TextBatch:
    """Read texts; the order, case and repetition of words do not matter.

    Args:
        texts: prompts of at most 1000 characters.

    Returns:
        Their features.

    Raises:
        InputError: if a text has no words or is too long.
    """
    readings = [read_prompt(text) for text in texts]
    concepts = torch.tensor([[float(c in r.concepts) for c in CONCEPTS] for r in readings])
    rows = [_ngrams(reading) for reading in readings]
    starts = torch.tensor([0, *(len(row) for row in rows)]).cumsum(0)[:-1]
    pairs = [pair for row in rows for pair in row]
    ngrams = torch.tensor([bucket for bucket, _ in pairs], dtype=torch.long)
    return TextBatch(concepts, ngrams, torch.tensor([weight for _, weight in pairs]), starts)


def _ngrams(reading: Reading) -> list[tuple[int, float]]:
    """Return hash bucket and weight of each n-gram; the weights of n words add up to sqrt(n)."""
    words = sorted(set(reading.unknown))
    pairs = []
    for word in words:
        framed = f"<{word}>"
        ngrams = [framed[i : i + n] for n in NGRAM_SIZES for i in range(len(framed) - n + 1)]
        weight = 1 / (len(ngrams) * len(words) ** 0.5)
        pairs += [(zlib.crc32(ngram.encode()) % BUCKETS, weight) for ngram in ngrams]
    return pairs


class TextNet(nn.Module):
    """Sum of word vectors, then a small perceptron onto the unit sphere."""

    def __init__(self) -> None:
        super().__init__()
        self.concepts = nn.Linear(len(CONCEPTS), WORD_FEATURES)
        self.groups = nn.EmbeddingBag(  # of n-grams; the name is part of the file format
            BUCKETS, WORD_FEATURES, mode="sum"
        )
        self.project = nn.Sequential(
            nn.Linear(WORD_FEATURES, HIDDEN_FEATURES),
            nn.GELU(),
            nn.Linear(HIDDEN_FEATURES, PROMPT_FEATURES),
        )
        nn.init.zeros_(self.groups.weight)  # n-grams never trained add nothing

    def forward(self, batch: TextBatch) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per text."""
        spelled = self.groups(batch.ngrams, batch.starts, per_sample_weights=batch.weights)
        return functional.normalize(self.project(self.concepts(batch.concepts) + spelled), dim=-1)
