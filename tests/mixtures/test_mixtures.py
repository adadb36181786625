import random
from itertools import islice

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.constants import SAMPLE_RATE
from syncfusion.hits import LEAD_SECONDS, Hit
from syncfusion.mixtures.data import DiffusionData
from syncfusion.mixtures.mixtures import (
    REFERENCE_RMS,
    HitGroup,
    HitMixtures,
    MixtureConfig,
    group_hits,
    loudest_rms,
    place_hits,
    random_track,
)
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack

LEAD = round(LEAD_SECONDS * SAMPLE_RATE)
BURST = torch.cat([torch.zeros(LEAD), 0.5 * torch.ones(2400)])
CONFIG = MixtureConfig(clip_samples=2**16, empty_fraction=0.0)
GROUPS = [
    HitGroup([BURST, BURST / 2], torch.eye(2, 4), "wood hit"),
    HitGroup([BURST], torch.full((1, 4), 7.0), ""),
]


def mixtures(seed: int = 0, length: int | None = 4, **settings) -> HitMixtures:
    config = MixtureConfig(**{"clip_samples": 2**16, "empty_fraction": 0.0} | settings)
    return HitMixtures(
        GROUPS,
        [1.0, 1.0],
        config,
        lambda texts: torch.full((len(texts), 4), -1.0),
        lambda label, rng: label,
        seed,
        length,
    )


@pytest.mark.parametrize("again", [True, False])
def test_a_seed_decides_the_stream(again):
    first, second = mixtures(seed=3), mixtures(seed=3 if again else 4)
    same = [
        all(torch.equal(*parts) for parts in zip(*(clip[:3] for clip in clips), strict=True))
        for clips in zip(first, second, strict=True)
    ]
    assert same == [again] * 4


def test_a_stream_without_a_length_does_not_end():
    assert len(list(islice(mixtures(length=None), 12))) == 12


def test_energy_rises_at_the_first_impulse_within_two_milliseconds():
    for clip in mixtures(length=16):
        onset = clip.impulses[0].nonzero()[0, 0].item()
        before, after = clip.waveform[0, : max(0, onset - 96)], clip.waveform[0, onset : onset + 96]
        assert not before.any()
        assert after.abs().max() > 0.01


def test_a_clip_of_one_hit_has_its_onset_where_takes_have_theirs():
    clips = list(mixtures(single_fraction=1.0, single_time=0.1, length=8))
    for clip in clips:
        assert clip.impulses[0].nonzero()[:, 0].tolist() == [4800]
        assert clip.waveform[0, :4608].abs().max() == 0
        assert clip.waveform[0, 4800:4900].abs().max() > 0
        assert clip.waveform[0, 4800 + len(BURST) :].abs().max() == 0


def test_as_many_clips_are_one_hit_as_configured():
    settings = {"single_fraction": 0.7, "single_time": 0.25, "length": 60}
    clips = mixtures(**settings)
    n_single = sum(clip.impulses[0].nonzero()[:, 0].tolist() == [12_000] for clip in clips)
    assert 0.5 < n_single / 60 < 0.9


def test_a_hit_after_the_end_of_its_clip_is_an_error():
    with pytest.raises(ValueError, match="no clip of 4096 samples lasts 0.1 s"):
        MixtureConfig(clip_samples=4096, single_time=0.1)


def test_a_clip_without_onsets_is_silent():
    clips = list(mixtures(empty_fraction=1.0))
    assert not any(clip.impulses.any() or clip.waveform.any() for clip in clips)


@pytest.mark.parametrize(("fraction", "expected"), [(0.0, 0), (1.0, 20)])
def test_labelled_groups_are_prompted_by_text_as_often_as_configured(fraction, expected):
    stream = mixtures(text_fraction=fraction, length=20)
    stream.groups, stream.weights = GROUPS[:1], [1.0]
    assert sum((clip.embedding == -1).all().item() for clip in stream) == expected


def test_a_group_without_a_label_is_prompted_by_sound():
    stream = mixtures(text_fraction=1.0, length=8)
    stream.weights = [0.0, 1.0]
    assert all((clip.embedding == 7).all() for clip in stream)


