"""Training of the diffusion model: a thin Lightning wrapper around its loss."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_
from torch.optim.lr_scheduler import OneCycleLR

from syncfusion.diffusion.batch import DiffusionBatch
from syncfusion.diffusion.distillation import Teacher
from syncfusion.diffusion.optimisation import ADVICE, check_schedule, optimisation
from syncfusion.diffusion.perturbation import drawn_noise, example_generators, perturbed_batch
from syncfusion.diffusion.sound_model import SoundModel
from syncfusion.diffusion.vdiffusion import mix, velocity
from syncfusion.errors import InputError
from syncfusion.trainer import VALIDATION_LOSS, check_finite, rank_of


class DiffusionTraining(pl.LightningModule):
    """Velocity regression at random noise levels, with dropout of prompts and onsets.

    What is random in an example depends on the seed, the batch's number and the example's place in
    the batch of all ranks. So a resumed training equals an uninterrupted one, and several ranks
    equal one process with a batch as large as theirs together.

    Args:
        model: the model to train.
        learning_rate: AdamW's learning rate; with the one-cycle schedule, its peak.
        betas: AdamW's betas; the defaults of all its settings are the published ones.
        eps: AdamW's epsilon.
        weight_decay: AdamW's weight decay.
        fused: whether AdamW steps in one kernel, on devices that support it.
        schedule: "constant", or "one-cycle": up over ``warmup_steps``, then cosine to a tenth.
        warmup_steps: steps over which a one-cycle rate rises.
        total_steps: length of a one-cycle schedule, in steps.
        prompt_dropout: fraction of examples with the null prompt in place of theirs, for guidance.
        onset_dropout: fraction of onsets left out.
        onset_jitter_milliseconds: greatest shift of an onset, in either direction.
        level_exponent: power of the uniform numbers that noise levels are in training: above 1 low
            levels are drawn more often. Validation is at uniform levels. Published: 1.
        seed: seed of noise, noise levels, dropout and shifts.

    Attributes:
        metrics: names of what is logged.
        teacher: of ``distillation``, None for none; checkpoints are without it.
    """

    metrics = (VALIDATION_LOSS, "loss/train", "gradient_norm")
    flops_per_batch: int | None = None  # for ``training.throughput``
    teacher: Teacher | None = None

    def __init__(
        self,
        model: SoundModel,
        learning_rate: float = 1e-4,
        betas: Sequence[float] = (0.95, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 1e-3,
        fused: bool = True,
        schedule: str = "constant",
        warmup_steps: int = 100,
        total_steps: int = 10_000,
        prompt_dropout: float = 0.1,
        onset_dropout: float = 0.0,
        onset_jitter_milliseconds: float = 0.0,
        level_exponent: float = 1.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if schedule not in ("constant", "one-cycle"):
            raise InputError(f"training.schedule is constant or one-cycle, not {schedule}")
        if not level_exponent > 0:
            raise InputError(f"training.level_exponent is above 0, not {level_exponent:g}")
        self.save_hyperparameters(ignore="model")
        self.model = model
        self.n_validated = 0  # clips of this validation
        if prompt_dropout == 0:
            model.freeze_null_prompt()

    def loss(
        self,
        batch: DiffusionBatch,
        generators: Sequence[torch.Generator],
        *,
        exponent: float = 1.0,
    ) -> Tensor:
        """Return the mean squared error of the velocity, at random noise levels and noise.

        Args:
            batch: the examples.
            generators: source of each example's noise level and noise.
            exponent: see ``level_exponent``.

        Returns:
            The mean over all examples.
        """
        model, conditions = self.model, batch[1:3]
        clean = model.front_end.encode(batch.waveform)
        uniform, noise = drawn_noise(clean, generators)
        level = uniform.pow(exponent)
        if self.teacher is None:
            aim = velocity(clean, noise, level)
        else:
            null = model.null_prompt(len(clean))
            level, aim = self.teacher.aims(clean, noise, level, uniform, batch, null)
        predicted = model.predict(mix(clean, noise, level), level, *conditions)
        return functional.mse_loss(predicted.float(), aim)

    def perturbed(
        self, batch: DiffusionBatch, generators: Sequence[torch.Generator]
    ) -> DiffusionBatch:
        """Return the batch with some prompts and onsets left out, and onsets shifted.

        Args:
            batch: the examples.
            generators: source of each example's changes.

        Returns:
            A batch of the same shapes.
        """
        null = self.model.null_prompt(len(batch.impulses))
        names = ("prompt_dropout", "onset_dropout", "onset_jitter_milliseconds")
        return perturbed_batch(
            batch, null, generators, **{name: self.hparams[name] for name in names}
        )

    def training_step(self, batch: DiffusionBatch, batch_index: int) -> Tensor:
        """Return the loss of one batch."""
        n_examples = len(batch.waveform)
        place = f"{self.hparams['seed']}/{self.trainer.fit_loop.total_batch_idx}"
        generators = example_generators(place, n_examples, first=self.global_rank * n_examples)
        exponent = self.hparams["level_exponent"]
        loss = self.loss(self.perturbed(batch, generators), generators, exponent=exponent)
        self.log("loss/train", loss, batch_size=n_examples, prog_bar=True, sync_dist=True)
        self.log("learning_rate", self.trainer.optimizers[0].param_groups[0]["lr"])
        return loss

    def on_validation_epoch_start(self) -> None:
        """Begin to count the clips of a validation."""
        self.n_validated = 0

    def validation_step(self, batch: DiffusionBatch, batch_index: int) -> None:
        """Log the loss at the same noise in every validation; ranks take turns in computing it."""
        first, n_examples = self.n_validated, len(batch.waveform)
        self.n_validated += n_examples
        rank, n_ranks = rank_of(self._trainer)  # all read the same batches
        is_own = batch_index % n_ranks == rank
        loss = self.loss(batch, example_generators("", n_examples, first=first)) if is_own else 0.0
        size = n_examples if is_own else 0
        self.log(VALIDATION_LOSS, loss, batch_size=size, prog_bar=True, sync_dist=True)

    def configure_gradient_clipping(
        self,
        optimizer: torch.optim.Optimizer,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        """Clip the gradient's norm, since Lightning's own clipping refuses fused optimisers.

        Args:
            optimizer: the optimiser before its step.
            gradient_clip_val: greatest norm, None for no limit.
            gradient_clip_algorithm: "norm" or "value", as in Lightning; None for "norm".

        Raises:
            InputError: if the gradient is not finite.
        """
        if self.trainer.precision == "16-mixed" or gradient_clip_algorithm == "value":
            self.clip_gradients(optimizer, gradient_clip_val, gradient_clip_algorithm)
            return
        norm = clip_grad_norm_(self.parameters(), gradient_clip_val or math.inf)
        check_finite(norm, "gradient", self.trainer.global_step, ADVICE)
        self.log("gradient_norm", norm)

    def on_train_start(self) -> None:
        """Set the configured learning rate in a resumed run too; check a schedule's length.

        Raises:
            InputError: if a one-cycle schedule ends before the training does.
        """
        schedule = self.lr_schedulers()
        if isinstance(schedule, OneCycleLR):
            check_schedule(schedule, self.trainer.max_steps)
            return
        for group in self.trainer.optimizers[0].param_groups:
            group["lr"] = self.hparams["learning_rate"]

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Refuse to resume from another model's checkpoint.

        Args:
            checkpoint: checkpoint of the run to resume.

        Raises:
            InputError: if its model has another shape.
        """
        same_names = checkpoint["state_dict"].keys() == self.state_dict().keys()
        if not same_names or checkpoint.get("model_config") != asdict(self.model.config):
            raise InputError(
                "the checkpoint to resume from is of another model; choose the model it was "
                "trained with, or another output= for a new run"
            )

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Store the model's configuration beside the weights, so that the file is complete."""
        checkpoint["model_config"] = asdict(self.model.config)

    def configure_optimizers(self) -> dict:
        """Return AdamW and, for "one-cycle", its learning-rate schedule."""
        return optimisation(list(self.parameters()), self.hparams)
