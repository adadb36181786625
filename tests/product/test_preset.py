import shutil
from dataclasses import asdict

import pytest
import torch
import yaml

from helpers.presets import make_preset, make_settings
from syncfusion.checkpoint.files import CONFIG_KEYS, load_diffusion, load_onset
from syncfusion.device import find_device
from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.places import PRESETS
from syncfusion.product.loading import load
from syncfusion.product.preset import CLAP_TOKENIZER, CLAP_WEIGHTS, find_preset
from syncfusion.track import OnsetTrack


@pytest.fixture
def own(tiny_preset, tmp_path):
    return shutil.copytree(tiny_preset, tmp_path / "own")


def test_a_bundled_preset_is_found_by_name_wherever_one_is(tmp_path, monkeypatch):
    (tmp_path / "compact").mkdir()
    monkeypatch.chdir(tmp_path)
    preset = find_preset("compact")
    assert preset.name == "compact"
    written = yaml.safe_load((preset.folder / "preset.yaml").read_text())
    assert preset.settings.threshold == written["threshold"]


def test_a_folder_is_a_preset_with_settings_and_hashes_of_its_own(own):
    preset = find_preset(own)
    assert (preset.name, preset.settings.steps, preset.settings.frame_size) == ("own", 2, 32)
    assert preset.hashes()["onset.safetensors"] == file_hash(own / "onset.safetensors")
    assert set(preset.hashes()) == {
        f"{kind}.safetensors" for kind in ("onset", "diffusion", "prompt")
    }


def test_the_same_preset_is_made_every_time(tiny_preset, tmp_path):
    assert (
        find_preset(make_preset(tmp_path / "again")).hashes() == find_preset(tiny_preset).hashes()
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "threshold: [",
        "nonsense: 1",
        "steps: many",
        "steps: 0",
        "draft_steps: 0",
        "frame_size: 80.5",
        "threshold: 2",
        "threshold: .nan",
        "minimum_gap: -1",
        "peak_dbfs: 3",
        "prompt: clip",
        "back_end: msclap",
        "takes: 3",
        "takes: {steps: many}",
        "takes: {threshold: 0.5}",
    ],
)
def test_settings_that_are_not_understood_are_told_in_one_sentence(own, text):
    (own / "preset.yaml").write_text(text)
    with pytest.raises(InputError, match="preset.yaml is not understood") as failure:
        find_preset(own)
    assert "\n" not in str(failure.value)


def test_events_are_rendered_by_the_settings_of_takes_and_tracks_by_the_others(own):
    make_settings(own, steps=3, takes={"solver": "heun", "gate": 0.25})
    preset = find_preset(own)
    track, take = (preset.render_settings(7, None, None, mode) for mode in ("track", "events"))
    assert (take.solver, take.decay_gate, track.solver) == ("heun", 0.25, "dpmpp_2m")
    assert (take.steps, take.guidance, take.seed) == (3, track.guidance, 7)
    asked = preset.render_settings(7, 5, 1.5, "events")
    assert (asked.steps, asked.guidance, asked.solver) == (5, 1.5, "heun")


def test_takes_of_the_bundled_preset_ring_down_to_60_dB_for_less_than_half_of_a_guided_track():
    preset = find_preset("compact")
    track, take = (preset.render_settings(0, None, None, mode) for mode in ("track", "events"))
    assert take.decay_gate == 0.001 < track.decay_gate
    evaluations = [each.steps * (1 if each.guidance == 1 else 2) for each in (track, take)]
    assert evaluations == [16, 6]
    assert take.final_noise_level == 0 < track.final_noise_level


def test_a_solver_that_does_not_exist_is_told(own):
    pipeline = load(make_preset(own, solver="euler"), device="cpu")
    with pytest.raises(InputError, match="no solver 'euler'"):
        pipeline.render(OnsetTrack([0.1]), "metal hit")


