from urllib.error import URLError

import pytest
import torch
from torch.hub import get_dir
from torchvision.models.video import R2Plus1D_18_Weights, r2plus1d_18

from syncfusion.errors import InputError
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet


@pytest.fixture(scope="module")
def kinetics() -> dict[str, torch.Tensor]:
    """What torchvision's file holds, with other numbers."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return r2plus1d_18().state_dict()


@pytest.fixture(scope="module")
def file(kinetics, tmp_path_factory):
    path = tmp_path_factory.mktemp("kinetics") / "r2plus1d_18.pth"
    torch.save(kinetics, path)
    return path


def trunk(net: VideoOnsetNet) -> dict[str, torch.Tensor]:
    return net.net.model.state_dict()


def without_classifier(state):
    return {key: tensor for key, tensor in state.items() if not key.startswith("fc.")}


@pytest.mark.parametrize("config", [None, OnsetNetConfig(head="temporal", hidden=8)])
def test_a_net_starts_from_torchvisions_file(kinetics, file, config):
    net = VideoOnsetNet(config, pretrained=file)
    torch.testing.assert_close(trunk(net), without_classifier(kinetics), rtol=0, atol=0)
    assert net.net.model.training


def test_true_takes_what_torchvision_has_fetched(kinetics, file, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    cached = (
        tmp_path / "hub" / "checkpoints" / R2Plus1D_18_Weights.KINETICS400_V1.url.split("/")[-1]
    )
    cached.parent.mkdir(parents=True)
    cached.symlink_to(file)
    assert get_dir() == str(tmp_path / "hub")
    net = VideoOnsetNet(pretrained=True)
    torch.testing.assert_close(trunk(net), without_classifier(kinetics), rtol=0, atol=0)


def test_without_network_and_file_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    def unreachable(*_, **__):
        raise URLError("Name or service not known")

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr("torch.hub.urlopen", unreachable)
    with pytest.raises(InputError, match=r"downloaded from https.*not known.*path as pretrained$"):
        VideoOnsetNet(pretrained=True)


def test_a_file_that_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(InputError, match=r"none\.pth is missing"):
        VideoOnsetNet(pretrained=tmp_path / "none.pth")


@pytest.mark.parametrize("content", ["not a pickle", [1, 2], {"epoch": 3}])
def test_a_file_of_another_kind_is_an_error(tmp_path, content):
    path = tmp_path / "other.pth"
    path.write_text(content) if isinstance(content, str) else torch.save(content, path)
    with pytest.raises(InputError, match=r"other\.pth.*give torchvision's"):
        VideoOnsetNet(pretrained=path)


def test_weights_of_another_net_are_an_error_that_names_what_is_missing(kinetics, tmp_path):
    state = {key: kinetics[key] for key in kinetics if key != "layer4.1.conv2.1.bias"}
    torch.save(state, tmp_path / "other.pth")
    with pytest.raises(InputError, match=r"it lacks layer4\.1\.conv2\.1\.bias \(1 in all\)"):
        VideoOnsetNet(pretrained=tmp_path / "other.pth")


def test_a_shape_that_they_do_not_fit_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(InputError, match="do not fit a net of width 16"):
        VideoOnsetNet(OnsetNetConfig(width=16), pretrained=tmp_path / "none.pth")
