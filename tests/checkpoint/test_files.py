import json
import pickle
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from helpers.diffusion_models import MDCT, WAVEFORM, build, draw_batch
from helpers.places import DIFFUSION_CONTRACT
from syncfusion.checkpoint.conversion import published_state
from syncfusion.checkpoint.files import (
    diffusion_from_published,
    load_diffusion,
    load_onset,
    save_diffusion,
    save_onset,
)
from syncfusion.checkpoint.keys import our_encoder_key, renamed, unet_parts
from syncfusion.checkpoint.kinds import find_models
from syncfusion.diffusion.frontend import MdctFrontEnd
from syncfusion.diffusion.model import DiffusionConfig, DiffusionModel
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.diffusion.unet import UNetConfig
from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.timing import seeded

SHAPES = DIFFUSION_CONTRACT
ONSET = OnsetNetConfig(width=2, hidden=4)
LOADERS = {"diffusion": load_diffusion, "onset": load_onset}


@pytest.fixture(scope="module")
def published() -> dict[str, list[int]]:
    """Names and shapes of the published Lightning file, without the copies and CLAP."""
    return json.loads(SHAPES.read_text())


@pytest.fixture(scope="module")
def model() -> DiffusionModel:
    model = build(MDCT)
    assert isinstance(model.front_end, MdctFrontEnd)
    model.front_end.fit([draw_batch().waveform])
    return model


@pytest.fixture(scope="module")
def net() -> VideoOnsetNet:
    return VideoOnsetNet(ONSET).eval()


def is_one_sentence(error) -> bool:
    text = str(error.value)
    return "\n" not in text and 0 < len(text) < 600


def test_the_default_model_has_the_names_and_shapes_of_the_published_checkpoint(published):
    with torch.device("meta"):
        state = {key: torch.empty(shape) for key, shape in published.items()}
        ours = DiffusionModel(DiffusionConfig()).state_dict()
    found = diffusion_from_published(state, UNetConfig())
    assert {key: tensor.shape for key, tensor in found.items()} == {
        key: tensor.shape for key, tensor in ours.items()
    }
    assert len(found) == len(published)  # no two names became one


def test_the_copies_of_the_net_and_clap_are_ignored(published):
    key = next(iter(published))
    tensor = torch.zeros(published[key])
    copies = [key.replace("model.", f"model.{copy}.") for copy in ("diffusion", "sampler")]
    state = dict.fromkeys([key, *copies, "clap.junk"], tensor)
    assert list(diffusion_from_published(state, UNetConfig())) == [
        "unet.level_embedding.frequencies"
    ]


def test_renaming_a_part_there_and_back_changes_nothing():
    parts = unet_parts(UNetConfig())
    back = {published: ours for ours, published in parts.items()}
    assert len(back) == len(parts)
    assert all(renamed(renamed(f"{part}.bias", parts), back) == f"{part}.bias" for part in parts)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("to_in.block.block1.groupnorm.weight", "stem.norms.0.weight"),
        ("to_in.block.to_out.bias", "stem.skip.bias"),
        ("downsamples.3.downsample.weight", "levels.3.down.weight"),
        ("downsamples.3.blocks.1.block2.project.bias", "levels.3.blocks.1.convs.1.bias"),
    ],
)
def test_the_encoder_keeps_its_roles_under_our_names(theirs, ours):
    assert our_encoder_key(theirs) == ours


def outputs(model) -> torch.Tensor:
    batch, noise = draw_batch(), torch.randn(2, 1, 2**10, generator=seeded(9))
    with torch.no_grad():
        features = model.encode_onsets(batch.impulses)
        return model.velocity(
            noise, torch.full((2,), 0.5), features=features, embedding=batch.embedding
        )


@pytest.mark.parametrize(("dtype", "error"), [(None, 0.0), (torch.float16, 1e-2)])
def test_a_saved_diffusion_model_speaks_as_before(tmp_path, model, dtype, error):
    save_diffusion(model, tmp_path / "new", dtype=dtype)
    back = load_diffusion(tmp_path / "new")
    assert (back.config, back.training) == (model.config, False)
    torch.testing.assert_close(outputs(back), outputs(model), rtol=0, atol=error)


@pytest.mark.parametrize(("dtype", "error"), [(None, 0.0), (torch.float16, 1e-2)])
def test_a_saved_onset_net_speaks_as_before(tmp_path, net, dtype, error):
    save_onset(net, tmp_path, dtype=dtype)
    back = load_onset(tmp_path)
    frames = torch.randn(1, 3, 4, 16, 16, generator=seeded(0))
    assert (back.config, back.training) == (net.config, False)
    with torch.no_grad():
        torch.testing.assert_close(back(frames), net(frames), rtol=0, atol=error)


