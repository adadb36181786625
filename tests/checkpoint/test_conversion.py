import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytorch_lightning as pl
import torch
from torch import nn

from helpers.diffusion_models import MDCT, WAVEFORM, build, published_encoder, published_net
from helpers.places import DIFFUSION_CONTRACT, ONSET_CONTRACT
from syncfusion.checkpoint.conversion import check_publishable, convert, published_state
from syncfusion.checkpoint.files import load_diffusion, load_onset, save_diffusion, save_onset
from syncfusion.checkpoint.keys import (
    diffusion_from_published,
    our_encoder_key,
    published_encoder_key,
)
from syncfusion.cli.app import main
from syncfusion.diffusion.model import DiffusionConfig, DiffusionModel
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.diffusion.unet import UNetConfig
from syncfusion.errors import InputError
from syncfusion.onset.decode import Decoding
from syncfusion.onset.detect import SlidingWindow
from syncfusion.onset.module import OnsetModule
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.timing import seeded

DIFFUSION_SHAPES = json.loads(DIFFUSION_CONTRACT.read_text())
ONSET_SHAPES = json.loads(ONSET_CONTRACT.read_text())
FRAMES = torch.randn(1, 3, 2, 16, 16, generator=seeded(0))
SMALL = OnsetNetConfig(width=2, hidden=4)


@pytest.fixture(scope="module")
def onset_folder(tmp_path_factory) -> Path:
    """A folder of ours with a net of the published shape."""
    folder = tmp_path_factory.mktemp("onset")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        save_onset(VideoOnsetNet(), folder)
    return folder


@pytest.fixture(scope="module")
def published_onset(onset_folder, tmp_path_factory) -> Path:
    """The same net as the published file would hold it."""
    file = tmp_path_factory.mktemp("published") / "onset.ckpt"
    convert(onset_folder, file)
    return file


@torch.no_grad()
def logits(path: Path) -> torch.Tensor:
    net = load_onset(path)
    assert not net.training
    return net(FRAMES)


def state_of(file: Path) -> dict[str, torch.Tensor]:
    return torch.load(file, weights_only=True)["state_dict"]


def shapes_of(state) -> dict[str, list[int]]:
    return {key: list(tensor.shape) for key, tensor in state.items()}


def test_the_published_onset_file_has_the_published_names_and_shapes(published_onset):
    wanted = {f"model.{key}": shape for key, shape in ONSET_SHAPES.items()}
    assert shapes_of(state_of(published_onset)) == wanted


def test_our_onset_net_comes_back_from_the_published_form_with_equal_logits(
    onset_folder, published_onset, tmp_path
):
    convert(published_onset, tmp_path / "ours")
    assert torch.equal(logits(tmp_path / "ours"), logits(onset_folder))
    assert logits(published_onset).shape == (1, 2)


def test_a_published_file_with_numbers_of_numpy_among_its_settings_is_read(
    published_onset, tmp_path
):
    content = torch.load(published_onset, weights_only=True)
    content["hyper_parameters"] = {"lr": np.float64(1e-4), "betas": (np.float32(0.95), 0.999)}
    content["callbacks"] = {"ModelCheckpoint": {"best_model_score": np.float64(1.446)}}
    torch.save(content, tmp_path / "theirs.ckpt")
    assert torch.equal(logits(tmp_path / "theirs.ckpt"), logits(published_onset))


@pytest.mark.parametrize("suffix", [".fc.2.bias", ".fc.0.weight"])
def test_a_published_file_that_lacks_tensors_is_an_error_that_names_them(
    published_onset, tmp_path, suffix
):
    state = state_of(published_onset)
    del state[f"model{suffix}"]
    torch.save({"state_dict": state}, tmp_path / "cut.ckpt")
    with pytest.raises(InputError, match=rf"lacks {suffix[1:]} \(1 in all\); give a checkpoint"):
        load_onset(tmp_path / "cut.ckpt")


class PublishedModule(pl.LightningModule):
    """A module built as the published one is: the net under the name ``model``."""

    def __init__(self) -> None:
        super().__init__()
        self.model = VideoOnsetNet()


def test_lightning_loads_the_published_form_strictly(published_onset, onset_folder):
    module = PublishedModule.load_from_checkpoint(published_onset, map_location="cpu", strict=True)
    with torch.no_grad():
        assert torch.equal(module.eval().model(FRAMES), logits(onset_folder))


def test_a_training_of_ours_goes_to_a_folder(tmp_path):
    module = OnsetModule(SMALL, Decoding(), SlidingWindow())
    content = {"state_dict": module.state_dict()}
    module.on_save_checkpoint(content)
    torch.save(content, tmp_path / "last.ckpt")
    convert(tmp_path / "last.ckpt", tmp_path / "ours")
    assert torch.equal(logits(tmp_path / "ours"), logits(tmp_path / "last.ckpt"))


def test_a_diffusion_training_of_ours_goes_to_a_folder(tmp_path):
    training = DiffusionTraining(build(MDCT))
    content = {"state_dict": training.state_dict()}
    training.on_save_checkpoint(content)
    torch.save(content, tmp_path / "last.ckpt")
    convert(tmp_path / "last.ckpt", tmp_path / "ours")
    found = load_diffusion(tmp_path / "ours").state_dict()
    torch.testing.assert_close(found, training.model.state_dict(), rtol=0, atol=0)


def test_the_published_diffusion_file_holds_the_net_three_times_and_no_more():
    with torch.device("meta"):
        state = published_state(DiffusionModel(DiffusionConfig()))
    nets = {key: shape for key, shape in DIFFUSION_SHAPES.items() if key.startswith("model.net.")}
    copies = {
        key.replace("model.", f"model.{copy}.", 1): shape
        for key, shape in nets.items()
        for copy in ("diffusion", "sampler")
    }
    assert shapes_of(state) == DIFFUSION_SHAPES | copies


