"""Training of the compact prompt encoder: contrast between texts and sounds, and between sounds.

The losses have three aims: a text is near the sounds it describes; two recordings of one object
are near each other and far from other objects, even of the same label; the spectrum and decay of
a hit can be computed from its vector.
"""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.constants import PROMPT_FEATURES
from syncfusion.prompt.compact.batches import DECAY_FRAMES, Batch, LabelledSound, Sampler
from syncfusion.prompt.compact.encoder import CompactPromptEncoder
from syncfusion.prompt.compact.sound import MELS, log_mel
from syncfusion.prompt.compact.text import TextNet, text_batch
from syncfusion.prompt.labels import FILLERS, agreement, misspelled, nonsense
from syncfusion.prompt.vocabulary import KNOWN

log = logging.getLogger(__name__)

SPELLING_PAIRS, SPELLING_RATE = (
    64,
    0.02,
)  # per step; only n-gram vectors change, so a large rate is safe
MEANINGLESS = "sound"  # a prompt of ignored words only
FRACTION_MISSPELLED = 0.75


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Length, rates and loss weights of the training.

    Args:
        steps: of the whole encoder.
        spelling_steps: of the n-gram vectors alone, afterwards.
        batch: hits in a batch; each has two views.
        rate: highest learning rate.
        temperature: of the contrastive losses.
        same_object: weight, 0 to 1, of a hit of the same recording and label as a positive.
        match_weight: of the contrast of texts and sounds.
        sound_weight: of the contrast of sounds.
        text_weight: of the contrast of texts.
        align_weight: of the distance of matching texts and sounds.
        recover_weight: of the spectra computed from vectors.
    """

    steps: int = 800
    spelling_steps: int = 600
    batch: int = 24
    rate: float = 2e-3
    temperature: float = 0.1
    same_object: float = 0.3
    match_weight: float = 1.0
    sound_weight: float = 0.5
    text_weight: float = 0.5
    align_weight: float = 0.5
    recover_weight: float = 1.0


class Recovery(nn.Module):
    """Computes mean log-mel spectra of a hit, segment by segment, from its vector; for training."""

    def __init__(self) -> None:
        super().__init__()
        self.n_segments = len(DECAY_FRAMES) - 1
        self.read = nn.Sequential(
            nn.Linear(PROMPT_FEATURES, 256), nn.GELU(), nn.Linear(256, MELS * self.n_segments)
        )

    def forward(self, vectors: Float[Tensor, "batch 512"]) -> Float[Tensor, "batch mel segment"]:
        """Return the spectra, on the scale of ``log_mel``."""
        return self.read(vectors * PROMPT_FEATURES**0.5).unflatten(-1, (MELS, self.n_segments))


def contrast(
    similarity: Float[Tensor, "row column"],
    positives: Float[Tensor, "row column"],
    negatives: Bool[Tensor, "row column"],
) -> Float[Tensor, ""]:
    """Return the supervised InfoNCE loss of rows against columns.

    Args:
        similarity: cosine over temperature.
        positives: weight of each pair that belongs together, 0 elsewhere; rows of 0 are skipped.
        negatives: the pairs whose similarity is lowered.

    Returns:
        The mean over rows.

    Source: Khosla et al., Supervised Contrastive Learning, NeurIPS 2020, eq. 2.
    """
    counted = negatives | (positives > 0)
    pushed = similarity.masked_fill(~counted, -1e4).logsumexp(1, keepdim=True)
    weights = positives / positives.sum(1, keepdim=True).clamp(min=1e-6)
    losses = -(weights * (similarity - pushed)).sum(1)
    rows = positives.sum(1) > 0
    return (losses * rows).sum() / rows.sum().clamp(min=1)


def losses(
    encoder: CompactPromptEncoder, recovery: Recovery, batch: Batch, config: TrainingConfig
) -> dict[str, Float[Tensor, ""]]:
    """Return the parts of the loss by name, unweighted."""
    sounds = encoder.sound(log_mel(batch.views, encoder.transform))
    texts = encoder.text(text_batch(batch.texts))
    labels = batch.labels.repeat(2, 1)
    fits, clashes = agreement(batch.text_labels, labels)
    similarity = texts @ sounds.T
    warm = similarity / config.temperature
    same, other = _same_objects(batch.objects, config.same_object)
    text_fits, text_clashes = agreement(batch.text_labels, batch.text_labels)
    text_fits = text_fits & text_fits.T
    spectra = batch.spectra.repeat(2, 1, 1)
    return {
        "match": contrast(warm, fits.float(), clashes)
        + contrast(warm.T, fits.T.float(), clashes.T),
        "sound": contrast(sounds @ sounds.T / config.temperature, same, other),
        "text": contrast(texts @ texts.T / config.temperature, text_fits.float(), text_clashes),
        "align": (1 - similarity[fits]).mean() if fits.any() else similarity.sum() * 0,
        "recover": functional.l1_loss(recovery(sounds), spectra),
    }


def _same_objects(
    objects: Int[Tensor, " batch"], weight: float
) -> tuple[Float[Tensor, "views views"], Bool[Tensor, "views views"]]:
    """Return weights of pairs of views (1 within a hit, less within an object), and other pairs."""
    one_object = (objects[:, None] == objects[None]).float().repeat(2, 2)
    one_hit = torch.eye(len(objects)).repeat(2, 2)
    same = torch.maximum(one_hit, weight * one_object)
    same.fill_diagonal_(0)
    return same, one_object == 0


def train(
    sounds: Sequence[LabelledSound], config: TrainingConfig, *, seed: int
) -> CompactPromptEncoder:
    """Train an encoder; the same seed gives the same weights on the same machine."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # initial weights; everything else is drawn by the sampler
        encoder, recovery = CompactPromptEncoder(), Recovery()
    sampler = Sampler(sounds, seed)
    nets = nn.ModuleList((encoder.text, encoder.sound, recovery)).train()
    optimizer = torch.optim.AdamW(nets.parameters(), config.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, config.rate, config.steps)
    for step in range(config.steps):
        parts = losses(encoder, recovery, sampler.draw(config.batch), config)
        total = sum(getattr(config, f"{name}_weight") * part for name, part in parts.items())
        optimizer.zero_grad()
        torch.as_tensor(total).backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == config.steps - 1:
            log.info("step %d: %s", step, _shown(parts))
    nets.eval()
    learn_spelling(encoder.text, steps=config.spelling_steps, seed=seed)
    return encoder