def test_half_precision_halves_the_file_and_both_models_share_a_folder(tmp_path, model, net):
    for dtype in (torch.float32, torch.float16):
        save_diffusion(model, tmp_path / str(dtype), dtype=dtype)
        save_onset(net, tmp_path / str(dtype), dtype=dtype)
    tensors = load_file(tmp_path / "torch.float16" / "diffusion.safetensors")
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    sizes = [
        (tmp_path / str(dtype) / "diffusion.safetensors").stat().st_size
        for dtype in (torch.float32, torch.float16)
    ]
    assert sizes[1] < 0.75 * sizes[0]
    load_onset(tmp_path / "torch.float16")


def test_a_lightning_file_of_ours_loads_alone(tmp_path, model):
    training = DiffusionTraining(model)
    content = {"state_dict": training.state_dict()}
    training.on_save_checkpoint(content)
    torch.save(content, tmp_path / "last.ckpt")
    back = load_diffusion(tmp_path / "last.ckpt")
    assert back.config == model.config
    assert torch.equal(outputs(back), outputs(model))


def prefixed(state, prefix):
    return {prefix + key: tensor for key, tensor in state.items()}


def raw(state):
    return {key: torch.zeros_like(tensor) for key, tensor in state.items()}


WRAPPERS = {
    "bare": lambda state: state,
    "compiled": lambda state: {f"_orig_mod.{key}": tensor for key, tensor in state.items()},
    "compiled inside": lambda state: {
        key.replace("net.", "net._orig_mod.", 1): tensor for key, tensor in state.items()
    },
    "distributed": lambda state: prefixed(prefixed(state, "_orig_mod."), "module."),
    "torch's averages": lambda state: {"n_averaged": torch.tensor(3)} | prefixed(state, "module."),
    "ema-pytorch": lambda state: (
        {"initted": torch.tensor(True), "step": torch.tensor(9)}
        | prefixed(raw(state), "online_model.")
        | prefixed(state, "ema_model.")
    ),
}


@pytest.mark.parametrize("in_lightning", [True, False])
@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_tensors_are_found_inside_the_wrappers_of_training_tools(
    tmp_path, monkeypatch, net, wrap, in_lightning
):
    path, state = tmp_path / "a.ckpt", net.state_dict()
    if in_lightning:
        state = wrap(prefixed(state, "model."))
        torch.save({"state_dict": state, "onset_net": vars(ONSET)}, path)
    else:
        monkeypatch.setattr("syncfusion.checkpoint.files.OnsetNetConfig", lambda: ONSET)
        torch.save(wrap(state), path)
    assert find_models(path)[0].kind == "onset"
    torch.testing.assert_close(load_onset(path).state_dict(), net.state_dict(), rtol=0, atol=0)


SHADOWS = {
    "latent-diffusion": lambda state: (
        {f"model_ema.{key.replace('.', '')}": tensor for key, tensor in state.items()}
        | {"model_ema.decay": torch.tensor(0.999), "model_ema.num_updates": torch.tensor(3)}
    ),
    "ema-pytorch": lambda state: (
        prefixed(raw(state), "model_ema.online_model.")
        | prefixed(state, "model_ema.ema_model.")
        | {"model_ema.initted": torch.tensor(True), "model_ema.step": torch.tensor(3)}
    ),
}


@pytest.mark.parametrize("shadow", SHADOWS.values(), ids=SHADOWS)
def test_averaged_weights_take_the_place_of_the_raw_ones_beside_them(tmp_path, net, shadow):
    state = prefixed(raw(net.state_dict()), "model.") | shadow(net.state_dict())
    torch.save({"state_dict": state, "onset_net": vars(ONSET)}, tmp_path / "a.ckpt")
    found = load_onset(tmp_path / "a.ckpt").state_dict()
    torch.testing.assert_close(found, net.state_dict(), rtol=0, atol=0)


def test_averaged_weights_of_another_net_are_an_error_that_names_them(tmp_path, net):
    state = prefixed(net.state_dict(), "model.") | {"model_ema.spare": torch.zeros(1)}
    torch.save({"state_dict": state, "onset_net": vars(ONSET)}, tmp_path / "a.ckpt")
    with pytest.raises(InputError, match="has no use for model_ema.spare"):
        load_onset(tmp_path / "a.ckpt")


def test_a_bare_diffusion_state_under_our_names_or_the_published_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("syncfusion.checkpoint.files.DiffusionConfig", lambda: WAVEFORM)
    model = build(WAVEFORM)
    forms = {"ours": model.state_dict(), "theirs": published_state(model)}
    forms["training"] = DiffusionTraining(model).state_dict()
    for name, state in forms.items():
        torch.save(state, tmp_path / name)
        assert find_models(tmp_path / name)[0].kind == "diffusion"
        found = load_diffusion(tmp_path / name).state_dict()
        torch.testing.assert_close(found, model.state_dict(), rtol=0, atol=0)


