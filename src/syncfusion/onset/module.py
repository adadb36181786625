"""Training of the onset net, as Lightning wants it."""

from dataclasses import asdict

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.nn.utils import convert_conv3d_weight_memory_format
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR

from syncfusion.onset.clips import Clip
from syncfusion.onset.data import OnsetBatch
from syncfusion.onset.decode import Decoding, decode_onsets
from syncfusion.onset.detect import Scanning, normalised, onset_probabilities
from syncfusion.onset.loss import onset_loss
from syncfusion.onset.metrics import event_scores
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet

NET_KEY = "onset_net"  # where ``checkpoint.load_onset`` finds the fields of OnsetNetConfig


class OnsetModule(pl.LightningModule):
    """The onset net, its loss and its optimiser.

    Args:
        net: shape of the net.
        decoding: how validation picks onsets.
        scanning: how validation cuts clips into windows.
        positive_weight: how much more an onset frame weighs in the loss.
        learning_rate: the highest of a one-cycle schedule over the whole training.
        weight_decay: of AdamW.
    """

    def __init__(
        self,
        net: OnsetNetConfig,
        decoding: Decoding,
        scanning: Scanning,
        positive_weight: float = 4.0,
        learning_rate: float = 2e-3,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__()
        self.model = VideoOnsetNet(net)
        convert_conv3d_weight_memory_format(self.model, torch.channels_last_3d)  # faster on CPUs
        self.decoding = decoding
        self.scanning = scanning
        self.positive_weight = positive_weight
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay

    def training_step(self, batch: OnsetBatch, batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        logits = self.model(normalised(batch.frames))
        loss = onset_loss(logits, batch.labels, positive_weight=self.positive_weight)
        self.log("train/loss", loss, prog_bar=True, on_epoch=True, batch_size=len(batch.frames))
        return loss

    def validation_step(self, clip: Clip, batch_idx: int) -> None:
        """Log precision, recall and F of a whole clip, decoded as a user's would be."""
        self._judge(clip, "val")

    def test_step(self, clip: Clip, batch_idx: int) -> None:
        """Log precision, recall and F of a whole clip, decoded as a user's would be."""
        self._judge(clip, "test")

    def _judge(self, clip: Clip, split: str) -> None:
        probabilities = onset_probabilities(
            self.model, clip.batches(), scanning=self.scanning, device=self.device
        )
        found = decode_onsets(
            probabilities, fps=clip.fps, duration=clip.duration, decoding=self.decoding
        )
        for name, score in event_scores(clip.track, found)._asdict().items():
            self.log(f"{split}/{name}", score, prog_bar=True, batch_size=1)

    def configure_optimizers(self) -> dict:
        """Return AdamW under a one-cycle schedule."""
        optimizer = AdamW(self.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay)
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = OneCycleLR(optimizer, self.learning_rate, total_steps=steps, pct_start=0.15)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def on_save_checkpoint(self, checkpoint: dict) -> None:
        """Note the shape of the net, so that a checkpoint can be opened by itself."""
        checkpoint[NET_KEY] = asdict(self.model.config)
