from dataclasses import replace
from itertools import islice

import pytest
import pytorch_lightning as pl
import torch

from helpers.diffusion_models import UNET, WAVEFORM
from helpers.shard_files import CountingEncoder, make_shard, wav, write_tar
from syncfusion.diffusion.batch import DiffusionBatch
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.diffusion.perturbation import example_generators
from syncfusion.errors import InputError
from syncfusion.shards import prompt_source as encoders
from syncfusion.shards.chunks import Slicing
from syncfusion.shards.data import ShardData
from syncfusion.shards.embeddings import EncoderIdentity
from syncfusion.shards.stream import Streaming
from syncfusion.shards.writer import Extras

SIZE = 4096
IDENTITY = EncoderIdentity("counting", "abc")


@pytest.fixture
def embedded(tmp_path):
    extras = Extras(encoder=CountingEncoder(), identity=IDENTITY)
    return make_shard(tmp_path / "embedded.tar", "a b c", extras)


@pytest.fixture
def plain(tmp_path):
    return make_shard(tmp_path / "plain.tar", "a b c")


@pytest.fixture
def encoder(monkeypatch):
    """The encoder that every name stands for."""
    found = CountingEncoder()
    monkeypatch.setattr(encoders, "load_prompt_encoder", lambda name, clap: found)
    monkeypatch.setattr(encoders, "identify", lambda name: IDENTITY)
    return found


def data(shard, validation=None, **settings):
    slicing = Slicing(chunk_size=SIZE, **settings.pop("slicing", {}))
    streaming = Streaming(shuffle_size=4, clips_per_epoch=20)
    validation = shard if validation is None else validation
    settings = {"batch_size": 2, "slicing": slicing, "streaming": streaming} | settings
    return ShardData(shard, validation, **settings)


def take(loader, count):
    return list(islice(loader, count))


def same(one, other):
    return all(torch.equal(a, b) for a, b in zip(one[:3], other[:3], strict=True))


@pytest.mark.parametrize("num_workers", [0, 2])
def test_a_batch_is_what_the_training_takes(embedded, num_workers):
    [batch] = take(data(embedded, num_workers=num_workers).train_dataloader(), 1)
    assert isinstance(batch, DiffusionBatch)
    shapes = [tuple(part.shape) for part in batch[:3]]
    assert shapes == [(2, 1, SIZE), (2, 1, SIZE), (2, 1, 512)]
    assert len(batch.names) == len(batch.texts) == len(batch.references) == 2
    assert set(batch.names) <= set("abc")


def test_a_reference_is_never_padded_to_its_neighbours_length(embedded):
    batches = take(data(embedded, slicing={"text_fraction": 0.0}).train_dataloader(), 8)
    lengths = {sound.shape[1] for batch in batches for sound in batch.references}
    assert lengths == {2400}  # the last hit, a longer one, has a label of its own
    assert all(sound.abs().max() > 0 for batch in batches for sound in batch.references)


def test_embeddings_made_on_the_spot_are_those_of_the_shard(embedded, plain, encoder):
    stored = take(data(embedded, encoder="any").train_dataloader(), 4)
    assert encoder.n_embedded == 0
    made = take(data(plain, encoder="any").train_dataloader(), 4)
    assert encoder.n_embedded == 8
    for one, other in zip(stored, made, strict=True):
        assert one.names == other.names
        torch.testing.assert_close(one.embedding, other.embedding, atol=1e-6, rtol=0)


def test_without_embeddings_and_encoder_it_is_said_what_to_do(plain):
    with pytest.raises(InputError, match="no prompt embeddings; write them with --embeddings"):
        take(data(plain).train_dataloader(), 1)


@pytest.mark.parametrize("other", [("counting", "def"), ("clap", "abc")])
def test_embeddings_by_another_encoder_are_an_error(embedded, monkeypatch, other):
    monkeypatch.setattr(encoders, "identify", lambda name: EncoderIdentity(*other))
    with pytest.raises(InputError, match=rf"by counting \(abc\), this training uses {other[0]}"):
        take(data(embedded, encoder="any").train_dataloader(), 1)


