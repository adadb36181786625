import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.distance import frechet_distance
from syncfusion.evaluation.frechet.embedders import Embeddings, LogMel, embed_all
from syncfusion.evaluation.frechet.gaussian import Gaussian, squared_distance
from syncfusion.hits import cut_hits
from syncfusion.media.audio import Waveform, read_audio
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack


def embeddings(values, embedder="test", weights="none"):
    """One sound per row."""
    rows = torch.as_tensor(values, dtype=torch.float64)
    return Embeddings(tuple(rows[:, None]), embedder, weights, "float64")


def normal(n, features, seed=0, shift=0.0, spread=1.0):
    return shift + spread * torch.randn(n, features, generator=seeded(seed), dtype=torch.float64)


def plain(first, second):
    return squared_distance(Gaussian.of(first), Gaussian.of(second))


def published(first, second):
    """The formula of the published packages, through scipy's general matrix root."""
    a, b = (each.frames().numpy() for each in (first, second))
    covariances = [np.atleast_2d(np.cov(each, rowvar=False)) for each in (a, b)]
    root = sqrtm(covariances[0] @ covariances[1]).real
    difference = a.mean(0) - b.mean(0)
    return difference @ difference + np.trace(covariances[0] + covariances[1] - 2 * root)


def test_one_feature_by_hand():
    # means 1 and 4, standard deviations 1 and 2: (1 - 4)² + (1 - 2)² = 10
    first, second = embeddings([[0.0], [1.0], [2.0]]), embeddings([[2.0], [4.0], [6.0]])
    assert plain(first, second) == pytest.approx(10)


def test_independent_features_add_up():
    # standard deviations 1 and 2 per feature, equal means: 1 + 1
    square = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]
    scale = np.sqrt(3 / 4)  # the unbiased variance of ±1 four times is 4/3
    first, second = embeddings(scale * np.array(square)), embeddings(2 * scale * np.array(square))
    assert plain(first, second) == pytest.approx(2)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**31), n=st.integers(20, 60), features=st.integers(1, 12))
def test_it_is_the_published_formula(seed, n, features):
    first = embeddings(normal(n, features, seed) @ normal(features, features, seed + 1))
    second = embeddings(normal(n, features, seed + 2, shift=0.5))
    assert plain(first, second) == pytest.approx(published(first, second), rel=1e-6)


def test_covariances_without_full_rank_do_no_harm():
    first, second = embeddings(normal(20, 64)), embeddings(normal(20, 64, seed=1, shift=0.1))
    assert plain(first, second) == pytest.approx(published(first, second), rel=1e-4)


def test_a_set_is_no_distance_from_itself_and_the_order_of_two_does_not_matter():
    first, second = embeddings(normal(50, 8)), embeddings(normal(40, 8, seed=1, spread=2.0))
    assert plain(first, first) == pytest.approx(0, abs=1e-9)
    assert plain(first, second) == pytest.approx(plain(second, first))


def test_a_result_says_what_it_rests_on():
    first, second = embeddings(normal(6, 3)), embeddings(normal(5, 3, seed=1))
    found = frechet_distance(first, second)
    assert (found.n_sounds, found.n_frames, found.n_features) == ((6, 5), (6, 5), 3)
    assert (found.embedder, found.weights, found.dtype) == ("test", "none", "float64")
    assert found.distance == pytest.approx(plain(first, second))


def test_the_seed_decides_the_draws():
    first, second = embeddings(normal(20, 3)), embeddings(normal(20, 3, seed=1))
    assert frechet_distance(first, second, seed=1) == frechet_distance(first, second, seed=1)
    one, two = (frechet_distance(first, second, seed=seed) for seed in (1, 2))
    assert one.distance == two.distance
    assert one.extrapolated != two.extrapolated


def test_one_embedding_is_refused():
    with pytest.raises(InputError, match=r"2 embeddings or more.*1 sound\(s\) gave 1"):
        frechet_distance(embeddings(normal(5, 3)), embeddings(normal(1, 3)))


def test_what_is_no_number_is_refused():
    with pytest.raises(InputError, match="not finite"):
        frechet_distance(embeddings([[1.0], [float("nan")]]), embeddings([[1.0], [2.0]]))


@pytest.mark.parametrize("other", [{"embedder": "clap"}, {"weights": "f00"}])
def test_sets_of_two_embedders_are_not_compared(other):
    with pytest.raises(InputError, match="use the same for both"):
        frechet_distance(embeddings(normal(5, 3)), embeddings(normal(5, 3), **other))


def test_real_hits_are_nearer_to_other_real_hits_than_noise_is(greatest_hits):
    halves = []
    for name in ("2015-02-23-21-03-31", "2015-03-12-20-11-15"):
        sound = read_audio(
            greatest_hits / "videos" / f"{name}_mic.mp4", sample_rate=48_000, mono=True
        )
        track = OnsetTrack.read(greatest_hits / "times" / f"{name}_times.txt")
        hits = [hit.samples for hit in cut_hits(sound, track, name)]
        halves.append(embed_all(LogMel(), [Waveform(hit[None], 48_000) for hit in hits]))
    noise = [Waveform(normal(1, 9600, seed=seed).float() / 10, 48_000) for seed in range(30)]
    assert 5 * plain(*halves) < plain(halves[0], embed_all(LogMel(), noise))
