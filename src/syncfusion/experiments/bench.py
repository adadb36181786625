"""What the rows of a table share: models, recordings, hits, classifiers; each loaded once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.evaluation import (
    WORDS,
    Embedder,
    HitClassifier,
    LogMel,
    PromptSpace,
    VGGish,
    held_out_accuracy,
    train_classifier,
)
from syncfusion.experiments.conditions import KnownHit, collect_hits
from syncfusion.experiments.makers import UNTRAINED, Maker, Recordings, Rendering, untrained
from syncfusion.experiments.row import Row, Source
from syncfusion.experiments.sources import TestSet, read_test_set, read_training
from syncfusion.hits import Hit, cut_hits
from syncfusion.places import CLAP_WEIGHTS
from syncfusion.product import Pipeline, load
from syncfusion.prompt import ClapPromptEncoder
from syncfusion.weights import file_hash

MAX_HITS = 2000  # that label accuracy is learned from; more take minutes and name hardly better


@dataclass(frozen=True)
class Training:
    """What is learned from the recordings of the training split.

    Args:
        known: their hits by label, for references.
        hits: the same, cut out, for classifiers.
    """

    known: dict[str, list[KnownHit]]
    hits: list[Hit]

    @cached_property
    def classifiers(self) -> list[HitClassifier]:
        """One per part of a label that the hits have two words of."""
        found = []
        for part in WORDS:
            try:
                found.append(train_classifier(self.hits, part=part))
            except InputError:  # no two words: nothing to tell apart
                continue
        return found

    @cached_property
    def about(self) -> str:
        """What the classifiers learned from, and how good they are on recordings held out."""
        if not self.classifiers:
            return "nothing to learn it from"
        n_recordings = len({hit.source for hit in self.hits})
        told = [f"learned from {len(self.hits)} recorded hits of {n_recordings} recordings"]
        for classifier in self.classifiers:
            try:
                held_out = held_out_accuracy(self.hits, part=classifier.part)
            except InputError as error:
                told.append(f"{classifier.part}: {error}")
            else:
                told.append(
                    f"{classifier.part} of {held_out.n} held-out hits {held_out.accuracy:.3f}, "
                    f"always the commonest {held_out.chance:.3f}"
                )
        return "; ".join(told)


@dataclass
class Bench:
    """Loads things once.

    Args:
        vggish: weights, used where the file is there.
    """

    vggish: Path | None = None
    _pipelines: dict[tuple[str, str], Pipeline] = field(default_factory=dict)
    _test_sets: dict[Source, TestSet] = field(default_factory=dict)
    _trainings: dict[tuple[Path, str | None], Training] = field(default_factory=dict)

    def pipeline(self, row: Row) -> Pipeline:
        """Return the preset of a row, loaded."""
        key = row.preset, row.device
        if key not in self._pipelines:
            self._pipelines[key] = load(row.preset, device=row.device)
        return self._pipelines[key]

    def test_set(self, row: Row) -> TestSet:
        """Return the recordings of a row."""
        if row.source not in self._test_sets:
            self._test_sets[row.source] = read_test_set(row.source)
        return self._test_sets[row.source]

    def training(self, row: Row) -> Training:
        """Return what the training split beside a row's shards teaches; nothing without one."""
        key = row.source.shards, row.train
        if key not in self._trainings:
            self._trainings[key] = _training(row)
        return self._trainings[key]

    def maker(self, row: Row) -> Maker:
        """Return what makes the sounds of a row."""
        if row.weights == "none":
            return Recordings()
        pipeline, told = self.pipeline(row), ""
        if row.weights == "random":
            pipeline, told = untrained(pipeline, row.seed), UNTRAINED.format(seed=row.seed)
        return Rendering(pipeline, row.seed, row.steps, row.guidance, told)

    @cached_property
    def embedders(self) -> Sequence[Embedder]:
        """Log-mel statistics, and VGGish and CLAP where their weights are."""
        found: list[Embedder] = [LogMel()]
        if self.vggish is not None and self.vggish.is_file():
            found.append(VGGish.from_file(self.vggish))
        if CLAP_WEIGHTS.is_file():
            found.append(PromptSpace(ClapPromptEncoder(), "clap", file_hash(CLAP_WEIGHTS)))
        return found


def _training(row: Row) -> Training:
    hits: list[Hit] = []
    known: dict[str, list[KnownHit]] = {}
    for recording in read_training(row.source, row.train):
        collect_hits(recording, known)
        if len(hits) < MAX_HITS:
            hits += cut_hits(recording.waveform, recording.track, recording.name)
    return Training(known, hits[:MAX_HITS])
