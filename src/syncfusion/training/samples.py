"""Sounds rendered during a training, with pictures, in files and in loggers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytorch_lightning as pl
import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion import DiffusionBatch, DiffusionTraining
from syncfusion.evaluation import draw_sound
from syncfusion.media import Waveform, temporary_sibling, write_wav
from syncfusion.timing import seeded
from syncfusion.track import Onset, OnsetTrack
from syncfusion.training.logged_media import LoggedSample, log_sample


class SampleLogger(pl.Callback):
    """Renders the first few validation clips now and then, from the same noise every time.

    It is part of validation, so that averaged weights are used where they are validated. The
    reference and the sample are written to ``folder`` as wav and png, with the onsets drawn in and
    beside them as csv. Loggers that take sounds and pictures get them as well.

    Args:
        folder: of the files, which lie in ``step-…`` below it.
        every_n_steps: optimiser steps between, at least; it happens with the next validation.
        n_clips: how many, of the first validation batch.
        steps: of the solver.
        guidance: scale away from the null prompt.
        solver: a name in ``diffusion.solvers.SOLVERS``.
        final_noise_level: where the schedule ends.
    """

    def __init__(
        self,
        folder: str,
        every_n_steps: int = 1000,
        n_clips: int = 2,
        steps: int = 24,
        guidance: float = 3.0,
        solver: str = "dpmpp_2m",
        final_noise_level: float = 0.0,
    ) -> None:
        self.folder, self.every_n_steps, self.n_clips = Path(folder), every_n_steps, n_clips
        self.sampling = {
            "steps": steps,
            "guidance": guidance,
            "solver": solver,
            "final_noise_level": final_noise_level,
        }
        self.next_step = 0

    def on_validation_batch_end(
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: Any,
        batch: DiffusionBatch,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Render clips of the first batch where it is time to."""
        step = trainer.global_step
        due = batch_idx == 0 and step >= self.next_step
        if trainer.sanity_checking or not due or not trainer.is_global_zero:
            return
        self.next_step = step + self.every_n_steps
        clips = _first(batch, self.n_clips)
        with torch.no_grad(), trainer.precision_plugin.forward_context():
            sounds = self._rendered(cast("DiffusionTraining", pl_module), clips)
        for sample in self._written(clips, sounds, self.folder / f"step-{step:07d}"):
            for logger in trainer.loggers:
                log_sample(sample, logger, step)

    def _rendered(
        self, training: DiffusionTraining, clips: DiffusionBatch
    ) -> Float[Tensor, "clip 1 time"]:
        model = training.model
        noise = torch.randn(clips.waveform.shape, generator=seeded(0)).to(clips.waveform)
        features = model.encode_onsets(clips.impulses)
        return model.sample(noise, features=features, embedding=clips.embedding, **self.sampling)

    def _written(
        self, clips: DiffusionBatch, sounds: Float[Tensor, "clip 1 time"], folder: Path
    ) -> Iterator[LoggedSample]:
        for index, (reference, sample) in enumerate(zip(clips.waveform, sounds, strict=True)):
            track, title = read_impulses(clips.impulses[index]), _title(clips, index)
            with temporary_sibling(folder / f"{index}.onsets.csv") as temporary:
                temporary.write_text(track.to_csv())
            for kind, samples in (("reference", reference), ("sample", sample)):
                sound = Waveform(samples.detach().float().cpu(), SAMPLE_RATE)
                path = folder / f"{index}-{kind}.wav"
                write_wav(sound, path)
                draw_sound(sound, track, path.with_suffix(".png"), title=f"{kind}: {title}")
                yield LoggedSample(f"{kind}/{index}", title, path, path.with_suffix(".png"))


def read_impulses(impulses: Float[Tensor, "1 time"]) -> OnsetTrack:
    """Return the track whose ``impulses`` at 48 kHz these are."""
    onsets = [
        Onset(sample / SAMPLE_RATE, gain=float(impulses[0, sample]))
        for sample in impulses[0].nonzero()[:, 0].tolist()
    ]
    return OnsetTrack.from_onsets(onsets, impulses.shape[1] / SAMPLE_RATE)


def _first(batch: DiffusionBatch, n_clips: int) -> DiffusionBatch:
    waveform, impulses, embedding = (part[:n_clips] for part in batch[:3])
    return batch._replace(waveform=waveform, impulses=impulses, embedding=embedding)


def _title(batch: DiffusionBatch, index: int) -> str:
    name = batch.names[index] if batch.names else f"clip {index}"
    prompt = batch.texts[index] if batch.texts else ""
    return f"{name}, {prompt or 'by a sound'}"