def test_a_diffusion_model_comes_back_from_the_published_form_with_equal_tensors():
    model = build(WAVEFORM)
    back = diffusion_from_published(published_state(model), WAVEFORM.unet)
    torch.testing.assert_close(back, model.state_dict(), rtol=0, atol=0)


def test_the_names_of_the_onset_encoder_are_a_bijection():
    published = [
        key.removeprefix("onsets_encoder.")
        for key in DIFFUSION_SHAPES
        if key.startswith("onsets_encoder.")
    ]
    assert [published_encoder_key(our_encoder_key(key)) for key in published] == published
    assert len({our_encoder_key(key) for key in published}) == len(published)


@pytest.mark.slow
def test_the_diffusion_model_of_published_size_goes_there_and_back(tmp_path):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = DiffusionModel(DiffusionConfig())
    save_diffusion(model, tmp_path / "ours")
    convert(tmp_path / "ours", tmp_path / "published.ckpt")
    assert (tmp_path / "published.ckpt").stat().st_size < 1.1e9  # the copies share their tensors
    convert(tmp_path / "published.ckpt", tmp_path / "back")
    found = load_diffusion(tmp_path / "back").state_dict()
    torch.testing.assert_close(found, model.state_dict(), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (replace(OnsetNetConfig(), head="temporal"), "it has head temporal;"),
        (replace(SMALL, difference=True), "width 2, hidden 4, difference True;"),
        (WAVEFORM, r"unet.channels \(8, 16, 16\).* and others"),
        (MDCT, "front_end mdct, "),
        (DiffusionConfig(unet=UNetConfig(local_gain=True)), "it has unet.local_gain True;"),
    ],
)
def test_a_model_the_published_code_cannot_hold_is_refused_by_what_differs(config, reason):
    with torch.device("meta"):
        kind = VideoOnsetNet if isinstance(config, OnsetNetConfig) else DiffusionModel
        model = kind(config)
    with pytest.raises(InputError, match=f"the published code cannot hold .*{reason}"):
        check_publishable(model)


def test_settings_of_another_front_end_do_not_matter():
    with torch.device("meta"):
        check_publishable(DiffusionModel(DiffusionConfig(hop=128, clip_samples=2**17)))


def test_what_is_refused_leaves_nothing(tmp_path):
    save_onset(VideoOnsetNet(SMALL), tmp_path / "small")
    with pytest.raises(InputError, match="cannot hold"):
        convert(tmp_path / "small", tmp_path / "out" / "small.ckpt")
    assert not (tmp_path / "out").exists()


def test_a_source_is_not_written_over(onset_folder, published_onset):
    for path in (onset_folder, published_onset):
        with pytest.raises(InputError, match="is the source itself"):
            convert(path, path)


def test_a_source_that_is_not_there_is_an_error_even_where_the_target_is(onset_folder, tmp_path):
    with pytest.raises(InputError, match="there is no "):
        convert(tmp_path / "none.ckpt", onset_folder)


def test_a_write_that_fails_leaves_neither_weights_nor_settings(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr("syncfusion.checkpoint.folders.yaml.safe_dump", fail)
    with pytest.raises(OSError, match="no space"):
        save_onset(VideoOnsetNet(SMALL), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_form_asked_for_is_written_whatever_the_name(onset_folder, published_onset, tmp_path):
    convert(onset_folder, tmp_path / "weights.bin", to="published")
    convert(published_onset, tmp_path / "folder.ckpt", to="ours")
    assert state_of(tmp_path / "weights.bin").keys() == state_of(published_onset).keys()
    assert (tmp_path / "folder.ckpt" / "onset.yaml").is_file()


@pytest.mark.parametrize("target", ["half.ckpt", "half"])
def test_floats_are_written_in_the_type_asked_for(onset_folder, tmp_path, target):
    convert(onset_folder, tmp_path / target, dtype=torch.float16)
    size = sum(file.stat().st_size for file in (tmp_path / target, *(tmp_path / target).glob("*")))
    assert size == pytest.approx(2 * 31.4e6, rel=0.02)
    torch.testing.assert_close(logits(tmp_path / target), logits(onset_folder), rtol=0, atol=1e-2)


def test_of_a_folder_with_two_models_one_must_be_chosen(tmp_path):
    save_diffusion(build(MDCT), tmp_path)
    save_onset(VideoOnsetNet(SMALL), tmp_path)
    with pytest.raises(InputError, match="by --kind"):
        convert(tmp_path, tmp_path / "new")
    convert(tmp_path, tmp_path / "new", kind="onset")
    assert {file.name for file in (tmp_path / "new").iterdir()} == {
        "onset.safetensors",
        "onset.yaml",
    }


def test_the_command_converts(onset_folder, tmp_path, capsys):
    target = tmp_path / "half.ckpt"
    main(["checkpoints", "convert", str(onset_folder), str(target), "--dtype", "bfloat16"])
    assert capsys.readouterr().out == f"{target}\n"
    assert {t.dtype for t in state_of(target).values()} == {torch.bfloat16, torch.int64}


@pytest.mark.parity
def test_audio_diffusion_pytorch_loads_the_published_form_strictly():
    module = nn.Module()
    module.model = published_net(WAVEFORM.unet)
    module.onsets_encoder = published_encoder(WAVEFORM.onset_encoder)
    module.load_state_dict(published_state(build(WAVEFORM)), strict=True)
