"""Resources shared by the rows of a table: models, recordings, hits, classifiers."""

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
    TargetClip,
    VGGish,
    held_out_accuracy,
    train_classifier,
)
from syncfusion.experiments.conditions import KnownHit, collect_hits
from syncfusion.experiments.distances import hits_by_clip
from syncfusion.experiments.protocols import Protocol
from syncfusion.experiments.renderers import (
    UNTRAINED,
    EventRenderer,
    ModelRenderer,
    RecordingsRenderer,
    SystemRenderer,
    untrained,
)
from syncfusion.experiments.row import Source, TableRow
from syncfusion.experiments.sources import TestSet, read_test_set, read_training
from syncfusion.hashing import file_hash
from syncfusion.hits import Hit, cut_hits
from syncfusion.places import CLAP_WEIGHTS
from syncfusion.product import EVENTS, Pipeline, load
from syncfusion.prompt import ClapPromptEncoder

MAX_HITS = (
    2000  # that label accuracy is learned from; more candidate minutes and name hardly better
)


@dataclass(frozen=True)
class Training:
    """Hits of the training split.

    Args:
        known: hits by label, for reference prompts.
        hits: the hits cut out, for classifiers.
    """

    known: dict[str, list[KnownHit]]
    hits: list[Hit]

    @cached_property
    def classifiers(self) -> list[HitClassifier]:
        """One classifier per part of a label with at least two words among the hits."""
        classifiers = []
        for part in WORDS:
            try:
                classifiers.append(train_classifier(self.hits, part=part))
            except InputError:  # fewer than two words
                continue
        return classifiers

    @cached_property
    def about(self) -> str:
        """Training data of the classifiers, and their accuracy on held-out recordings."""
        if not self.classifiers:
            return "no classifier: there are no hits to train on"
        n_recordings = len({hit.source for hit in self.hits})
        sentences = [f"trained on {len(self.hits)} recorded hits of {n_recordings} recordings"]
        for classifier in self.classifiers:
            try:
                held_out = held_out_accuracy(self.hits, part=classifier.part)
            except InputError as error:
                sentences.append(f"{classifier.part}: {error}")
            else:
                sentences.append(
                    f"{classifier.part}: accuracy {held_out.accuracy:.3f} on {held_out.n} held-out "
                    f"hits, majority baseline {held_out.majority_baseline:.3f}"
                )
        return "; ".join(sentences)


@dataclass
class Resources:
    """Loads each resource once.

    Args:
        vggish: file of the VGGish weights; ignored if missing.
    """

    vggish: Path | None = None
    _pipelines: dict[tuple[str, str], Pipeline] = field(default_factory=dict)
    _test_sets: dict[Source, TestSet] = field(default_factory=dict)
    _recorded: dict[tuple[Source, Protocol], dict[str, list[Hit]]] = field(default_factory=dict)
    _trainings: dict[tuple[Path, str | None], Training] = field(default_factory=dict)

    def pipeline(self, row: TableRow) -> Pipeline:
        """Return the pipeline of a row's preset."""
        key = row.preset, row.device
        if key not in self._pipelines:
            self._pipelines[key] = load(row.preset, device=row.device)
        return self._pipelines[key]

    def test_set(self, row: TableRow) -> TestSet:
        """Return a row's recordings."""
        if row.source not in self._test_sets:
            self._test_sets[row.source] = read_test_set(row.source)
        return self._test_sets[row.source]

    def training(self, row: TableRow) -> Training:
        """Return the hits of the training split beside a row's shards; empty without one."""
        key = row.source.shards, row.train
        if key not in self._trainings:
            self._trainings[key] = _training(row)
        return self._trainings[key]

    def recorded_hits(self, row: TableRow, targets: Sequence[TargetClip]) -> dict[str, list[Hit]]:
        """Return the annotated hits of the recordings of a row's clips, by clip name.

        Rows with one source and protocol share their clips, so each clip is cut once.
        """
        hits = self._recorded.setdefault((row.source, row.protocol), {})
        hits |= hits_by_clip([target for target in targets if target.name not in hits])
        return hits

    def renderer(self, row: TableRow) -> SystemRenderer:
        """Return the renderer of a row's sounds."""
        if row.weights == "none":
            return RecordingsRenderer()
        pipeline, weights = self.pipeline(row), ""
        if row.weights == "random":
            pipeline, weights = untrained(pipeline, row.seed), UNTRAINED.format(seed=row.seed)
        kind = EventRenderer if row.render == EVENTS else ModelRenderer
        return kind(pipeline, row.seed, row.steps, row.guidance, weights)

    @cached_property
    def embedders(self) -> Sequence[Embedder]:
        """Log-mel statistics; VGGish and CLAP if their weights exist."""
        found: list[Embedder] = [LogMel()]
        if self.vggish is not None and self.vggish.is_file():
            found.append(VGGish.from_file(self.vggish))
        if CLAP_WEIGHTS.is_file():
            found.append(PromptSpace(ClapPromptEncoder(), "clap", file_hash(CLAP_WEIGHTS)))
        return found


def _training(row: TableRow) -> Training:
    hits: list[Hit] = []
    known: dict[str, list[KnownHit]] = {}
    for recording in read_training(row.source, row.train):
        collect_hits(recording, known)
        if len(hits) < MAX_HITS:
            hits += cut_hits(recording.waveform, recording.track, recording.name)
    return Training(known, hits[:MAX_HITS])