@pytest.mark.parametrize(
    "name",
    [
        "onset.safetensors",
        "onset.yaml",
        "diffusion.safetensors",
        "diffusion.yaml",
        "prompt.safetensors",
        "prompt.json",
    ],
)
@pytest.mark.parametrize("content", [None, b"", b"[}\xff", b"width: 4\nchannels: [1]\n"])
def test_a_missing_or_broken_file_is_named(own, name, content):
    (own / name).unlink() if content is None else (own / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name.split('.')[0]}|{own}") as failure:
        load(own, device="cpu")
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("name", ["onset", "diffusion", "prompt"])
def test_missing_weights_are_named_before_anything_is_loaded(own, name, monkeypatch):
    monkeypatch.setattr("syncfusion.product.loading.load_onset", None)
    (own / f"{name}.safetensors").unlink()
    with pytest.raises(InputError, match=rf"the preset 'own' lacks \S+/{name}.safetensors"):
        load(own, device="cpu")


def test_the_papers_preset_says_which_files_it_lacks_and_how_to_get_them(tmp_path, monkeypatch):
    paper = tmp_path / "checkpoints" / "paper"
    shutil.copytree(PRESETS / "paper", paper, ignore=lambda *_: {"onset.ckpt", "diffusion.ckpt"})
    monkeypatch.setattr("syncfusion.product.preset.CHECKPOINTS", paper.parent)
    monkeypatch.setattr("syncfusion.product.preset.PRESETS", paper.parent)
    monkeypatch.setattr(
        "syncfusion.product.preset.CLAP_WEIGHTS", paper.parent / "630k-audioset-best.pt"
    )
    monkeypatch.setattr("syncfusion.prompt.clap.tokenizer.FOLDER", paper.parent / "roberta-base")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(InputError) as failure:
        load("paper")
    told = str(failure.value)
    for lacking in ("paper/onset", "paper/diffusion", "630k-audioset-best.pt", "vocab.json"):
        assert lacking in told
    assert told.endswith("run syncfusion checkpoints download paper")
    assert "\n" not in told


def test_weights_may_be_lightning_files(own):
    for part, net in (("onset", load_onset(own)), ("diffusion", load_diffusion(own))):
        state = {f"model.{key}": tensor for key, tensor in net.state_dict().items()}
        content = {"state_dict": state, CONFIG_KEYS[part]: asdict(net.config)}
        torch.save(content, own / f"{part}.ckpt")
        (own / f"{part}.safetensors").unlink()
    pipeline = load(own, device="cpu")
    assert pipeline.preset.hashes().keys() == {"onset.ckpt", "diffusion.ckpt", "prompt.safetensors"}
    assert pipeline.render(OnsetTrack([0.1]), "metal hit").duration > 1


@pytest.mark.parametrize("back_end", ["transformers", "laion"])
def test_a_preset_may_understand_prompts_by_clap(own, clap_folder, back_end):
    for name in ("prompt.safetensors", "prompt.json"):
        (own / name).unlink()
    for name in (CLAP_WEIGHTS.name, CLAP_TOKENIZER.name):
        (own / name).symlink_to(clap_folder / name)
    make_settings(own, prompt="clap", back_end=back_end)
    pipeline = load(own, device="cpu")
    assert pipeline.prompts.config.back_end == back_end
    assert pipeline.preset.hashes()[CLAP_WEIGHTS.name] == file_hash(own / CLAP_WEIGHTS.name)
    wood, metal = (pipeline.render(OnsetTrack([0.1]), f"{name} hit") for name in ("wood", "metal"))
    assert not torch.equal(wood.samples, metal.samples)


def test_weights_of_another_preset_are_refused(own):
    shutil.copy(own / "onset.safetensors", own / "prompt.safetensors")
    with pytest.raises(InputError, match="another text net"):
        load(own, device="cpu")


def test_a_device_the_machine_lacks_is_told_from_one_it_has(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    assert find_device("auto").type == find_device("cpu").type == "cpu"
    for name in ("cuda", "abacus"):
        with pytest.raises(InputError, match=f"cannot compute on '{name}'; it has cpu"):
            find_device(name)
