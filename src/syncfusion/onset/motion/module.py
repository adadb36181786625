"""The detector that reads motion as a LightningModule."""

from dataclasses import asdict

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.optim import AdamW

from syncfusion.errors import InputError
from syncfusion.onset.decode import Decoding
from syncfusion.onset.loss import onset_loss
from syncfusion.onset.metrics import VALIDATION_SCORES, event_scores
from syncfusion.onset.motion.clips import MotionClip
from syncfusion.onset.motion.curve import curve_of
from syncfusion.onset.motion.inputs import MotionInput
from syncfusion.onset.motion.net import MOTION_NET_KEY, MotionNetConfig, MotionOnsetNet
from syncfusion.onset.motion.segments import MotionBatch
from syncfusion.onset.schedule import check_schedule, one_cycle

WARM_UP = 0.2  # fraction of the schedule's steps


class MotionModule(pl.LightningModule):
    """All nets of the detector, trained side by side, each on segments of its own.

    Args:
        net: shape of the nets.
        decoding: peak picking in validation.
        positive_weight: weight of an onset frame in the loss, see ``loss.onset_loss``.
        learning_rate: peak of the one-cycle schedule of the feature nets.
        grid_learning_rate: likewise of the grid nets.
        weight_decay: of AdamW.

    Attributes:
        metrics: names of what is logged.
    """

    metrics = (*VALIDATION_SCORES, "loss/train")

    def __init__(
        self,
        net: MotionNetConfig,
        decoding: Decoding,
        positive_weight: float = 4.0,
        learning_rate: float = 3e-3,
        grid_learning_rate: float = 2e-3,
        weight_decay: float = 5e-2,
    ) -> None:
        super().__init__()
        self.model = MotionOnsetNet(net)
        self.decoding = decoding
        self.positive_weight = positive_weight
        self.rates = (learning_rate, grid_learning_rate)
        self.weight_decay = weight_decay

    def on_train_start(self) -> None:
        """Check the length of a resumed run's schedule."""
        check_schedule(self)

    def training_step(self, batch: MotionBatch, batch_idx: int) -> Tensor:
        """Return the sum of the nets' losses."""
        nothing, losses = torch.empty(0), []
        for net, (features, scale, targets) in zip(
            self.model.features, batch.features, strict=True
        ):
            losses.append(self._loss(net(MotionInput(features, scale, nothing)), targets))
        for net, (cells, targets) in zip(self.model.grids, batch.grids, strict=True):
            losses.append(self._loss(net(MotionInput(nothing, nothing, cells)), targets))
        loss = torch.stack(losses)
        shown = {"prog_bar": True, "batch_size": len(losses), "sync_dist": True}
        self.log("loss/train", loss.mean(), **shown)
        return loss.sum()

    def _loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        return onset_loss(logits, targets, positive_weight=self.positive_weight)

    def validation_step(self, clip: MotionClip | None, batch_idx: int) -> None:
        """Log precision, recall and F of a whole clip, decoded as in the product.

        Args:
            clip: None where the other ranks have one clip more than this one.
            batch_idx: its number.
        """
        if clip is None:
            return
        curve = curve_of(self.model, clip.inputs, clip.times, clip.duration)
        scores = event_scores(clip.track, curve.onsets(self.decoding))._asdict()
        logged = {f"val/{name}": score for name, score in scores.items()}
        self.log_dict(logged, batch_size=1, sync_dist=True)

    def configure_optimizers(self) -> dict:
        """Return AdamW and one cycle over the whole training."""
        parts = [
            {"params": list(nets.parameters()), "lr": rate}
            for nets, rate in zip((self.model.features, self.model.grids), self.rates, strict=True)
            if len(nets)
        ]
        optimizer = AdamW(parts, weight_decay=self.weight_decay)
        return one_cycle(self, optimizer, [part["lr"] for part in parts], WARM_UP)

    def on_load_checkpoint(self, checkpoint: dict) -> None:
        """Check that the checkpoint to resume from holds the same nets.

        Args:
            checkpoint: of the run to resume.

        Raises:
            InputError: if they have another shape.
        """
        stored = MotionNetConfig(**checkpoint.get(MOTION_NET_KEY, {}))
        if stored != self.model.config:
            raise InputError(
                f"the checkpoint to resume from holds {stored}; set model.net as it was trained"
            )

    def on_save_checkpoint(self, checkpoint: dict) -> None:
        """Store the shape of the nets, so that a checkpoint can be used by itself."""
        checkpoint[MOTION_NET_KEY] = asdict(self.model.config)