@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS)
@pytest.mark.parametrize("content", [b"", b"time,label\n0.5,hit\n", b"hello", b"PK\x03\x04 no zip"])
def test_a_file_of_another_kind_is_an_error_that_names_it(tmp_path, load, content):
    path = tmp_path / "model.ckpt"
    path.write_bytes(content)
    with pytest.raises(InputError, match="model.ckpt is no checkpoint") as error:
        load(path)
    assert is_one_sentence(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(content=st.one_of(st.text(max_size=20).map(str.encode), st.binary(max_size=20)))
def test_no_file_of_junk_shows_a_traceback(tmp_path, content):
    path = tmp_path / "model.ckpt"
    path.write_bytes(content)
    with pytest.raises(InputError, match="model.ckpt is no"):
        load_diffusion(path)


@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS)
def test_a_missing_file_is_an_error_that_names_it(tmp_path, load):
    for path in (tmp_path / "nowhere.ckpt", tmp_path):
        with pytest.raises(InputError, match=f"there is no {path}") as error:
            load(path)
        assert is_one_sentence(error)


def test_weights_without_their_configuration_are_an_error(tmp_path, model):
    save_diffusion(model, tmp_path)
    (tmp_path / "diffusion.yaml").unlink()
    with pytest.raises(InputError, match=r"there is no .*diffusion\.yaml"):
        load_diffusion(tmp_path)


@pytest.mark.parametrize("text", ["[1, 2]", "unet: {depth: 3}", "depth: 3", "a: [", "", "unet: 5"])
def test_a_configuration_that_is_none_is_an_error(tmp_path, model, text):
    save_diffusion(model, tmp_path)
    (tmp_path / "diffusion.yaml").write_text(text)
    with pytest.raises(InputError, match=str(tmp_path)) as error:
        load_diffusion(tmp_path)
    assert is_one_sentence(error)


def test_weights_cut_short_are_an_error(tmp_path, model):
    save_diffusion(model, tmp_path)
    path = tmp_path / "diffusion.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match="is no checkpoint that can be read"):
        load_diffusion(tmp_path)


class Evil:
    """What a pickle could do if it were trusted."""

    def __reduce__(self):
        return (Path.touch, (Path("touched"),))


@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS)
def test_code_in_a_pickle_is_refused_and_not_run(tmp_path, monkeypatch, load):
    monkeypatch.chdir(tmp_path)
    torch.save({"state_dict": {}, "extra": Evil()}, "zip.ckpt")
    Path("plain.ckpt").write_bytes(pickle.dumps({"state_dict": Evil()}))
    for name in ("zip.ckpt", "plain.ckpt"):
        with pytest.raises(InputError, match="is no checkpoint that can be read safely") as error:
            load(name)
        assert is_one_sentence(error)
    assert not Path("touched").exists()


@pytest.mark.parametrize(
    "content", [{"weights": {}}, [1], {"state_dict": 5}, {"state_dict": {"a": 5}}]
)
def test_a_file_without_a_state_is_an_error(tmp_path, content):
    torch.save(content, tmp_path / "other.ckpt")
    with pytest.raises(InputError, match="other.ckpt"):
        load_diffusion(tmp_path / "other.ckpt")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda state: state.pop("unet.outer.up.bias"),
            r"lacks unet\.outer\.up\.bias \(1 in all\)",
        ),
        (lambda state: state.update(spare=torch.zeros(1)), "has no use for spare"),
        (
            lambda state: state.update({"unet.outer.up.bias": torch.zeros(3)}),
            r"differs in unet\.outer\.up\.bias \(3,\) for \(8,\)",
        ),
    ],
    ids=["missing", "extra", "resized"],
)
def test_another_architecture_is_an_error_that_says_where(tmp_path, model, change, message):
    save_diffusion(model, tmp_path)
    state = load_file(tmp_path / "diffusion.safetensors")
    change(state)
    save_file(state, tmp_path / "diffusion.safetensors")
    with pytest.raises(InputError, match=message) as error:
        load_diffusion(tmp_path)
    assert is_one_sentence(error)


@pytest.mark.parametrize(
    "key", ["model.net.model.stem.0.weight", "model.net.blocks.7.weight", "onsets_encoder.new.bias"]
)
def test_a_published_file_of_another_kind_is_an_error(tmp_path, monkeypatch, key):
    monkeypatch.setattr("syncfusion.checkpoint.files.DiffusionConfig", lambda: WAVEFORM)
    torch.save({"state_dict": OrderedDict({key: torch.zeros(2)})}, tmp_path / "other.ckpt")
    with pytest.raises(InputError, match="holds another architecture") as error:
        load_diffusion(tmp_path / "other.ckpt")
    assert is_one_sentence(error)


def test_the_configuration_on_disk_is_plain_yaml(tmp_path, model):
    save_diffusion(model, tmp_path)
    config = yaml.safe_load((tmp_path / "diffusion.yaml").read_text())
    assert config["unet"]["channels"] == [8, 16, 16]


def test_the_hash_of_a_file_is_its_sha256(tmp_path):
    (tmp_path / "abc").write_text("abc")
    assert file_hash(tmp_path / "abc").startswith("ba7816bf8f01cfea")  # FIPS 180-2, appendix B.1
