"""The test of stage 1 as a LightningModule."""

from dataclasses import asdict
from pathlib import Path

import pytorch_lightning as pl
from torch import nn

from syncfusion.checkpoint import load_onset
from syncfusion.errors import InputError
from syncfusion.evaluation.detector.predictions import ClipPrediction, predict_clip
from syncfusion.evaluation.detector.report import draw_clips, write_clips, write_table
from syncfusion.evaluation.detector.table import DetectorMetric, onset_table
from syncfusion.media import check_writable
from syncfusion.onset import Clip, Decoding, MotionOnsetNet, SlidingWindow


class OnsetTest(pl.LightningModule):
    """Scores a detector on whole clips and writes a report; ``table`` holds the metrics.

    A detector of motion reads raw videos, at their own rate, where they are at hand.

    Args:
        checkpoint: file or folder that ``checkpoint.load_onset`` reads.
        output: folder of the report, see ``detector.report``.
        decoding: settings of the onset decoder.
        sliding_window: how clips are passed through the net.
        predictions: folder for ``<id>/<id>.times.pred.csv``; None for ``output``. Pass the folder
            of processed videos to write them beside the annotations.
        n_pictures: number of clips to draw, from the start of the split.

    Attributes:
        note: what is to be known about the metrics; None for nothing.
    """

    model: nn.Module

    def __init__(
        self,
        checkpoint: Path,
        output: Path,
        decoding: Decoding,
        sliding_window: SlidingWindow,
        predictions: Path | None = None,
        n_pictures: int = 4,
    ) -> None:
        super().__init__()
        self.checkpoint = checkpoint
        self.output = output
        self.decoding = decoding
        self.sliding_window = sliding_window
        self.predictions = predictions or output
        self.n_pictures = n_pictures
        self.clips: list[ClipPrediction] = []
        self.table: list[DetectorMetric] = []
        self.note: str | None = None

    def setup(self, stage: str) -> None:
        """Load the detector.

        Args:
            stage: "test" or "validate": the split to score.

        Raises:
            InputError: if there is more than one device, or the output folder is not writable.
        """
        if self.trainer.world_size > 1:
            raise InputError("a split is scored on one device; use --trainer.devices 1")
        check_writable(self.output / "table.json")
        self.model = load_onset(self.checkpoint)

    def test_step(self, clip: Clip, batch_idx: int) -> None:
        """Run the detector on a clip of the test split."""
        self.clips.append(
            predict_clip(
                self.model,
                clip,
                decoding=self.decoding,
                sliding_window=self.sliding_window,
                device=self.device,
            )
        )

    def validation_step(self, clip: Clip, batch_idx: int) -> None:
        """Run the detector on a clip of the validation split."""
        self.test_step(clip, batch_idx)

    def on_test_epoch_end(self) -> None:
        """Write the report."""
        self._report("test")

    def on_validation_epoch_end(self) -> None:
        """Write the report."""
        self._report("val")

    def _note(self) -> str | None:
        """Return what is to be known about the metrics of a detector of motion."""
        without = [each.clip.name for each in self.clips if each.of_frames]
        if not without or not isinstance(self.model, MotionOnsetNet):
            return None
        return (
            f"{len(without)} of {len(self.clips)} clips, {without[0]} the first, have no raw video "
            "at hand: the metrics are those of their frames, 15 a second; put the videos into "
            f"{self.clips[0].clip.folder.parent / 'videos'} to score them at their own rate"
        )

    def _report(self, split: str) -> None:
        self.table = onset_table(self.clips, self.decoding)
        self.note = self._note()
        about = {"checkpoint": str(self.checkpoint), "split": split}
        about |= {"note": self.note} if self.note else {}
        about |= {"frame_size": self.clips[0].clip.pixels.shape[1:3]}
        about |= {"decoding": asdict(self.decoding), "sliding_window": asdict(self.sliding_window)}
        write_table(self.table, self.output, about)
        write_clips(self.clips, self.output, self.predictions)
        pictures = draw_clips(self.clips[: self.n_pictures], self.output, self.decoding)
        if self.logger is not None:
            self.logger.log_metrics({f"{split}/{row.name}": row.value for row in self.table})
        log_image = getattr(self.logger, "log_image", None)  # Weights & Biases has it
        if log_image:
            for name, path in pictures.items():
                log_image(key=f"{split}/{name}", images=[str(path)])
        self.clips.clear()