@given(st.integers(0, 10**6))
def test_random_onsets_keep_their_distance_and_stay_in_the_clip(seed):
    track = random_track(CONFIG, random.Random(seed))
    assert len(track) >= 1
    gaps = [after - before for before, after in zip(track.times, track.times[1:], strict=False)]
    assert min(gaps, default=1) >= CONFIG.minimum_gap - 1e-9
    assert all(CONFIG.softest <= gain <= 1 for gain in track.gains)


def test_a_hit_is_placed_with_its_attack_on_the_onset_at_its_gain():
    track = OnsetTrack((0.01, 0.5), gains=(0.5, 2.0))
    clip = place_hits(track, [BURST, BURST], 2**16)
    expected = torch.zeros(1, 2**16)
    expected[0, 480:2880], expected[0, 24_000:26_400] = 0.25, 1.0
    torch.testing.assert_close(clip, expected)


def test_a_hit_on_the_edge_of_the_clip_is_cut_off():
    clip = place_hits(OnsetTrack((0.0, 2**16 / SAMPLE_RATE - 0.001)), [BURST, BURST], 2**16)
    assert clip.shape == (1, 2**16)
    assert (clip[0, 0], clip[0, -1]) == (0.5, 0.5)


def test_hits_of_different_lengths_are_added():
    tracks = OnsetTrack((0.01, 0.02))
    clip = place_hits(tracks, [BURST, BURST[:600]], 2**16)
    assert clip.max() == 1.0


def test_hits_are_grouped_by_label_and_by_recording_at_one_loudness():
    labels = [("wood hit", "a"), ("wood hit", "b"), ("", "a")]
    hits = [Hit(gain * BURST, *of) for gain, of in zip((1, 0.1, 0.5), labels, strict=True)]
    groups = group_hits(hits, lambda hits: torch.arange(len(hits))[:, None].float())
    found = sorted((group.label, group.embeddings[:, 0].tolist()) for group in groups)
    assert found == [("", [2]), ("wood hit", [0]), ("wood hit", [0, 1]), ("wood hit", [1])]
    loudness = [loudest_rms(hit) for group in groups for hit in group.hits]
    assert loudness == pytest.approx([REFERENCE_RMS] * 5)


def test_the_loudness_of_a_hit_is_that_of_its_loudest_part():
    sound = torch.cat([torch.zeros(4800), 0.5 * torch.ones(960), torch.zeros(4800)])
    assert loudest_rms(sound) == pytest.approx(0.5)


def test_batches_are_stacked_clips():
    data = DiffusionData(mixtures(length=None), mixtures(), batch_size=2)
    batches = list(data.val_dataloader())
    assert [tuple(part.shape) for part in batches[0][:3]] == [
        (2, 1, 2**16),
        (2, 1, 2**16),
        (2, 1, 4),
    ]
    assert len(batches) == 2
    assert next(iter(data.train_dataloader())).waveform.shape == (2, 1, 2**16)


def test_training_goes_on_with_the_batch_after_the_last():
    whole, resumed = (DiffusionData(mixtures(length=None), mixtures(), 2) for _ in range(2))
    batches = list(islice(whole.train_dataloader(), 4))
    resumed.load_state_dict({"n_batches": 2})
    for expected, found in zip(batches[2:], resumed.train_dataloader(), strict=False):
        assert torch.equal(expected.waveform, found.waveform)
    assert not torch.equal(batches[0].waveform, batches[2].waveform)


def test_batches_are_the_same_whichever_process_draws_them():
    alone, helped = (DiffusionData(mixtures(length=None), mixtures(), 2, n) for n in (0, 2))
    pairs = zip(alone.train_dataloader(), helped.train_dataloader(), strict=True)
    assert all(torch.equal(one.waveform, other.waveform) for one, other in islice(pairs, 3))


def test_gpus_take_turns(monkeypatch):
    monkeypatch.setattr(DiffusionData, "n_ranks", 2)
    shared = {}
    for rank in (0, 1):
        monkeypatch.setattr(DiffusionData, "rank", rank)
        data = DiffusionData(mixtures(length=None), mixtures(), 2)
        shared[rank] = list(islice(data.train_dataloader().numbers(), 3))
    assert shared == {0: [0, 2, 4], 1: [1, 3, 5]}


def test_quiet_noise_is_not_raised_without_bound():
    hits = [Hit(1e-9 * torch.randn(960, generator=seeded(0)), "", "a")]
    [group] = group_hits(hits, lambda hits: torch.zeros(len(hits), 4))
    assert group.hits[0].abs().max() < 1e-4