def test_embeddings_of_two_encoders_are_an_error(embedded, tmp_path):
    extras = Extras(encoder=CountingEncoder(), identity=EncoderIdentity("counting", "def"))
    other = make_shard(tmp_path / "other.tar", "d e", extras)
    with pytest.raises(InputError, match="choose the same encoder"):
        take(data([embedded, other]).train_dataloader(), 20)


def test_training_on_clap_embeddings_needs_no_clap(tmp_path, monkeypatch):
    monkeypatch.setattr(encoders, "CLAP_WEIGHTS", tmp_path / "missing.pt")
    extras = Extras(encoder=CountingEncoder(), identity=EncoderIdentity("clap", "abc"))
    shard = make_shard(tmp_path / "clap.tar", "a b", extras)
    assert len(take(data(shard, encoder="clap").train_dataloader(), 2)) == 2


def test_validation_is_one_pass_that_is_always_the_same(embedded):
    first, second = (list(data(embedded).val_dataloader()) for _ in range(2))
    assert [len(batch.names) for batch in first] == [2, 2, 2, 2, 1]
    assert all(same(one, other) for one, other in zip(first, second, strict=True))


def test_validation_clips_begin_at_no_random_offset(embedded):
    batches = list(data(embedded).val_dataloader())
    onsets = {batch.impulses[0, 0].nonzero()[0, 0].item() for batch in batches}
    assert onsets <= {960, 5760 - SIZE, 10_560 - 2 * SIZE}


def test_the_error_of_a_worker_is_one_sentence(tmp_path):
    bad = write_tar(tmp_path / "bad.tar", {f"{n}.resampled.wav": wav() for n in range(9)})
    with pytest.raises(InputError) as found:
        take(data(bad, num_workers=1).train_dataloader(), 1)
    assert str(found.value).startswith(f"3 in {bad} has no times.csv; 4 faulty samples")
    assert "\n" not in str(found.value)


def test_shards_that_are_not_named_are_an_error(embedded):
    with pytest.raises(InputError, match="no shards are named for test"):
        data(embedded).test_dataloader()


class Recorder(pl.LightningModule):
    """Trains one number and keeps what it saw."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.seen, self.automatic_optimization = [], True

    def training_step(self, batch, batch_index):
        self.seen.append(batch.waveform.double().sum().item())
        return self.weight.sum()

    def validation_step(self, batch, batch_index):
        pass

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


def fit(found, steps, folder, *, checkpoint=None, **settings):
    module = Recorder()
    trainer = pl.Trainer(
        max_steps=steps,
        accelerator="cpu",
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        val_check_interval=3,
        default_root_dir=folder,
        **{"max_epochs": -1, "enable_checkpointing": False} | settings,
    )
    trainer.fit(module, found, ckpt_path=checkpoint)
    trainer.save_checkpoint(folder / "last.ckpt")
    return module.seen


@pytest.mark.slow
@pytest.mark.parametrize("num_workers", [0, 2])
def test_a_resumed_training_sees_what_an_unbroken_one_does(embedded, tmp_path, num_workers):
    settings = {"num_workers": num_workers}
    whole = fit(data(embedded, **settings), 11, tmp_path)
    first = fit(data(embedded, **settings), 5, tmp_path)
    rest = fit(data(embedded, **settings), 11, tmp_path, checkpoint=tmp_path / "last.ckpt")
    assert first + rest == whole
    assert len(set(whole)) == len(whole)


def test_epochs_of_a_trainer_go_on_with_the_stream(embedded, tmp_path):
    whole = fit(data(embedded), 9, tmp_path)
    parts = fit(data(embedded), 9, tmp_path, limit_train_batches=3)
    assert parts == whole


def test_the_diffusion_model_can_be_trained_on_it(embedded):
    [batch] = take(data(embedded).train_dataloader(), 1)
    model = DiffusionModel(replace(WAVEFORM, unet=replace(UNET, prompt_features=512)))
    loss = DiffusionTraining(model).loss(batch, example_generators("0", len(batch.waveform)))
    loss.backward()
    assert torch.isfinite(loss)
