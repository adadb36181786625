"""Throughput of a training: clips per second, and the fraction of the device's peak used."""

from copy import deepcopy
from typing import Any, cast

import pytorch_lightning as pl
import torch
from lightning_fabric.utilities.throughput import measure_flops
from pytorch_lightning.callbacks import ThroughputMonitor

from syncfusion.diffusion import DiffusionBatch, DiffusionTraining


class Throughput(ThroughputMonitor):
    """Logs clips per second as ``train/device/samples_per_sec``.

    Where Lightning knows the device's peak, in the precision of the training, the fraction that is
    used is logged too, as ``train/device/mfu``.

    Args:
        window_size: batches that are averaged over.
    """

    def __init__(self, window_size: int = 50) -> None:
        super().__init__(batch_size_fn=_n_clips, window_size=window_size, separator="/")

    def on_train_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Count the operations of the first batch, where there is a peak to compare them with."""
        training = cast("DiffusionTraining", pl_module)
        if self.available_flops and training.flops_per_batch is None:
            training.flops_per_batch = count_flops(training, batch)


def count_flops(training: DiffusionTraining, batch: DiffusionBatch) -> int:
    """Count the floating-point operations of a training step, forward and backward.

    Args:
        training: left as it is.
        batch: of the usual size.

    Returns:
        The count; what gradient checkpointing computes twice counts once.
    """
    model = deepcopy(training.model).to("meta")
    waveform, impulses, embedding = (part.to("meta") for part in batch[:3])
    level = torch.zeros(len(waveform), device="meta")

    def predicted() -> torch.Tensor:
        noisy = model.front_end.encode(waveform)
        return model.predict(noisy, level, impulses, embedding)

    return measure_flops(model, predicted, torch.Tensor.sum)


def _n_clips(batch: DiffusionBatch) -> int:
    return len(batch.waveform)
