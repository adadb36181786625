"""The text half of the compact prompt encoder: known words, and letter groups for all others."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.constants import PROMPT_FEATURES
from syncfusion.prompt.vocabulary import CONCEPTS, Reading, read_prompt

GROUP_SIZES = (2, 3, 4)  # letters; short groups survive a spelling mistake
WORD_FEATURES, HIDDEN_FEATURES, BUCKETS = 64, 256, 4096


class TextBatch(NamedTuple):
    """Texts as numbers: named concepts (0 or 1), and letter groups of the words left over.

    The groups of all texts lie in a row; those of text ``i`` start at ``starts[i]``.
    """

    concepts: Float[Tensor, "batch concept"]
    groups: Int[Tensor, " group"]
    weights: Float[Tensor, " group"]
    starts: Int[Tensor, " batch"]


def text_batch(texts: Sequence[str]) -> TextBatch:
    """Read texts; the order, case and repetition of words leave no trace.

    Args:
        texts: prompts of at most 1000 characters.

    Returns:
        The texts as numbers.

    Raises:
        InputError: if a text has no words or is too long.
    """
    readings = [read_prompt(text) for text in texts]
    concepts = torch.tensor([[float(c in r.concepts) for c in CONCEPTS] for r in readings])
    rows = [_letter_groups(reading) for reading in readings]
    starts = torch.tensor([0, *(len(row) for row in rows)]).cumsum(0)[:-1]
    pairs = [pair for row in rows for pair in row]
    groups = torch.tensor([group for group, _ in pairs], dtype=torch.long)
    return TextBatch(concepts, groups, torch.tensor([weight for _, weight in pairs]), starts)


def _letter_groups(reading: Reading) -> list[tuple[int, float]]:
    """Return bucket and weight of each letter group; a word weighs 1, many words their root."""
    words = sorted(set(reading.unknown))
    pairs = []
    for word in words:
        framed = f"<{word}>"
        groups = [framed[i : i + n] for n in GROUP_SIZES for i in range(len(framed) - n + 1)]
        weight = 1 / (len(groups) * len(words) ** 0.5)
        pairs += [(zlib.crc32(group.encode()) % BUCKETS, weight) for group in groups]
    return pairs


class TextNet(nn.Module):
    """Sum of word vectors, then a small perceptron onto the unit sphere."""

    def __init__(self) -> None:
        super().__init__()
        self.concepts = nn.Linear(len(CONCEPTS), WORD_FEATURES)
        self.groups = nn.EmbeddingBag(BUCKETS, WORD_FEATURES, mode="sum")
        self.project = nn.Sequential(
            nn.Linear(WORD_FEATURES, HIDDEN_FEATURES),
            nn.GELU(),
            nn.Linear(HIDDEN_FEATURES, PROMPT_FEATURES),
        )
        nn.init.zeros_(self.groups.weight)  # letters never seen in training say nothing

    def forward(self, batch: TextBatch) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per text."""
        spelled = self.groups(batch.groups, batch.starts, per_sample_weights=batch.weights)
        return functional.normalize(self.project(self.concepts(batch.concepts) + spelled), dim=-1)
