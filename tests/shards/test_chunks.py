import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers.shard_files import RATE, TIMES, CountingEncoder, recording
from syncfusion.shards.chunks import Slicing, cut_clips
from syncfusion.shards.embeddings import EncoderIdentity, embed_hits
from syncfusion.track import OnsetTrack

SIZE = 4096
ONSETS = [round(RATE * time) for time in TIMES]
IDENTITY = EncoderIdentity("counting", "abc")


def clips(found=None, seed=0, **settings):
    settings = {"chunk_size": SIZE, "shift_augment": False, "cut_prefix": False} | settings
    return list(cut_clips(found or recording(), Slicing(**settings), random.Random(seed)))


def samples_of(clip) -> list[int]:
    """The samples of a clip's onsets."""
    return clip.onsets.impulses(RATE, clip.waveform.shape[1])[0].nonzero()[:, 0].tolist()


def start_of(clip) -> int:
    """Where a clip begins; every sample of the recording is its own time plus 1."""
    return round((clip.waveform[0, -1].item() - 1) * RATE) + 1 - clip.waveform.shape[1]


def with_embeddings():
    found = recording()
    stored = embed_hits(found.waveform, found.track, CountingEncoder(), IDENTITY)
    return found._replace(embeddings=stored)


def test_clips_follow_one_another_from_the_start():
    assert [start_of(clip) for clip in clips()] == [0, SIZE, 2 * SIZE]


def test_onsets_lie_where_they_are_in_the_recording():
    for clip in clips():
        expected = [onset - start_of(clip) for onset in ONSETS]
        found = samples_of(clip)
        assert found == [onset for onset in expected if 0 <= onset < SIZE]


@given(st.integers(0, 10**6))
def test_a_random_offset_leaves_as_many_whole_clips(seed):
    starts = [start_of(clip) for clip in clips(seed=seed, shift_augment=True)]
    shift = starts[0] % SIZE
    assert 0 <= shift <= 15_360 - 3 * SIZE
    assert starts == [shift, shift + SIZE, shift + 2 * SIZE]


def test_every_offset_is_possible():
    firsts = [clips(seed=n, shift_augment=True, chunk_size=15_358)[0] for n in range(60)]
    assert {start_of(clip) for clip in firsts} == {0, 1, 2}


def test_what_comes_before_the_first_onset_is_silenced():
    whole = clips()
    for cut, clip in zip(clips(cut_prefix=True), whole, strict=True):
        first = samples_of(clip)[0]
        assert not cut.waveform[:, :first].any()
        assert torch.equal(cut.waveform[:, first:], clip.waveform[:, first:])


def test_clips_without_an_onset_are_left_out():
    found = recording(times=(0.1,), labels=("wood hit",))
    assert [start_of(clip) for clip in clips(found)] == [SIZE]


def test_one_clip_of_a_recording_is_its_first_or_none():
    assert [start_of(clip) for clip in clips(one_chunk_per_track=True)] == [0]
    late = recording(times=(0.1,), labels=("wood hit",))
    assert clips(late, one_chunk_per_track=True) == []


def test_a_clip_needs_an_onset_early_enough():
    firsts = [samples_of(clip)[0] for clip in clips()]
    late = firsts.index(max(firsts))
    kept = [start_of(clip) for clip in clips(onset_check_length=max(firsts))]
    assert kept == [start for start in (0, SIZE, 2 * SIZE) if start != late * SIZE]
    assert len(clips(onset_check_length=max(firsts) + 1)) == 3


def test_a_short_recording_is_one_clip_followed_by_silence():
    [clip] = clips(chunk_size=16_384)
    assert torch.equal(clip.waveform[:, :15_360], recording().waveform.samples)
    assert not clip.waveform[:, 15_360:].any()


def test_predicted_onsets_are_the_condition_and_annotated_ones_cut():
    found = recording(predicted=OnsetTrack((0.05, 0.3)))
    whole = clips(found, chunk_size=15_360, cut_prefix=True)
    assert samples_of(whole[0]) == [2400, 14_400]
    assert whole[0].waveform[0].nonzero()[0, 0] == ONSETS[0]


def test_the_published_reference_is_a_hit_of_the_clip_that_ends_with_it():
    for seed in range(8):
        for clip in clips(seed=seed, reference="clip", text_fraction=0.0):
            onsets = samples_of(clip)
            ends = [*onsets[1:], SIZE]
            hits = [clip.waveform[:, a:b] for a, b in zip(onsets, ends, strict=True)]
            assert any(torch.equal(clip.prompt.sound, hit) for hit in hits)


def test_the_other_reference_is_a_whole_hit_of_the_label_from_outside_the_clip():
    sounds = {
        clip.prompt.sound for seed in range(8) for clip in clips(seed=seed, text_fraction=0.0)
    }
    shown = {(round((sound[0, 0].item() - 1) * RATE), sound.shape[1]) for sound in sounds}
    lengths = [end - start for start, end in zip(ONSETS, [*ONSETS[1:], 15_360], strict=True)]
    assert shown <= set(zip(ONSETS, lengths, strict=True))


@pytest.mark.parametrize(
    ("share", "lowest", "highest"), [(0.0, 0, 0), (0.5, 0.4, 0.6), (1.0, 1, 1)]
)
def test_labelled_hits_are_prompted_by_text_as_often_as_told(share, lowest, highest):
    found = recording(labels=("wood hit",) * 6)
    prompts = [c.prompt for seed in range(200) for c in clips(found, seed, text_fraction=share)]
    texts = [prompt for prompt in prompts if prompt.text]
    assert lowest <= len(texts) / len(prompts) <= highest
    assert all(prompt.text == "wood hit" and prompt.sound.shape == (1, 0) for prompt in texts)


def test_labels_that_were_not_annotated_are_no_text():
    found = recording(labels=("", "wood None", "None hit", "None None", "", ""))
    assert all(
        c.prompt.text == "" for seed in range(8) for c in clips(found, seed, text_fraction=1.0)
    )


def test_the_embedding_of_the_shard_is_that_of_the_prompt():
    encoder = CountingEncoder()
    found = with_embeddings()
    prompts = [clip.prompt for seed in range(8) for clip in clips(found, seed)]
    assert {bool(prompt.text) for prompt in prompts} == {True, False}
    for prompt in prompts:
        heard = found.waveform.__class__(prompt.sound, RATE)
        torch.testing.assert_close(prompt.embedding, encoder.embed(prompt.text or heard))
        assert prompt.encoder == IDENTITY


def test_without_embeddings_in_the_shard_prompts_have_none():
    assert {(c.prompt.embedding, c.prompt.encoder) for c in clips()} == {(None, None)}


def test_the_same_chance_cuts_the_same_clips():
    def drawn(seed):
        found = clips(seed=seed, shift_augment=True)
        return [(start_of(clip), clip.prompt.text, clip.prompt.sound.sum()) for clip in found]

    assert drawn(3) == drawn(3) != drawn(4)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"chunk_size": 0}, "chunk_size is 1 or more"),
        ({"text_fraction": 1.5}, "text_fraction 0 to 1"),
        ({"reference": "neighbour"}, "reference is label or clip"),
    ],
)
def test_settings_out_of_range_are_an_error(settings, reason):
    with pytest.raises(ValueError, match=reason):
        Slicing(**settings)
