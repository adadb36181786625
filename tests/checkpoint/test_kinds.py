import re

import pytest
import torch

from helpers.diffusion_models import MDCT, WAVEFORM, build
from helpers.places import BUNDLED
from syncfusion.checkpoint.conversion import published_state
from syncfusion.checkpoint.files import load_onset, save_diffusion, save_onset
from syncfusion.checkpoint.kinds import find_models, verify
from syncfusion.checkpoint.sources import SETS
from syncfusion.cli.app import main
from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet

NET = VideoOnsetNet(OnsetNetConfig(width=2, hidden=4))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"state_dict": published_state(NET)}, "onset"),
        ({"state_dict": published_state(build(WAVEFORM))}, "diffusion"),
        ({"state_dict": {}, "onset_net": {"width": 2}}, "onset"),
        ({"state_dict": {}, "model_config": {}}, "diffusion"),
        ({"state_dict": {"module.audio_branch.bn0.bias": torch.zeros(1)}}, "clap"),
    ],
    ids=["published onset", "published diffusion", "our onset", "our diffusion", "clap"],
)
def test_the_kind_of_a_file_is_told_by_what_it_holds(tmp_path, content, kind):
    torch.save(content, tmp_path / "a.ckpt")
    assert [model.kind for model in find_models(tmp_path / "a.ckpt")] == [kind]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"state_dict": {"a": torch.zeros(1)}}, "holds no model that is known here"),
        ({"epoch": 3}, "has no state_dict of tensors"),
    ],
)
def test_a_file_of_no_known_kind_is_an_error(tmp_path, content, problem):
    torch.save(content, tmp_path / "a.ckpt")
    with pytest.raises(InputError, match=f"a.ckpt .*{problem}"):
        find_models(tmp_path / "a.ckpt")


def test_the_models_of_a_preset_are_found_in_either_form(tmp_path):
    save_diffusion(build(MDCT), tmp_path)
    (tmp_path / "onset.ckpt").touch()
    onset, diffusion = find_models(tmp_path)
    assert (onset.kind, onset.path.name) == ("onset", "onset.ckpt")
    assert (diffusion.kind, diffusion.path) == ("diffusion", tmp_path)


def test_a_folder_without_models_is_an_error_that_says_what_it_should_hold(tmp_path):
    with pytest.raises(InputError, match="holds no model; give a folder with onset.safetensors"):
        find_models(tmp_path)
    save_onset(NET, tmp_path)
    with pytest.raises(InputError, match="holds no diffusion; give .* diffusion.safetensors"):
        find_models(tmp_path, "diffusion")


def test_the_bundled_preset_verifies():
    found = {model.stored.kind: model for model in verify(BUNDLED)}
    assert set(found) == {"onset", "diffusion", "prompt"}
    n_parameters = sum(parameter.numel() for parameter in load_onset(BUNDLED).parameters())
    assert found["onset"].n_parameters == n_parameters
    assert found["prompt"].sha256 == file_hash(BUNDLED / "prompt.safetensors")


def test_weights_that_do_not_fit_their_settings_do_not_verify(tmp_path):
    save_onset(NET, tmp_path)
    settings = tmp_path / "onset.yaml"
    settings.write_text(settings.read_text().replace("hidden: 4", "hidden: 5"))
    with pytest.raises(InputError, match="another architecture"):
        verify(tmp_path)


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
@pytest.mark.parametrize("name", ["fc.2.bias", "running_var"])
def test_weights_that_are_not_finite_do_not_verify(tmp_path, value, name):
    net = VideoOnsetNet(OnsetNetConfig(width=2, hidden=4))
    key = next(key for key in net.state_dict() if key.endswith(name))
    net.state_dict()[key][0] = value
    save_onset(net, tmp_path)
    with pytest.raises(InputError, match=rf"onset.safetensors .*not finite: {key} \(1 of"):
        verify(tmp_path)


def test_the_command_verifies(tmp_path, capsys):
    torch.save({"state_dict": published_state(VideoOnsetNet())}, tmp_path / "a.ckpt")
    main(["checkpoints", "verify", str(tmp_path / "a.ckpt")])
    said = capsys.readouterr().out
    assert re.fullmatch(r"onset  31\.3\d M parameters  sha256 [0-9a-f]{64}  .*a\.ckpt\n", said)


def test_the_command_refuses_with_one_sentence(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["checkpoints", "verify", str(tmp_path / "none.ckpt")])
    assert stopped.value.code == 2
    assert re.fullmatch(r"syncfusion: there is no .*none\.ckpt; .*\n", capsys.readouterr().err)


def test_the_command_lists_what_is_there_and_what_is_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(SETS, "clap", (tmp_path / "none.pt",))
    main(["checkpoints", "list"])
    said = capsys.readouterr().out
    assert re.search(r"^ +\d+\.\d MB  compact/onset\.safetensors$", said, re.MULTILINE)
    assert "clap; run syncfusion checkpoints download clap" in said
