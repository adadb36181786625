import io
import logging

import numpy as np
import pytest
import soundfile
import torch

from helpers.shard_files import LABELS, TIMES, csv, make_shard, wav, write_tar
from syncfusion.errors import InputError
from syncfusion.shards.recording import Faults, read_recordings
from syncfusion.track import OnsetTrack

GOOD = {"resampled.wav": wav(), "times.csv": csv().encode()}


def broken_wav() -> bytes:
    content = bytearray(wav())
    content[:4] = b"RIFX"
    return bytes(content[:60])


def wav_of_nan() -> bytes:
    content = io.BytesIO()
    soundfile.write(content, np.full(4800, np.nan), 48_000, format="wav", subtype="FLOAT")
    return content.getvalue()


FAULTS = {
    "has no times.csv": {"times.csv": None},
    "has no resampled.wav": {"resampled.wav": None},
    "has no onset in its times.csv": {"times.csv": b""},
    "has a times.csv that cannot be read: line 1": {"times.csv": b"soon,wood hit"},
    "has a times.csv that cannot be read: it is not a text file": {"times.csv": b"PNG\0"},
    "has a times.pred.csv that cannot be read": {"times.pred.csv": b"soon"},
    "is 44100 Hz with 1 channels": {"resampled.wav": wav(rate=44_100)},
    "is 48000 Hz with 2 channels": {"resampled.wav": wav(channels=2)},
    "has a resampled.wav that cannot be read": {"resampled.wav": broken_wav()},
    "has a resampled.wav with samples that are no numbers": {"resampled.wav": wav_of_nan()},
    "has embeddings that cannot be read": {"embeddings.npz": b"PK but no zip"},
}


def sample(name: str, **changes: bytes | None) -> dict[str, bytes]:
    members = GOOD | {member.replace("_", "."): content for member, content in changes.items()}
    return {
        f"{name}.{member}": content for member, content in members.items() if content is not None
    }


def shard(tmp_path, *samples):
    members = {name: content for found in samples for name, content in found.items()}
    return write_tar(tmp_path / "shard.tar", members)


def test_a_shard_gives_back_the_recordings_in_order_of_name(tmp_path):
    shard = make_shard(tmp_path / "shard.tar", "b a")
    recordings = list(read_recordings(shard))
    assert [recording.name for recording in recordings] == ["a", "b"]
    for recording in recordings:
        assert recording.track == OnsetTrack(TIMES, labels=LABELS)
        assert (recording.predicted, recording.embeddings) == (None, None)
        assert recording.waveform.samples.shape == (1, 15360)


def test_the_sound_is_that_of_the_file(tmp_path):
    [recording] = read_recordings(shard(tmp_path, sample("a")))
    expected = 0.5 * np.random.default_rng(0).uniform(-1, 1, 15360)
    torch.testing.assert_close(
        recording.waveform.samples[0].numpy(), expected.astype(np.float32), atol=2**-15, rtol=0
    )


def test_predicted_onsets_are_read_and_may_be_none(tmp_path):
    samples = [
        sample("a", times_pred_csv=b"time,label,confidence,gain\n0.1,,0.9,1\n"),
        sample("b", times_pred_csv=b""),
    ]
    found = [recording.predicted for recording in read_recordings(shard(tmp_path, *samples))]
    assert [track.times for track in found] == [(0.1,), ()]


def test_a_byte_order_mark_before_onsets_is_no_part_of_them(tmp_path):
    marked = b"\xef\xbb\xbf" + csv().encode()
    [recording] = read_recordings(shard(tmp_path, sample("a", times_csv=marked)))
    assert recording.track == OnsetTrack(TIMES, labels=LABELS)


@pytest.mark.parametrize("reason", FAULTS)
def test_a_faulty_sample_is_an_error_that_names_it(tmp_path, reason):
    changes = {member.replace(".", "_"): content for member, content in FAULTS[reason].items()}
    path = shard(tmp_path, sample("clip_7", **changes))
    with pytest.raises(InputError, match=f"clip_7 in .*shard.tar {reason}"):
        list(read_recordings(path))


def test_faulty_samples_up_to_a_limit_are_left_out_and_named(tmp_path, caplog):
    path = shard(tmp_path, sample("a", times_csv=None), sample("b"), sample("c", times_csv=b""))
    faults = Faults(limit=2)
    with caplog.at_level(logging.WARNING):
        assert [recording.name for recording in read_recordings(path, faults)] == ["b"]
    assert list(faults.reasons) == ["c", "a"]  # whether a lacks a member is known at the end
    assert "c in " in caplog.messages[0]
    assert "number 2 of at most 2: a in" in caplog.messages[1]


def test_one_faulty_sample_too_many_ends_the_reading(tmp_path):
    path = shard(tmp_path, sample("a", times_csv=None), sample("b"), sample("c", times_csv=b""))
    with pytest.raises(InputError, match="2 faulty samples where 1 are allowed: c, a"):
        list(read_recordings(path, Faults(limit=1)))


def test_a_faulty_sample_that_comes_again_counts_once(tmp_path):
    path = shard(tmp_path, sample("a", times_csv=None), sample("b"))
    faults = Faults(limit=1)
    for _ in range(3):
        assert len(list(read_recordings(path, faults))) == 1
