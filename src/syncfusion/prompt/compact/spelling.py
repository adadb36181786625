"""Last part of the training: misspelled words come to mean what was meant, other words nothing."""

import random

import torch
from torch.nn import functional

from syncfusion.prompt.compact.text import TextNet, text_batch
from syncfusion.prompt.labels import FILLERS, misspelled, nonsense
from syncfusion.prompt.vocabulary import KNOWN

PAIRS, RATE = 64, 0.02  # per step; only the letter groups move, so a large step is safe
MEANINGLESS = "sound"  # a prompt of ignored words only
SHARE_MISSPELLED = 0.75


def learn_spelling(net: TextNet, *, steps: int, seed: int) -> None:
    """Fit the vectors of letter groups; those of known words and of sounds stay as they are."""
    chance = random.Random(seed)
    words = sorted(KNOWN)
    optimizer = torch.optim.Adam([net.groups.weight], RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, steps)
    for _ in range(steps):
        written, meant = zip(*(draw_pair(words, chance) for _ in range(PAIRS)), strict=True)
        with torch.no_grad():
            wanted = net(text_batch(meant))
        loss = (1 - functional.cosine_similarity(net(text_batch(written)), wanted)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    net.zero_grad()


def draw_pair(words: list[str], chance: random.Random) -> tuple[str, str]:
    """Return a text with a misspelled or an unknown word, and the same text as it is meant."""
    known = [chance.choice(words)] if chance.random() < 0.4 else []
    if chance.random() < SHARE_MISSPELLED:
        word = chance.choice(words)
        written, meant = [*known, misspelled(word, chance)], [*known, word]
    else:
        filler = chance.choice((chance.choice(FILLERS), nonsense(chance)))
        written, meant = [*known, filler], known or [MEANINGLESS]
    chance.shuffle(written)
    return " ".join(written), " ".join(meant)
