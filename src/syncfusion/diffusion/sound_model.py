"""What every implementation of the diffusion model does: predict, guide and sample."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from syncfusion.diffusion.config import DiffusionConfig
from syncfusion.diffusion.frontend import MdctFrontEnd, WaveformFrontEnd
from syncfusion.diffusion.guidance import Guidance, combined
from syncfusion.diffusion.lengths import check_features, check_length
from syncfusion.diffusion.schedules import SCHEDULES
from syncfusion.diffusion.solvers import SOLVERS, Progress

Wave = Float[Tensor, "batch 1 time"]
Signal = Float[Tensor, "batch channel frame"]
Features = list[Float[Tensor, "batch _channel _frame"]]  # each level has its own size
Embedding = Float[Tensor, "batch token prompt_feature"]
Level = Float[Tensor, " batch"]
Predictor = Callable[[Tensor, Tensor], Tensor]  # (noisy signal, its levels) -> velocity
Condition = tuple[list[Tensor], Tensor]  # onset features and prompt


class SoundModel(nn.Module, ABC):
    """Onsets and a prompt in, sound out.

    The solvers work on *signals*: what the front end makes of a waveform. Seen from outside a
    signal has the waveform's shape, (batch, 1, time), its frames laid one after another; for the
    waveform front end the two are the same.

    Args:
        config: its shape.
        front_end: between waveforms and signals.
    """

    def __init__(self, config: DiffusionConfig, front_end: WaveformFrontEnd | MdctFrontEnd) -> None:
        super().__init__()
        self.config = config
        self.front_end = front_end

    @property
    def factor(self) -> int:
        """Lengths that can be rendered are multiples of this many samples."""
        return self.front_end.hop * self.config.unet.factor

    @abstractmethod
    def encode_onsets(self, impulses: Wave) -> Features:
        """Encode an onset track's impulses into one feature map per level, once per clip."""

    @abstractmethod
    def null_prompt(self, batch: int) -> Embedding:
        """Return the learned prompt that stands for none."""

    @abstractmethod
    def predictors(self, conditions: Sequence[Condition], *, many: bool) -> list[Predictor]:
        """Prepare to predict velocities under some conditions.

        Args:
            conditions: onset features and prompt of each predictor.
            many: whether they will be asked at many levels, so that preparing more pays.

        Returns:
            A predictor for each condition.
        """

    def predict(self, noisy: Signal, level: Level, impulses: Wave, prompt: Embedding) -> Signal:
        """Predict the velocity of a noisy signal from the very beginning, as training does."""
        condition = self.encode_onsets(impulses), prompt
        return self.predictors([condition], many=False)[0](noisy, level)

    def velocity(
        self,
        noisy: Wave,
        level: Level,
        *,
        features: Features,
        embedding: Embedding,
        guidance: float | Guidance = 1.0,
    ) -> Wave:
        """Predict the velocity of a noisy signal.

        Args:
            noisy: the signal, in the waveform's shape.
            level: noise level per example, 0 (clean) to 1 (noise).
            features: of ``encode_onsets``, for the same length.
            embedding: the prompt, (batch, 1, 512).
            guidance: scale away from the null prompt, 1 for none; or more than that. Its interval
                is left aside.

        Returns:
            The velocity, of the same shape.

        Raises:
            ValueError: if the length does not fit.
        """
        self._check(noisy, features)
        guidance = _full(guidance)
        conditions = self._conditions(features, embedding, guidance, None)
        predict = self._guided(conditions, guidance, many=False)
        return self._flat(predict(self._frames(noisy), level, bool(guidance.scales)))

    @torch.no_grad()
    def sample(
        self,
        noise: Wave,
        *,
        features: Features,
        embedding: Embedding,
        steps: int = 150,
        guidance: float | Guidance = 1.0,
        solver: str = "ddim",
        schedule: str = "linear",
        negative: Embedding | None = None,
        final_noise_level: float = 0.0,
        progress: Progress | None = None,
    ) -> Wave:
        """Render the sound that grows out of some noise.

        Args:
            noise: white, standard normal; its length is that of the sound.
            features: of ``encode_onsets``, for the same length.
            embedding: the prompt, (batch, 1, 512).
            steps: noise levels walked through; the published sampler takes 150.
            guidance: scale away from the null prompt, 1 for none; or more than that.
            solver: a name in ``solvers.SOLVERS``.
            schedule: a name in ``schedules.SCHEDULES``.
            negative: prompt to move away from; None for the learned null prompt.
            final_noise_level: where the schedule ends, see ``schedules``.
            progress: called with (steps done, steps in all); what it raises ends the sampling.

        Returns:
            The waveform at 48 kHz, of the noise's shape.

        Raises:
            ValueError: if the length does not fit, or solver or schedule are not known.
        """
        self._check(noise, features)
        for kind, name, known in (("solver", solver, SOLVERS), ("schedule", schedule, SCHEDULES)):
            if name not in known:
                raise ValueError(f"no {kind} {name!r}; there are {', '.join(known)}")
        guidance = _full(guidance)
        conditions = self._conditions(features, embedding, guidance, negative)
        predict = self._guided(conditions, guidance, many=True)

        def denoise(signal: Signal, level: float) -> Signal:
            levels = signal.new_full(signal.shape[:1], level)
            return predict(signal, levels, guidance.acts_at(level))

        extra = {} if progress is None else {"progress": progress}
        levels = SCHEDULES[schedule](steps, final_noise_level)
        signal = SOLVERS[solver](denoise, self._frames(noise), levels=levels, **extra)
        return self.front_end.decode(signal)

    def _conditions(
        self,
        features: Features,
        prompt: Embedding,
        guidance: Guidance,
        negative: Embedding | None,
    ) -> list[Condition]:
        """Return what to predict from: all, then without what each scale exaggerates."""
        conditions = [(features, prompt)]
        if guidance.prompt != 1:
            null = self.null_prompt(len(prompt)) if negative is None else negative
            conditions.append((features, null))
        if guidance.onsets != 1:
            n_samples = features[0].shape[2] * self.config.unet.factors[0] * self.front_end.hop
            silence = features[0].new_zeros(len(features[0]), 1, n_samples)
            conditions.append((self.encode_onsets(silence), prompt))
        return conditions

    def _guided(
        self, conditions: list[Condition], guidance: Guidance, *, many: bool
    ) -> Callable[[Tensor, Tensor, bool], Tensor]:
        """Return a predictor that is told whether guidance acts."""
        n = len(conditions)
        on_gpu = conditions[0][1].device.type == "cuda"
        batched = n > 1 and (on_gpu if guidance.batched is None else guidance.batched)
        wanted = [conditions[0], _joined(conditions)] if batched else conditions
        plain, *others = self.predictors(wanted, many=many)

        def predict(signal: Signal, level: Level, acts: bool) -> Signal:
            if not acts:
                return plain(signal, level)
            if batched:
                found = others[0](signal.repeat(n, 1, 1), level.repeat(n)).chunk(n)
            else:
                found = [predictor(signal, level) for predictor in (plain, *others)]
            return combined(found, guidance)

        return predict

    def _frames(self, flat: Wave) -> Signal:
        return flat[:, 0].unflatten(1, (-1, self.front_end.hop)).mT

    def _flat(self, frames: Signal) -> Wave:
        return frames.mT.flatten(1)[:, None]

    def _check(self, wave: Wave, features: Features) -> None:
        n_samples = wave.shape[2]
        check_length(n_samples, self.factor)
        check_features(features, self.config.unet.factors, n_samples // self.front_end.hop)


def _full(guidance: float | Guidance) -> Guidance:
    return guidance if isinstance(guidance, Guidance) else Guidance(prompt=guidance)


def _joined(conditions: Sequence[Condition]) -> Condition:
    """Return one condition for a batch of the examples of all."""
    features, prompts = zip(*conditions, strict=True)
    return [torch.cat(level) for level in zip(*features, strict=True)], torch.cat(prompts)
