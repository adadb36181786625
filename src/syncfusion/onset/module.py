"""Training of the onset net, as Lightning wants it."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.nn.utils import convert_conv3d_weight_memory_format
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR
from torchmetrics import CatMetric

from syncfusion.errors import InputError
from syncfusion.onset.data import Clip, FrameSize, OnsetBatch
from syncfusion.onset.decode import Decoding, decode_onsets
from syncfusion.onset.detect import Scanning, normalised, onset_probabilities
from syncfusion.onset.loss import PositiveWeight, logits_of, onset_loss
from syncfusion.onset.metrics import event_scores, frame_labels
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.trainer import VALIDATION_LOSS

NET_KEY = "onset_net"  # where ``checkpoint.load_onset`` finds the fields of OnsetNetConfig
FRAME_SIZE_KEY = "frame_size"  # where a checkpoint says what size of frames it was trained on
WARM_UP = 0.15  # of a one-cycle schedule


def check_same_net(found: Mapping | None, wanted: OnsetNetConfig, source: str) -> None:
    """Compare the shape of a net that has weights with that of one to be filled.

    Args:
        found: fields of ``OnsetNetConfig``; None for the published shape.
        wanted: shape of the net to be filled.
        source: what holds the weights, for the message.

    Raises:
        InputError: naming the fields that differ.
    """
    fields, asked = asdict(OnsetNetConfig(**(found or {}))), asdict(wanted)
    differing = [
        f"{name} {fields[name]}, not {asked[name]}" for name in asked if fields[name] != asked[name]
    ]
    if differing:
        raise InputError(
            f"{source} holds a net with {', '.join(differing)}; set model.net as it was trained"
        )


class OnsetModule(pl.LightningModule):
    """The onset net, its loss and its optimiser.

    Args:
        net: shape of the net.
        decoding: how validation picks onsets.
        scanning: how validation passes clips through the net.
        positive_weight: how much more an onset frame weighs in the loss, or "balanced": as often
            as other frames outnumber onset frames in the batch.
        learning_rate: of AdamW.
        betas: of AdamW.
        eps: of AdamW.
        weight_decay: of AdamW.
        schedule: "constant", or "one-cycle" over the whole training with its peak at
            ``learning_rate`` and a momentum that falls and rises again.
        frame_size: pixels of the frames, for who uses the checkpoint; the command takes it from
            ``data.frame_size``.
        pretrained: what the net starts from, see ``VideoOnsetNet``.
    """

    def __init__(
        self,
        net: OnsetNetConfig,
        decoding: Decoding,
        scanning: Scanning,
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
        self.scanning = scanning
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
        """Refuse to train past the end of a resumed one-cycle schedule.

        Raises:
            InputError: naming both lengths.
        """
        cycle, planned = self.lr_schedulers(), self.trainer.estimated_stepping_batches
        if isinstance(cycle, OneCycleLR) and cycle.total_steps < planned:
            raise InputError(
                f"the schedule of the run to resume ends at step {cycle.total_steps}, before the "
                f"{planned} asked for; train no longer, or start anew from its weights with --init"
            )

    def training_step(self, batch: OnsetBatch, batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        logits = self.model(normalised(batch.frames))
        loss = onset_loss(logits, batch.labels, positive_weight=self.positive_weight)
        self.log("loss/train", loss, prog_bar=True, on_epoch=True, batch_size=len(batch.frames))
        return loss

    def validation_step(self, clip: Clip, batch_idx: int) -> None:
        """Log precision, recall and F of a whole clip, decoded as a user's would be."""
        probabilities = onset_probabilities(
            self.model, clip.batches(), scanning=self.scanning, device=self.device
        )
        found = decode_onsets(
            probabilities, fps=clip.fps, duration=clip.duration, decoding=self.decoding
        )
        self.probabilities.update(probabilities)
        self.labels.update(frame_labels(clip.track, fps=clip.fps, n_frames=len(clip)))
        scores = event_scores(clip.track, found)._asdict()
        logged = {f"val/{name}": score for name, score in scores.items()}
        self.log_dict(logged, batch_size=1, sync_dist=True)

    def on_validation_epoch_end(self) -> None:
        """Log the loss over all frames of the split, labelled where an onset falls in them."""
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
        steps = int(self.trainer.estimated_stepping_batches)
        cycle = OneCycleLR(optimizer, self.adam["lr"], total_steps=steps, pct_start=WARM_UP)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": cycle, "interval": "step"}}

    def on_load_checkpoint(self, checkpoint: dict) -> None:
        """Refuse to resume from another net's checkpoint.

        Args:
            checkpoint: of the run to resume.

        Raises:
            InputError: if its net is shaped differently.
        """
        check_same_net(checkpoint.get(NET_KEY), self.model.config, "the checkpoint to resume from")

    def on_save_checkpoint(self, checkpoint: dict) -> None:
        """Note the shape of net and frames, so that a checkpoint can be used by itself."""
        checkpoint[NET_KEY] = asdict(self.model.config)
        checkpoint[FRAME_SIZE_KEY] = self.frame_size
