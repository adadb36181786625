"""Training of the diffusion model: a thin Lightning wrapper around its loss."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import pytorch_lightning as pl
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.diffusion.sound_model import SoundModel
from syncfusion.diffusion.vdiffusion import mix, velocity


class DiffusionBatch(NamedTuple):
    """What one training step sees; 48 kHz. The last three are for people: loggers, file names."""

    waveform: Float[Tensor, "batch 1 time"]
    impulses: Float[Tensor, "batch 1 time"]
    embedding: Float[Tensor, "batch 1 prompt_feature"]
    names: Sequence[str] = ()  # the recording each example is from
    texts: Sequence[str] = ()  # the text each is prompted by, "" where it is a sound
    references: Sequence[Float[Tensor, "1 _reference_time"]] = ()  # or the sound, empty where text


class DiffusionTraining(pl.LightningModule):
    """Velocity regression at uniform noise levels, now and then without the prompt.

    Args:
        model: what is trained.
        learning_rate: peak rate of AdamW, reached after ``warmup_steps``, then cosine to a tenth.
        betas: AdamW's; the published values by default.
        weight_decay: AdamW's.
        prompt_dropout: share of examples that see the null prompt; trains guidance.
        warmup_steps: steps over which the rate rises.
        total_steps: steps over which it falls again.
    """

    def __init__(
        self,
        model: SoundModel,
        learning_rate: float = 1e-4,
        betas: Sequence[float] = (0.95, 0.999),
        weight_decay: float = 1e-3,
        prompt_dropout: float = 0.1,
        warmup_steps: int = 100,
        total_steps: int = 10_000,
    ) -> None:
        super().__init__()
        self.save_hyperparameters(ignore="model")
        self.model = model

    def loss(self, batch: DiffusionBatch, generator: torch.Generator | None = None) -> Tensor:
        """Return the mean squared error of the velocity, at random levels and noise."""
        model, n_examples = self.model, len(batch.waveform)
        clean = model.front_end.encode(batch.waveform)
        level = torch.rand(n_examples, generator=generator).to(clean)
        noise = torch.randn(clean.shape, generator=generator).to(clean)
        dropped = torch.rand(n_examples, 1, 1, generator=generator) < self.hparams["prompt_dropout"]
        null = model.null_prompt(n_examples)
        prompt = torch.where(dropped.to(clean.device), null, batch.embedding)
        predicted = model.predict(mix(clean, noise, level), level, batch.impulses, prompt)
        return functional.mse_loss(predicted.float(), velocity(clean, noise, level))

    def training_step(self, batch: DiffusionBatch, batch_index: int) -> Tensor:
        """Return the loss of one batch."""
        loss = self.loss(batch)
        self.log("loss/train", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: DiffusionBatch, batch_index: int) -> None:
        """Log the loss at the same levels and noise every time."""
        loss = self.loss(batch, torch.Generator().manual_seed(batch_index))
        self.log("loss/val", loss, batch_size=len(batch.waveform), prog_bar=True)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep the architecture beside the weights, so that the file can be loaded alone."""
        checkpoint["model_config"] = asdict(self.model.config)

    def configure_optimizers(self) -> dict:
        """Return AdamW under a warm-up and cosine schedule."""
        settings = self.hparams
        optimizer = torch.optim.AdamW(
            self.parameters(),
            lr=settings["learning_rate"],
            betas=tuple(settings["betas"]),
            weight_decay=settings["weight_decay"],
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            settings["learning_rate"],
            total_steps=settings["total_steps"] + 1,
            pct_start=min(0.3, settings["warmup_steps"] / settings["total_steps"]),
            cycle_momentum=False,
            div_factor=10,
            final_div_factor=1,
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}
