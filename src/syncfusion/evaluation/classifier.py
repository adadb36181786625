"""Label accuracy: does a classifier trained on recorded hits name material and action correctly?

The classifier learns from hits cut from recordings and labels hits of generated sounds. That
accuracy is interpretable only beside the accuracy on held-out recordings and the majority
baseline, so all three are computed here. Hits of one recording share room, microphone and object:
whole recordings are held out, never single hits.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from jaxtyping import Float

from syncfusion.constants import ACTIONS, MATERIALS, SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.evaluation.frechet import Embedder, LogMel, embed_all
from syncfusion.hits import Hit
from syncfusion.media import Waveform
from syncfusion.prompt import parse_label

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

WORDS = {"material": MATERIALS, "action": ACTIONS}  # parts of a label and their vocabularies
N_FOLDS = 6  # groups of recordings, each held out once
PENALTY = 0.3  # inverse regularisation strength; at 0.02 held-out accuracy is 4 % lower

Features = Float[np.ndarray, "hit feature"]
Words = list[str] | np.ndarray
Decide = Callable[[Features], np.ndarray]  # a word per hit


class Accuracy(NamedTuple):
    """Accuracy of predicted labels.

    Args:
        accuracy: fraction of correct labels, 0 to 1.
        majority_baseline: accuracy of always predicting the most frequent training label.
        n: number of hits; hits without such a label are left out.
        n_recordings: number of recordings they come from.
    """

    accuracy: float
    majority_baseline: float
    n: int
    n_recordings: int


class HitClassifier:
    """Predicts the material or the action of hits.

    Args:
        part: "material" or "action".
        decide: returns a word per row of features.
        majority: most frequent word of the training hits.
        embed: embedder of the hits.
    """

    def __init__(self, part: str, decide: Decide, majority: str, embed: Embedder) -> None:
        self.part, self.majority = part, majority
        self._decide, self._embed = decide, embed

    def predict(self, hits: Sequence[Hit], *, sample_rate: int = SAMPLE_RATE) -> list[str]:
        """Return a word per hit.

        Args:
            hits: hits cut from a sound by ``hits.cut_hits``; their labels are ignored.
            sample_rate: rate of that sound in Hz.

        Returns:
            One of ``constants.MATERIALS`` or of ``ACTIONS`` per hit.
        """
        if not hits:
            return []
        return [str(word) for word in self._decide(_features(hits, self._embed, sample_rate))]

    def accuracy(self, hits: Sequence[Hit], *, sample_rate: int = SAMPLE_RATE) -> Accuracy:
        """Compare predictions with the hits' labels.

        Args:
            hits: hits of recordings outside the training set, or of generated sounds with the label
                they were rendered for.
            sample_rate: rate of the sounds in Hz.

        Returns:
            The accuracy and its majority baseline.

        Raises:
            InputError: if no hit has such a label.
        """
        labelled, words = _labelled(hits, self.part)
        predicted = self.predict(labelled, sample_rate=sample_rate)
        return _accuracy(labelled, words, predicted, [self.majority] * len(words))


def train_classifier(
    hits: Sequence[Hit],
    *,
    part: str = "material",
    embed: Embedder | None = None,
    sample_rate: int = SAMPLE_RATE,
) -> HitClassifier:
    """Train a logistic regression on the embeddings of recorded hits.

    Args:
        hits: hits cut by ``hits.cut_hits``; hits without a label for this part are left out.
        part: what to predict, "material" or "action".
        embed: embedder; its vectors are averaged over a hit. None for ``LogMel``.
        sample_rate: rate of the recordings in Hz.

    Returns:
        The classifier.

    Raises:
        InputError: if the hits do not have two different labels.
    """
    embed = embed or LogMel()
    labelled, words = _labelled(hits, part)
    _check_variety(words, part)
    model = _model().fit(_features(labelled, embed, sample_rate), words)
    return HitClassifier(part, model.predict, Counter(words).most_common(1)[0][0], embed)


def held_out_accuracy(
    hits: Sequence[Hit],
    *,
    part: str = "material",
    embed: Embedder | None = None,
    sample_rate: int = SAMPLE_RATE,
) -> Accuracy:
    """Return the cross-validated accuracy on recorded hits, with whole recordings held out.

    Args:
        hits: hits of two recordings or more.
        part: see ``train_classifier``.
        embed: see ``train_classifier``.
        sample_rate: see ``train_classifier``.

    Returns:
        Accuracy over all labelled hits; a label of a single recording is never predicted correctly.

    Raises:
        InputError: if there are fewer than two recordings, or fewer than two labels to train on.
    """
    from sklearn.dummy import DummyClassifier
    from sklearn.model_selection import GroupKFold, cross_val_predict

    labelled, words = _labelled(hits, part)
    recordings = [hit.source for hit in labelled]
    if len(set(recordings)) < 2:
        raise InputError("holding recordings out needs the hits of two or more; give more clips")
    features = _features(labelled, embed or LogMel(), sample_rate)
    folds = list(GroupKFold(min(N_FOLDS, len(set(recordings)))).split(labelled, groups=recordings))
    for kept, _ in folds:
        _check_variety([words[index] for index in kept], part)
    predicted, baseline = (
        np.asarray(cross_val_predict(model, features, words, cv=folds))
        for model in (_model(), DummyClassifier())
    )
    return _accuracy(labelled, words, predicted, baseline)


def _model() -> "Pipeline":
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=5000))


def _labelled(hits: Sequence[Hit], part: str) -> tuple[list[Hit], list[str]]:
    words = WORDS[part]
    indices = [getattr(parse_label(hit.label), part) for hit in hits]
    kept = [(hit, words[index]) for hit, index in zip(hits, indices, strict=True) if index >= 0]
    if not kept:
        raise InputError(
            f"none of the {len(hits)} hits has a label that names a known {part}; "
            "check the labels in the annotation"
        )
    return [hit for hit, _ in kept], [word for _, word in kept]


def _check_variety(words: Sequence[str], part: str) -> None:
    if len(set(words)) < 2:
        raise InputError(
            f"all {len(words)} hits to train on have the {part} {words[0]!r}; "
            "give recordings with two or more"
        )


def _features(hits: Sequence[Hit], embed: Embedder, sample_rate: int) -> Features:
    """Return the mean embedding of each hit at peak 1, so that loudness is no feature."""
    sounds = [Waveform((hit.samples / hit.samples.abs().max())[None], sample_rate) for hit in hits]
    return np.stack([block.double().mean(0).numpy() for block in embed_all(embed, sounds).sounds])


def _accuracy(hits: Sequence[Hit], words: list[str], predicted: Words, baseline: Words) -> Accuracy:
    correct, majority = (np.equal(words, answers).mean() for answers in (predicted, baseline))
    n_recordings = len({hit.source for hit in hits})
    return Accuracy(float(correct), float(majority), len(words), n_recordings)
