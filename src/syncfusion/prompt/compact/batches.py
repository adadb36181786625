"""Batches for training the prompt encoder: varied hits, labels, texts."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.prompt.compact.augment import change_object, change_recording
from syncfusion.prompt.compact.sound import log_mel, mel_transform, prepare
from syncfusion.prompt.labels import UNSAID, Label, draw_text, label_tensor, parse_label

VIEW_SAMPLES = 48_000  # of every training view
DECAY_FRAMES = (0, 2, 4, 8, 16, 32, 64, 96)  # edges (10 ms frames) of segments to recover


class LabelledSound(NamedTuple):
    """One hit, 48 kHz mono: its samples, its label ('' for none) and the recording it is from."""

    samples: Float[Tensor, " time"]
    label: str
    source: str


class Batch(NamedTuple):
    """Two views of every hit, spectra to recover, labels, a text for every hit and more texts."""

    views: Float[Tensor, "views time"]
    spectra: Float[Tensor, "batch mel segment"]
    labels: Int[Tensor, "batch 2"]
    objects: Int[Tensor, " batch"]
    texts: list[str]
    text_labels: Int[Tensor, "text 2"]


class Sampler:
    """Draws batches; hits of rare labels are drawn more often, unlabelled ones less."""

    def __init__(self, sounds: Sequence[LabelledSound], seed: int) -> None:
        self.sounds = list(sounds)
        self.labels = [parse_label(sound.label) for sound in sounds]
        counts = Counter(self.labels)
        unlabelled = Label()
        self.weights = [(0.3 if x == unlabelled else 1) / counts[x] ** 0.6 for x in self.labels]
        names = sorted({(sound.source, sound.label) for sound in sounds})
        self.objects = [names.index((sound.source, sound.label)) for sound in sounds]
        self.random = random.Random(seed)
        self.generator = torch.Generator().manual_seed(seed)
        self.transform = mel_transform()

    def draw(self, size: int) -> Batch:
        """Return a batch of ``size`` hits; each has two views, a text, and one text at random."""
        chosen = self.random.choices(range(len(self.sounds)), self.weights, k=size)
        changed = [change_object(self.sounds[i].samples, self.generator) for i in chosen]
        clean = torch.stack([_fitted(sound) for sound in changed])
        views = [_fitted(self._view(sound)) for sound in changed + changed]
        labels = [self.labels[i] for i in chosen]
        text_labels = [self._partly(label) for label in labels]
        text_labels += [self._partly(self._any_label()) for _ in chosen]
        return Batch(
            torch.stack(views),
            segment_means(log_mel(clean, self.transform)),
            label_tensor(labels),
            torch.tensor([self.objects[i] for i in chosen]),
            [draw_text(label, self.random) for label in text_labels],
            label_tensor(text_labels),
        )

    def _view(self, sound: Float[Tensor, " time"]) -> Float[Tensor, " view"]:
        return change_recording(sound, self.generator, n_samples=VIEW_SAMPLES)

    def _any_label(self) -> Label:
        draw = self.random.randrange
        return Label(draw(len(MATERIALS)), draw(len(ACTIONS)))

    def _partly(self, label: Label) -> Label:
        """Leave out the action, or the material, of some labels that have both."""
        if UNSAID in label or self.random.random() < 0.6:
            return label
        return label._replace(**{self.random.choice(("action", "action", "material")): UNSAID})


def _fitted(sound: Float[Tensor, " time"]) -> Float[Tensor, " view"]:
    kept = prepare(sound)[:VIEW_SAMPLES]
    return functional.pad(kept, (0, VIEW_SAMPLES - len(kept)))


def segment_means(
    spectrum: Float[Tensor, "batch mel frame"],
) -> Float[Tensor, "batch mel segment"]:
    """Return the mean spectrum of segments, which are longer the further from the attack."""
    edges = zip(DECAY_FRAMES, DECAY_FRAMES[1:], strict=False)
    return torch.stack([spectrum[..., start:end].mean(-1) for start, end in edges], -1)
