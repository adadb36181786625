"""Label accuracy: would a listener trained on recordings name the material and the action?

A classifier learns from hits cut out of recordings and is asked about generated ones. Its accuracy
there means something only beside its accuracy on hits of recordings it never heard and beside
chance, so all three are computed here. Hits of one recording share room, microphone and object:
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

WORDS = {"material": MATERIALS, "action": ACTIONS}  # what can be asked about a hit
N_FOLDS = 6  # groups of recordings, each held out once
PENALTY = 0.3  # inverse strength of the logistic regression's; 0.02 names 4 % fewer held-out hits

Features = Float[np.ndarray, "hit feature"]
Words = list[str] | np.ndarray
Decide = Callable[[Features], np.ndarray]  # a word per hit


class Accuracy(NamedTuple):
    """How often a label was right.

    Args:
        accuracy: share of hits, 0 to 1.
        chance: share that always naming the commonest training label gets right.
        n: hits asked about; those without such a label are left out.
        n_recordings: they come from.
    """

    accuracy: float
    chance: float
    n: int
    n_recordings: int


class HitClassifier:
    """Names the material or the action of hits.

    Args:
        part: "material" or "action".
        decide: returns a word for the features of each hit.
        commonest: the word most training hits have.
        embed: turns a hit into features.
    """

    def __init__(self, part: str, decide: Decide, commonest: str, embed: Embedder) -> None:
        self.part, self.commonest = part, commonest
        self._decide, self._embed = decide, embed

    def predict(self, hits: Sequence[Hit], *, sample_rate: int = SAMPLE_RATE) -> list[str]:
        """Return the word for each hit.

        Args:
            hits: cut from a sound by ``hits.cut_hits``; their labels are not looked at.
            sample_rate: Hz, of that sound.

        Returns:
            One of ``constants.MATERIALS`` or of ``ACTIONS`` per hit.
        """
        if not hits:
            return []
        return [str(word) for word in self._decide(_features(hits, self._embed, sample_rate))]

    def accuracy(self, hits: Sequence[Hit], *, sample_rate: int = SAMPLE_RATE) -> Accuracy:
        """Compare what it names with the hits' labels.

        Args:
            hits: of recordings it was not trained on, or of generated sounds; the label of a
                generated hit is the one it was made for.
            sample_rate: Hz, of the sounds they were cut from.

        Returns:
            The share that is right.

        Raises:
            InputError: if no hit has such a label.
        """
        asked, words = _labelled(hits, self.part)
        named = self.predict(asked, sample_rate=sample_rate)
        return _accuracy(asked, words, named, [self.commonest] * len(words))


def train_classifier(
    hits: Sequence[Hit],
    *,
    part: str = "material",
    embed: Embedder | None = None,
    sample_rate: int = SAMPLE_RATE,
) -> HitClassifier:
    """Train a logistic regression on the embeddings of recorded hits.

    Args:
        hits: cut by ``hits.cut_hits``; those whose label does not name such a part are left out.
        part: what to name, "material" or "action".
        embed: turns a sound into features, averaged over its frames; None for ``LogMel``.
        sample_rate: Hz, of the recordings.

    Returns:
        The classifier.

    Raises:
        InputError: if the hits do not have two different labels.
    """
    embed = embed or LogMel()
    heard, words = _labelled(hits, part)
    _check_variety(words, part)
    model = _model().fit(_features(heard, embed, sample_rate), words)
    return HitClassifier(part, model.predict, Counter(words).most_common(1)[0][0], embed)


def held_out_accuracy(
    hits: Sequence[Hit],
    *,
    part: str = "material",
    embed: Embedder | None = None,
    sample_rate: int = SAMPLE_RATE,
) -> Accuracy:
    """Return the accuracy on recorded hits, each named by a classifier that never heard its clip.

    Args:
        hits: of two recordings or more.
        part: see ``train_classifier``.
        embed: see there.
        sample_rate: see there.

    Returns:
        Over all labelled hits; a label that only one recording has cannot be named rightly.

    Raises:
        InputError: if there are fewer than two recordings, or no two labels to train on.
    """
    from sklearn.dummy import DummyClassifier
    from sklearn.model_selection import GroupKFold, cross_val_predict

    heard, words = _labelled(hits, part)
    recordings = [hit.source for hit in heard]
    if len(set(recordings)) < 2:
        raise InputError("holding recordings out needs the hits of two or more; give more clips")
    features = _features(heard, embed or LogMel(), sample_rate)
    folds = list(GroupKFold(min(N_FOLDS, len(set(recordings)))).split(heard, groups=recordings))
    for kept, _ in folds:
        _check_variety([words[index] for index in kept], part)
    named, guessed = (
        np.asarray(cross_val_predict(model, features, words, cv=folds))
        for model in (_model(), DummyClassifier())
    )
    return _accuracy(heard, words, named, guessed)


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
    """Return the mean embedding of each hit at peak 1: level says nothing about the material."""
    sounds = [Waveform((hit.samples / hit.samples.abs().max())[None], sample_rate) for hit in hits]
    return np.stack([block.double().mean(0).numpy() for block in embed_all(embed, sounds).sounds])


def _accuracy(hits: Sequence[Hit], words: list[str], named: Words, guessed: Words) -> Accuracy:
    right, lucky = (np.equal(words, answers).mean() for answers in (named, guessed))
    return Accuracy(float(right), float(lucky), len(words), len({hit.source for hit in hits}))
