"""The onset net as a LightningModule."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, cast

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.nn.utils import convert_conv3d_weight_memory_format
from torch.optim import AdamW
from torchmetrics import CatMetric

from syncfusion.errors import InputError
from syncfusion.onset.data import Clip, FrameSize, OnsetBatch
from syncfusion.onset.decode import Decoding, decode_onsets
from syncfusion.onset.detect import SlidingWindow, normalised, onset_probabilities
from syncfusion.onset.loss import PositiveWeight, balanced_weight, logits_of, onset_loss
from syncfusion.onset.metrics import VALIDATION_SCORES, event_scores, frame_labels
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.onset.schedule import check_schedule, one_cycle
from syncfusion.trainer import VALIDATION_LOSS

NET_KEY = "onset_net"  # checkpoint key of the fields of OnsetNetConfig
FRAME_SIZE_KEY = "frame_size"  # checkpoint key of the size of the training frames
WARM_UP = 0.15  # fraction of a one-cycle schedule's steps


def check_same_net(stored: Mapping | None, config: OnsetNetConfig, source: str) -> None:
    """Check that stored weights have the shape of a net.

    Args:
        stored: fields of ``OnsetNetConfig`` of the weights; None for the published shape.
        config: shape of the net that the weights are for.
        source: name of what holds the weights, for the message.

    Raises:
        InputError: naming the fields that differ.
    """
    theirs, ours = asdict(OnsetNetConfig(**(stored or {}))), asdict(config)
    differing = [
        f"{name} {theirs[name]}, not {ours[name]}" for name in ours if theirs[name] != ours[name]
    ]
    if differing:
        raise InputError(
            f"{source} holds a net with {', '.join(differing)}; set model.net as it was trained"
        )


class OnsetModule(pl.LightningModule):
    """The onset net, its loss and its optimiser.

    Args:
        net: shape of the net.
        decoding: peak picking in validation.
        sliding_window: how validation applies the net to whole clips.
        positive_weight: weight of an onset frame in the loss, see ``onset_loss``.
        learning_rate: of AdamW.
        betas: of AdamW.
        eps: of AdamW.
        weight_decay: of AdamW.
        schedule: "constant", or "one-cycle" over the whole training: the learning rate peaks at
            ``learning_rate`` while the momentum falls and rises again.
        frame_size: pixels of the frames, stored in the checkpoint; the command takes it from
            ``data.frame_size``.
        pretrained: initial weights, see ``VideoOnsetNet``.

    Attributes:
        metrics: names of what is logged.
    """

    metrics = (VALIDATION_LOSS, *VALIDATION_SCORES, "loss/train")

    def __init__(
        self,
        net: OnsetNetConfig,
        decoding: Decoding,
        sliding_window: SlidingWindow,
        positive_weight: PositiveWeight = "balanced",
        learning_rate: float = 1e-4,
        betas: tuple[float, float] = (0.95, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 1e-3,
        schedule: Literal["constant", "one-cycle"] = "constant",
        frame_size: FrameSize | None = None,
        pretrained: bool | Path = False,
    ) -> None:
        super().__init__()
        self.model = VideoOnsetNet(net, pretrained=pretrained)
        convert_conv3d_weight_memory_format(self.model, torch.channels_last_3d)  # faster on CPUs
        self.decoding = decoding
        self.sliding_window = sliding_window
        self.positive_weight: PositiveWeight = positive_weight
        self.adam: dict[str, Any] = {
            "lr": learning_rate,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
        }
        self.schedule = schedule
        self.frame_size = frame_size
        self.probabilities = CatMetric(nan_strategy="disable")  # of the whole split, all ranks
        self.labels = CatMetric()

    def on_train_start(self) -> None:
        """Set the configured learning rate in a resumed run too; check a schedule's length."""
        check_schedule(self)
        if self.lr_schedulers() is None:
            for group in self.trainer.optimizers[0].param_groups:
                group["lr"] = self.adam["lr"]

    def training_step(self, batch: OnsetBatch, batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        self.log("learning_rate", self.trainer.optimizers[0].param_groups[0]["lr"])
        logits = self.model(normalised(batch.frames))
        weight = self.positive_weight
        if weight == "balanced":  # over the batches of all ranks
            weight = balanced_weight(cast("Tensor", self.all_gather(batch.labels)))
        loss = onset_loss(logits, batch.labels, positive_weight=weight)
        shown = {"prog_bar": True, "on_epoch": True, "batch_size": len(batch.frames)}
        self.log("loss/train", loss, sync_dist=True, **shown)
        return loss

    def validation_step(self, clip: Clip | None, batch_idx: int) -> None:
        """Log precision, recall and F of a whole clip, decoded as in the product.

        Args:
            clip: None where the other ranks have one clip more than this one.
            batch_idx: its number.
        """
        if clip is None:
            return
        probabilities = onset_probabilities(
            self.model, clip.batches(), sliding_window=self.sliding_window, device=self.device
        )
        estimate = decode_onsets(
            probabilities, fps=clip.fps, duration=clip.duration, decoding=self.decoding
        )
        self.probabilities.update(probabilities)
        self.labels.update(frame_labels(clip.track, fps=clip.fps, n_frames=len(clip)))
        scores = event_scores(clip.track, estimate)._asdict()
        logged = {f"val/{name}": score for name, score in scores.items()}
        self.log_dict(logged, batch_size=1, sync_dist=True)

    def on_validation_epoch_end(self) -> None:
        """Log the loss over all frames of the split, with one-hot labels."""
        logits, labels = logits_of(self.probabilities.compute()), self.labels.compute()
        loss = onset_loss(logits, labels, positive_weight=self.positive_weight)
        self.log(VALIDATION_LOSS, loss, prog_bar=True)
        self.probabilities.reset()
        self.labels.reset()

    def configure_optimizers(self) -> dict:
        """Return AdamW and its schedule."""
        optimizer = AdamW(self.model.parameters(), **self.adam)
        if self.schedule == "constant":
            return {"optimizer": optimizer}
        return one_cycle(self, optimizer, [self.adam["lr"]], WARM_UP)

    def on_load_checkpoint(self, checkpoint: dict) -> None:
        """Check that the checkpoint to resume from holds the same net.

        Args:
            checkpoint: of the run to resume.

        Raises:
            InputError: if its net has another shape.
        """
        check_same_net(checkpoint.get(NET_KEY), self.model.config, "the checkpoint to resume from")

    def on_save_checkpoint(self, checkpoint: dict) -> None:
        """Store the shape of net and frames, so that a checkpoint can be used by itself."""
        checkpoint[NET_KEY] = asdict(self.model.config)
        checkpoint[FRAME_SIZE_KEY] = self.frame_size
