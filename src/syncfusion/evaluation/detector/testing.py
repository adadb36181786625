"""The test of stage 1, as Lightning wants it."""

from dataclasses import asdict
from pathlib import Path

import pytorch_lightning as pl
from torch import nn

from syncfusion.checkpoint import load_onset
from syncfusion.errors import InputError
from syncfusion.evaluation.detector.judgement import Judgement, judge
from syncfusion.evaluation.detector.report import draw_clips, write_clips, write_table
from syncfusion.evaluation.detector.table import Row, onset_table
from syncfusion.media import check_writable
from syncfusion.onset import Clip, Decoding, SlidingWindow


class OnsetTest(pl.LightningModule):
    """Judges a detector by whole clips and writes a report; ``table`` holds the figures.

    Args:
        checkpoint: anything ``checkpoint.load_onset`` reads.
        output: folder of the report, see ``evaluation.onset_report``.
        decoding: how onsets are picked.
        sliding_window: how clips are passed through the net.
        predictions: where ``<id>/<id>.times.pred.csv`` are written; None for ``output``. Give the
            folder of processed videos to have them beside the annotation.
        n_pictures: how many clips, the first of the split, are drawn.
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
        self.judgements: list[Judgement] = []
        self.table: list[Row] = []

    def setup(self, stage: str) -> None:
        """Load the detector.

        Args:
            stage: "test" or "validate", the split that is judged.

        Raises:
            InputError: if there is more than one device, or the output cannot be written.
        """
        if self.trainer.world_size > 1:
            raise InputError("a split is judged on one device; use --trainer.devices 1")
        check_writable(self.output / "table.json")
        self.model = load_onset(self.checkpoint)

    def test_step(self, clip: Clip, batch_idx: int) -> None:
        """Judge a clip of the test split."""
        self.judgements.append(
            judge(
                self.model,
                clip,
                decoding=self.decoding,
                sliding_window=self.sliding_window,
                device=self.device,
            )
        )

    def validation_step(self, clip: Clip, batch_idx: int) -> None:
        """Judge a clip of the validation split."""
        self.test_step(clip, batch_idx)

    def on_test_epoch_end(self) -> None:
        """Write the report."""
        self._report("test")

    def on_validation_epoch_end(self) -> None:
        """Write the report."""
        self._report("val")

    def _report(self, split: str) -> None:
        self.table = onset_table(self.judgements, self.decoding)
        about = {"checkpoint": str(self.checkpoint), "split": split}
        about |= {"frame_size": self.judgements[0].clip.pixels.shape[1:3]}
        about |= {"decoding": asdict(self.decoding), "sliding_window": asdict(self.sliding_window)}
        write_table(self.table, self.output, about)
        write_clips(self.judgements, self.output, self.predictions)
        pictures = draw_clips(self.judgements[: self.n_pictures], self.output, self.decoding)
        if self.logger is not None:
            self.logger.log_metrics({f"{split}/{row.name}": row.value for row in self.table})
        log_image = getattr(self.logger, "log_image", None)  # Weights & Biases has it
        if log_image:
            for name, path in pictures.items():
                log_image(key=f"{split}/{name}", images=[str(path)])
        self.judgements.clear()
