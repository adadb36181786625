"""Training of the compact prompt encoder: contrast of texts and sounds, and of sounds among them.

Three things are asked of the space: a text lies where the sounds it describes lie; two recordings
of one object lie together and apart from other objects, also of the same label; and the spectrum
and decay of a hit can be read off its vector.
"""

import logging
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
from syncfusion.prompt.compact.spelling import learn_spelling
from syncfusion.prompt.compact.text import text_batch
from syncfusion.prompt.labels import agreement

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How long and how the encoder is trained; weights are of the parts of the loss."""

    steps: int = 800
    spelling_steps: int = 600
    batch: int = 24
    rate: float = 2e-3
    temperature: float = 0.1
    same_object: float = 0.3  # how much a hit of the same recording and label counts as the same
    match_weight: float = 1.0
    sound_weight: float = 0.5
    text_weight: float = 0.5
    align_weight: float = 0.5
    recover_weight: float = 1.0


class Recovery(nn.Module):
    """Reads mean log-mel spectra of a hit off its vector, stretch by stretch; for training."""

    def __init__(self) -> None:
        super().__init__()
        self.stretches = len(DECAY_FRAMES) - 1
        self.read = nn.Sequential(
            nn.Linear(PROMPT_FEATURES, 256), nn.GELU(), nn.Linear(256, MELS * self.stretches)
        )

    def forward(self, vectors: Float[Tensor, "batch 512"]) -> Float[Tensor, "batch mel stretch"]:
        """Return the spectra, on the scale of ``log_mel``."""
        return self.read(vectors * PROMPT_FEATURES**0.5).unflatten(-1, (MELS, self.stretches))


def contrast(
    similarity: Float[Tensor, "row column"],
    positives: Float[Tensor, "row column"],
    negatives: Bool[Tensor, "row column"],
) -> Float[Tensor, ""]:
    """Return the supervised InfoNCE loss of rows against columns.

    Args:
        similarity: cosine over temperature.
        positives: weight of each pair that belongs together, 0 elsewhere; rows of 0 are skipped.
        negatives: the pairs to push apart.

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
    """Return weights of pairs of views: 1 for one hit, less for one object; and all other pairs."""
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
        torch.manual_seed(seed)  # the first weights; all else draws from the sampler
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
