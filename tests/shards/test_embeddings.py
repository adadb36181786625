import pytest
import torch

from helpers.shard_files import LABELS, TIMES, CountingEncoder, recording
from syncfusion.errors import InputError
from syncfusion.media.audio import Waveform
from syncfusion.shards.embeddings import EncoderIdentity, HitEmbeddings, as_text, embed_hits
from syncfusion.track import OnsetTrack

IDENTITY = EncoderIdentity("counting", "0123456789abcdef")


def embedded(**changes):
    found = recording(**changes)
    return embed_hits(found.waveform, found.track, CountingEncoder(), IDENTITY)


def test_every_hit_is_embedded_on_its_own():
    found = recording()
    starts = [round(48_000 * time) for time in TIMES]
    for start, end, vector in zip(starts, [*starts[1:], 15_360], embedded().hits, strict=True):
        sound = Waveform(found.waveform.samples[:, start:end], 48_000)
        torch.testing.assert_close(vector, CountingEncoder().embed(sound))


def test_every_label_that_is_a_text_is_embedded_once():
    assert set(embedded().texts) == {"wood hit", "metal scratch"}
    vector = embedded().texts["wood hit"]
    torch.testing.assert_close(vector, CountingEncoder().embed("wood hit"))


def test_hits_that_cannot_be_heard_are_not_given_to_the_encoder():
    found = recording()
    found.waveform.samples[:, :5760] = 0
    encoder = CountingEncoder()
    stored = embed_hits(found.waveform, found.track, encoder, IDENTITY)
    assert stored.hits.norm(dim=1).tolist() == pytest.approx([0, 0, 1, 1, 1, 1])
    assert encoder.n_embedded == 4 + 2


def test_what_is_written_is_read_back():
    stored = embedded()
    content = stored.to_bytes()
    found = HitEmbeddings.from_bytes(content, recording().track)
    assert (found.encoder, set(found.texts)) == (IDENTITY, set(stored.texts))
    assert torch.equal(found.hits, stored.hits)
    assert all(torch.equal(found.texts[text], stored.texts[text]) for text in stored.texts)
    assert content == embedded().to_bytes()


def test_a_recording_without_labels_can_be_written_and_read():
    stored = embedded(labels=("",) * 6)
    assert HitEmbeddings.from_bytes(stored.to_bytes(), OnsetTrack(TIMES)).texts == {}


@pytest.mark.parametrize(
    "track", [OnsetTrack(TIMES[1:], labels=LABELS[1:]), OnsetTrack(TIMES, labels=["glass hit"] * 6)]
)
def test_embeddings_of_other_onsets_are_an_error(track):
    with pytest.raises(InputError, match="embeddings of other onsets"):
        HitEmbeddings.from_bytes(embedded().to_bytes(), track)


@pytest.mark.parametrize("content", [b"", b"no file at all", None])
def test_what_is_no_embeddings_is_an_error(content):
    content = embedded().to_bytes()[:900] if content is None else content
    with pytest.raises(InputError, match="embeddings that cannot be read"):
        HitEmbeddings.from_bytes(content, recording().track)


def test_an_embedding_file_never_runs_code(tmp_path):
    import io

    import numpy as np

    content = io.BytesIO()
    np.savez(content, encoder=np.array([object()], dtype=object))
    with pytest.raises(InputError, match="embeddings that cannot be read"):
        HitEmbeddings.from_bytes(content.getvalue(), recording().track)


def test_a_label_is_a_text_unless_part_of_it_is_unknown():
    labels = ("wood hit", "None hit", "wood None", "")
    assert [as_text(label) for label in labels] == ["wood hit", "", "", ""]