def _shown(parts: dict[str, Float[Tensor, ""]]) -> str:
    return "  ".join(f"{name} {part.item():.3f}" for name, part in parts.items())


def learn_spelling(net: TextNet, *, steps: int, seed: int) -> None:
    """Fit the vectors of character n-grams; those of known words and of sounds do not change.

    Misspelled words get the vector of the right word, other words add nothing.
    """
    rng = random.Random(seed)
    words = sorted(KNOWN)
    optimizer = torch.optim.Adam([net.groups.weight], SPELLING_RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, steps)
    for _ in range(steps):
        written, meant = zip(*(draw_pair(words, rng) for _ in range(SPELLING_PAIRS)), strict=True)
        with torch.no_grad():
            target = net(text_batch(meant))
        loss = (1 - functional.cosine_similarity(net(text_batch(written)), target)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    net.zero_grad()


def draw_pair(words: list[str], rng: random.Random) -> tuple[str, str]:
    """Return a text with a misspelled or an unknown word, and the text that it stands for."""
    known = [rng.choice(words)] if rng.random() < 0.4 else []
    if rng.random() < FRACTION_MISSPELLED:
        word = rng.choice(words)
        written, meant = [*known, misspelled(word, rng)], [*known, word]
    else:
        filler = rng.choice((rng.choice(FILLERS), nonsense(rng)))
        written, meant = [*known, filler], known or [MEANINGLESS]
    rng.shuffle(written)
    return " ".join(written), " ".join(meant)
