"""The interface of the diffusion model, and its prediction, guidance and sampling."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from syncfusion.diffusion.config import DiffusionConfig
from syncfusion.diffusion.frontend import MdctFrontEnd, WaveformFrontEnd
from syncfusion.diffusion.guidance import Guidance, combined
from syncfusion.diffusion.lengths import check_features, check_length
from syncfusion.diffusion.schedules import SCHEDULES
from syncfusion.diffusion.solvers import SOLVERS, StepProgress
from syncfusion.diffusion.types import (
    Audio,
    Condition,
    Impulses,
    NoiseLevel,
    OnsetFeatures,
    Predictor,
    PromptEmbedding,
    Signal,
)


class SoundModel(nn.Module, ABC):
    """A model that renders the sound of onsets and a prompt.

    The solvers work on *signals*, the front end's transform of a waveform. ``velocity`` and
    ``sample`` take a signal in the waveform's shape, (batch, 1, time), with its frames one after
    another. For the waveform front end the two are the same.

    Args:
        config: its shape.
        front_end: transform between waveforms and signals.
    """

    def __init__(self, config: DiffusionConfig, front_end: WaveformFrontEnd | MdctFrontEnd) -> None:
        super().__init__()
        self.config = config
        self.front_end = front_end

    @property
    def factor(self) -> int:
        """The number of samples of which a rendered length must be a multiple."""
        return self.front_end.hop * self.config.unet.factor

    @abstractmethod
    def encode_onsets(self, impulses: Impulses) -> OnsetFeatures:
        """Encode an onset track's impulses into one feature map per stage, once per clip."""

    @abstractmethod
    def null_prompt(self, batch: int) -> PromptEmbedding:
        """Return the learned null prompt, one token for each example."""

    @abstractmethod
    def freeze_null_prompt(self) -> None:
        """Keep the null prompt as it is, for a training in which no prompt is dropped."""

    @abstractmethod
    def predictors(self, conditions: Sequence[Condition], *, many_calls: bool) -> list[Predictor]:
        """Prepare to predict velocities under some conditions.

        Args:
            conditions: onset features and prompt of each predictor.
            many_calls: whether each predictor is called often, so that more preparation pays off.

        Returns:
            A predictor for each condition.
        """

    def predict(
        self, noisy: Signal, level: NoiseLevel, impulses: Impulses, embedding: PromptEmbedding
    ) -> Signal:
        """Predict the velocity from raw conditions, encoded first; for the training loss."""
        condition = Condition(self.encode_onsets(impulses), embedding)
        return self.predictors([condition], many_calls=False)[0](noisy, level)

    def velocity(
        self,
        noisy: Audio,
        level: NoiseLevel,
        *,
        features: OnsetFeatures,
        embedding: PromptEmbedding,
        guidance: float | Guidance = 1.0,
    ) -> Audio:
        """Predict the velocity of a noisy signal.

        Args:
            noisy: the signal, in the waveform's shape.
            level: noise level per example, 0 (clean) to 1 (noise).
            features: the result of ``encode_onsets`` for the same length.
            embedding: the prompt, (batch, 1, 512).
            guidance: scale of guidance away from the null prompt, 1 for none; or all settings, of
                which the interval is ignored here.

        Returns:
            The velocity, of the same shape.

        Raises:
            ValueError: if the length does not fit.
        """
        self._check(noisy, features)
        guidance = Guidance.of(guidance)
        conditions = self._conditions(features, embedding, guidance, None)
        predict = self._guided(conditions, guidance, many_calls=False)
        return self._flat(predict(self._frames(noisy), level, bool(guidance.scales)))

    @torch.no_grad()
    def sample(
        self,
        noise: Audio,
        *,
        features: OnsetFeatures,
        embedding: PromptEmbedding,
        steps: int = 150,
        guidance: float | Guidance = 1.0,
        solver: str = "ddim",
        schedule: str = "linear",
        negative: PromptEmbedding | None = None,
        final_noise_level: float = 0.0,
        progress: StepProgress | None = None,
    ) -> Audio:
        """Turn noise into a sound, deterministically.

        Args:
            noise: white, standard normal noise, as long as the sound.
            features: the result of ``encode_onsets`` for the same length.
            embedding: the prompt, (batch, 1, 512).
            steps: number of sampling steps; the published sampler takes 150.
            guidance: scale of guidance away from the null prompt, 1 for none; or all settings.
            solver: a name in ``solvers.SOLVERS``.
            schedule: a name in ``schedules.SCHEDULES``.
            negative: prompt to move away from; None for the learned null prompt.
            final_noise_level: noise level whose clean estimate is the result, see ``schedules``.
            progress: called with (steps done, steps in all); an exception of it ends the sampling.

        Returns:
            The waveform at 48 kHz, of the noise's shape.

        Raises:
            ValueError: if the length does not fit, or the solver or schedule is unknown.
        """
        self._check(noise, features)
        for kind, name, known in (("solver", solver, SOLVERS), ("schedule", schedule, SCHEDULES)):
            if name not in known:
                raise ValueError(f"no {kind} {name!r}; there are {', '.join(known)}")
        guidance = Guidance.of(guidance)
        conditions = self._conditions(features, embedding, guidance, negative)
        predict = self._guided(conditions, guidance, many_calls=True)

        def denoise(signal: Signal, level: float) -> Signal:
            levels = signal.new_full(signal.shape[:1], level)
            return predict(signal, levels, guidance.acts_at(level))

        extra = {} if progress is None else {"progress": progress}
        levels = SCHEDULES[schedule](steps, final_noise_level)
        signal = SOLVERS[solver](denoise, self._frames(noise), levels=levels, **extra)
        return self.front_end.decode(signal)

    def _conditions(
        self,
        features: OnsetFeatures,
        embedding: PromptEmbedding,
        guidance: Guidance,
        negative: PromptEmbedding | None,
    ) -> list[Condition]:
        """Return the full condition, then for each scale of guidance one without its part."""
        conditions = [Condition(features, embedding)]
        if guidance.prompt != 1:
            null = self.null_prompt(len(embedding)) if negative is None else negative
            conditions.append(Condition(features, null))
        if guidance.onsets != 1:
            n_samples = features[0].shape[2] * self.config.unet.factors[0] * self.front_end.hop
            silence = features[0].new_zeros(len(features[0]), 1, n_samples)
            conditions.append(Condition(self.encode_onsets(silence), embedding))
        return conditions

    def _guided(
        self, conditions: list[Condition], guidance: Guidance, *, many_calls: bool
    ) -> Callable[[Tensor, Tensor, bool], Tensor]:
        """Return a function (noisy signal, noise levels, whether guidance acts) -> velocity."""
        n = len(conditions)
        on_gpu = conditions[0].embedding.device.type == "cuda"
        batched = n > 1 and (on_gpu if guidance.batched is None else guidance.batched)
        if batched:
            conditions = [conditions[0], _joined(conditions)]
        plain, *others = self.predictors(conditions, many_calls=many_calls)

        def predict(signal: Signal, level: NoiseLevel, acts: bool) -> Signal:
            if not acts:
                return plain(signal, level)
            if batched:
                predictions = others[0](signal.repeat(n, 1, 1), level.repeat(n)).chunk(n)
            else:
                predictions = [predictor(signal, level) for predictor in (plain, *others)]
            return combined(predictions, guidance)

        return predict

    def _frames(self, flat: Audio) -> Signal:
        return flat[:, 0].unflatten(1, (-1, self.front_end.hop)).mT

    def _flat(self, frames: Signal) -> Audio:
        return frames.mT.flatten(1)[:, None]

    def _check(self, flat: Audio, features: OnsetFeatures) -> None:
        n_samples = flat.shape[2]
        check_length(n_samples, self.factor)
        check_features(features, self.config.unet.factors, n_samples // self.front_end.hop)


def _joined(conditions: Sequence[Condition]) -> Condition:
    """Return one condition, for the concatenated batches of all."""
    features, embeddings = zip(*conditions, strict=True)
    return Condition([torch.cat(s) for s in zip(*features, strict=True)], torch.cat(embeddings))
