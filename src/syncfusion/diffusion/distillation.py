"""Distillation: a net learns to do in one step what a teacher does in several, with guidance.

A step of DDIM by the angle δ is a rotation: ``cos δ · signal - sin δ · velocity``. So there is one
velocity whose single step ends where the teacher's steps end, and that is what the student learns
(progressive distillation, Salimans & Ho 2022, algorithm 2; of guided teachers Meng et al. 2023,
§3). The student then samples by ``ddim`` in exactly ``steps`` linear steps, without guidance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.diffusion.batch import DiffusionBatch
from syncfusion.diffusion.guidance import Guidance, apply_guidance
from syncfusion.diffusion.sound_model import SoundModel
from syncfusion.diffusion.types import (
    Condition,
    Impulses,
    NoiseLevel,
    Predictor,
    PromptEmbedding,
    Signal,
)
from syncfusion.diffusion.vdiffusion import mix, split, velocity

CLOSE = 1e-4  # noise levels this close are the same


@dataclass(frozen=True, kw_only=True)
class DistillationConfig:
    """What a student learns from its teacher.

    Args:
        teacher: checkpoint or folder of the teacher's weights, "compact" for the bundled preset.
        steps: steps of the student, 1 or more.
        substeps: steps of the teacher for each of the student's, 1 or more; each of two
            evaluations, as ``solvers.heun`` takes them.
        guidance: the teacher's scale of guidance away from its null prompt, 1 for none.
        interval: lowest and highest noise level at which guidance acts (Kynkäänniemi et al. 2024).

    Raises:
        ValueError: if one of them is out of its range.
    """

    teacher: str
    steps: int
    substeps: int = 2
    guidance: float = 1.0
    interval: Sequence[float] = (0.0, 1.0)

    def __post_init__(self) -> None:
        for name in ("steps", "substeps"):
            if getattr(self, name) < 1:
                raise ValueError(f"distillation.{name} is 1 or more, not {getattr(self, name)}")
        Guidance(prompt=self.guidance, interval=self.interval)  # which checks both


class Teacher:
    """A trained model, frozen, whose guided steps a student learns to join.

    It teaches clips of a single onset, as event mode renders them. All others, and those without a
    prompt, keep the velocity of the data, so that tracks and their guidance stay as they were.

    Args:
        model: the trained model, which is frozen.
        config: what is learned from it.
    """

    def __init__(self, model: SoundModel, config: DistillationConfig) -> None:
        self.model = model.eval().requires_grad_(False)
        self.config = config

    def aims(
        self,
        clean: Signal,
        noise: Signal,
        level: NoiseLevel,
        uniform: Float[Tensor, " batch"],
        batch: DiffusionBatch,
        null: PromptEmbedding,
    ) -> tuple[NoiseLevel, Signal]:
        """Choose at which noise levels a batch is learned, and which velocities.

        Args:
            clean: the clips.
            noise: their noise.
            level: noise levels of those that the teacher leaves to the data.
            uniform: random numbers from 0 to 1, from which it draws the levels of its own.
            batch: the examples, with onsets and prompts as they are learned.
            null: the student's null prompt, for each of them.

        Returns:
            Noise levels and velocities of all examples.
        """
        has_prompt = (batch.embedding != null).flatten(1).any(dim=1)
        taught = has_prompt & (batch.impulses.count_nonzero(dim=(1, 2)) == 1)
        steps = self.config.steps
        starts = ((uniform * steps).floor() + 1).clamp(max=steps) / steps
        level = torch.where(taught, starts, level)
        aim = velocity(clean, noise, level)
        if taught.any():
            noisy = mix(clean, noise, level)
            parts = (each[taught] for each in (noisy, level, *batch[1:3]))
            aim[taught] = self.velocity(*parts).to(aim)
        return level, aim

    @torch.no_grad()
    def velocity(
        self, noisy: Signal, level: NoiseLevel, impulses: Impulses, embedding: PromptEmbedding
    ) -> Signal:
        """Return the velocity whose one step ends where the teacher's steps end.

        Args:
            noisy: noisy signals.
            level: their noise levels, each the beginning of one of the student's steps.
            impulses: the onset tracks.
            embedding: the prompts.

        Returns:
            Velocities in float32.
        """
        predict = self._guided(impulses, embedding)
        width = 1 / (self.config.steps * self.config.substeps)
        signal, now = noisy.float(), level
        for _ in range(self.config.substeps):
            signal, now = _step(predict, signal, now, width)
        angle = math.pi / 2 / self.config.steps
        return (math.cos(angle) * noisy.float() - signal) / math.sin(angle)

    def _guided(self, impulses: Impulses, embedding: PromptEmbedding) -> Predictor:
        """Return the teacher's prediction, guided where guidance acts."""
        model, scale = self.model.to(impulses.device), self.config.guidance
        lowest, highest = self.config.interval
        features = model.encode_onsets(impulses)
        [plain] = model.predictors([Condition(features, embedding)], many_calls=False)

        def predict(signal: Signal, level: NoiseLevel) -> Signal:
            predicted = plain(signal, level).float()
            acts = (level >= lowest - CLOSE) & (level <= highest + CLOSE)
            if scale == 1 or not acts.any():
                return predicted
            some = Condition([each[acts] for each in features], model.null_prompt(int(acts.sum())))
            [weaker] = model.predictors([some], many_calls=False)
            without = weaker(signal[acts], level[acts]).float()
            predicted[acts] = apply_guidance(predicted[acts], without, scale=scale)
            return predicted

        return predict


def _step(
    predict: Predictor, signal: Signal, now: NoiseLevel, width: float
) -> tuple[Signal, NoiseLevel]:
    """Return where one step of ``solvers.heun`` leads, and its level; each example has its own."""
    then = now - width
    goes_on = then > CLOSE
    then = torch.where(goes_on, then, 0.0)
    clean, noise = split(signal, predict(signal, now), now)
    moved = mix(clean, noise, then)
    if goes_on.any():
        rotated = velocity(clean, noise, then)
        turn = math.tan(-width * math.pi / 4) * goes_on[:, None, None]
        moved = moved + turn * (predict(moved, then.clamp(min=CLOSE)) - rotated)
    return moved, then
