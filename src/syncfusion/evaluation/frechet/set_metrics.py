"""Figures of a whole set of sounds: Fréchet distances, each with what it rests on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.distance import frechet_distance
from syncfusion.evaluation.frechet.embedders import Embedder, Embeddings, embed_all
from syncfusion.evaluation.metrics import Figure
from syncfusion.evaluation.results import SetFigure, SystemResult
from syncfusion.media import Waveform

PLAIN, ENDLESS = "frechet", "frechet_inf"
HITS = "hits_"  # before the name of a figure of single hits
Sounds = Callable[[], Iterable[Waveform]]  # read anew for every embedder


def set_figure(name: str) -> Figure:
    """Return what a set figure of this name is."""
    kind, _, embedder = name.rpartition("_")
    words = "Fréchet distance of hits" if kind.startswith(HITS) else "Fréchet distance"
    endless = ", endless sets" if kind.endswith(ENDLESS) else ""
    return Figure(f"{words}{endless} ({embedder})", "lower")


def with_distances(
    system: SystemResult, reference: Sounds, judged: Sounds, embedders: Sequence[Embedder]
) -> SystemResult:
    """Add the Fréchet distance of a system's sounds from recordings, once per embedder.

    Args:
        system: with its clips.
        reference: returns the recordings of the same clips.
        judged: returns the system's sounds.
        embedders: what to see them by.

    Returns:
        The system with a plain figure and one extrapolated to endless sets for each, and a
        problem for each that could not be computed.
    """
    figures, problems = dict(system.set_figures), list(system.problems)
    for embedder in embedders:
        try:
            recorded, made = (embed_all(embedder, sounds()) for sounds in (reference, judged))
            figures |= distances(recorded, made)
        except InputError as error:
            problems.append(f"no Fréchet distance by {embedder.name}: {error}")
    return replace(system, set_figures=figures, problems=tuple(problems))


def distances(reference: Embeddings, judged: Embeddings, prefix: str = "") -> dict[str, SetFigure]:
    """Return the plain distance and the one extrapolated to endless sets, by their names."""
    found = frechet_distance(reference, judged)
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
        f"{prefix}{PLAIN}_{found.embedder}": SetFigure(value=found.distance, n=n, about=about),
        f"{prefix}{ENDLESS}_{found.embedder}": SetFigure(
            value=found.extrapolated, n=n, interval=found.interval, about=about
        ),
    }
