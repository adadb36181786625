"""Metrics of a whole set of sounds: Fréchet distances, each with the inputs it depends on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.distance import frechet_distance
from syncfusion.evaluation.frechet.embedders import Embedder, Embeddings, embed_all
from syncfusion.evaluation.metrics import Metric
from syncfusion.evaluation.results import SetMetric, SystemResult
from syncfusion.media import Waveform

PLAIN, INFINITY = "frechet", "frechet_inf"
HITS = "hits_"  # prefix of the metrics of single hits
Sounds = Callable[[], Iterable[Waveform]]  # reads the sounds again for every embedder


def set_metric(name: str) -> Metric:
    """Return title and direction of a set metric."""
    kind, _, embedder = name.rpartition("_")
    title = "FAD∞" if kind.endswith(INFINITY) else "Fréchet distance"
    of_hits = " of hits" if kind.startswith(HITS) else ""
    return Metric(f"{title}{of_hits} ({embedder})", "lower")


def with_distances(
    system: SystemResult, reference: Sounds, generated: Sounds, embedders: Sequence[Embedder]
) -> SystemResult:
    """Add the Fréchet distance of a system's sounds from recordings, once per embedder.

    Args:
        system: a system with its clips.
        reference: returns the recordings of the same clips.
        generated: returns the system's sounds.
        embedders: the embedders to use.

    Returns:
        The system with the plain distance and FAD∞ per embedder, and a problem for each embedder
        that failed.
    """
    metrics, problems = dict(system.set_metrics), list(system.problems)
    for embedder in embedders:
        try:
            recorded, made = (embed_all(embedder, sounds()) for sounds in (reference, generated))
            metrics |= distances(recorded, made)
        except InputError as error:
            problems.append(f"no Fréchet distance by {embedder.name}: {error}")
    return replace(system, set_metrics=metrics, problems=tuple(problems))


def distances(
    reference: Embeddings, generated: Embeddings, prefix: str = ""
) -> dict[str, SetMetric]:
    """Return the plain distance and FAD∞ by metric name."""
    found = frechet_distance(reference, generated)
    about = {
        "embedder": found.embedder,
        "weights": found.weights,
        "dtype": found.dtype,
        "features": found.n_features,
        "sounds": found.n_sounds,
        "frames": found.n_frames,
        "libraries": found.libraries,
    }
    n = found.n_sounds[1]
    return {
        f"{prefix}{PLAIN}_{found.embedder}": SetMetric(value=found.distance, n=n, about=about),
        f"{prefix}{INFINITY}_{found.embedder}": SetMetric(
            value=found.extrapolated, n=n, interval=found.interval, about=about
        ),
    }
