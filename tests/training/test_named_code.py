import sys
from itertools import pairwise

import pytest
import torch
from torchvision.transforms.v2 import RandomCrop

from helpers.onset_clips import write_clips
from helpers.onset_runs import training
from syncfusion.errors import InputError
from syncfusion.training import evaluate_onset, train_diffusion, train_onset
from syncfusion.training.named_code import check_named, read_settings
from syncfusion.training.typed import build

LAMBDA = "pytorch_lightning.callbacks.LambdaCallback"
RUN = {"args": ["touch", "ran"]}
FOREIGN = (
    "subprocess.Popen",
    "os.system",
    "builtins.eval",
    "evil.Thing",
    "torch.hub.load",
    "torch.utils.cpp_extension.load",
    "torch.distributed.elastic.multiprocessing.subprocess_handler.SubprocessHandler",
    "syncfusion.media.atomic.shutil.rmtree",  # ours holds it, but it is not ours
    "syncfusion_evil.Thing",
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder, with a module that must not be imported."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "evil.py").write_text("open('ran', 'w')\nclass Thing: pass\n")
    (tmp_path / "syncfusion_evil.py").write_text("open('ran', 'w')\nclass Thing: pass\n")
    yield tmp_path
    assert not (tmp_path / "ran").exists()
    assert "evil" not in sys.modules


@pytest.mark.parametrize("key", ["_target_", "class_path"])
@pytest.mark.parametrize("name", FOREIGN)
def test_code_that_is_no_part_of_a_training_is_not_even_imported(folder, name, key):
    settings = {"trainer": {"callbacks": [{key: name, "init_args": RUN}]}}
    with pytest.raises(InputError, match=f"the settings name {name}, which is no part") as refused:
        check_named(settings)
    assert "\n" not in str(refused.value)
    if key == "_target_":
        with pytest.raises(InputError, match="no part of a training"):
            build({"_target_": name})


def test_a_name_that_an_argument_would_be_imported_by_is_refused(folder):
    arguments = {"setup": "evil.Thing", "dirpath": "logs.of/run", "monitor": "val.loss"}
    callback = {"class_path": LAMBDA, "init_args": arguments}
    with pytest.raises(InputError, match="name evil.Thing, which"):
        check_named([callback])
    callback["init_args"] = {"setup": torch.hub.load}  # as it is after its name was read
    with pytest.raises(InputError, match="name torch.hub.load, which"):
        check_named([callback])


def test_parts_of_trainings_are_allowed():
    check_named({"a": {"class_path": "torchvision.transforms.v2.RandomCrop"}, "b": [RandomCrop]})
    check_named([{"_target_": "pytorch_lightning.callbacks.ModelCheckpoint", "monitor": "a.b"}])
    check_named({"class_path": "EarlyStopping", "init_args": {"dtype": "torch.float32"}})


def test_what_is_not_there_is_one_sentence():
    with pytest.raises(InputError, match=r"torch.optim.Nothing, which is not there"):
        check_named({"class_path": "torch.optim.Nothing"})


def test_own_code_is_allowed_once_it_is_trusted(folder, monkeypatch):
    (folder / "trusted.py").write_text("class Thing: pass\n")
    monkeypatch.setenv("SYNCFUSION_TRUST", "other, trusted")
    assert type(build({"_target_": "trusted.Thing"})).__name__ == "Thing"


LINES = [
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise("abcdefgh")
]
HOSTILE = {
    "tag": 'model: !!python/object/apply:os.system ["touch ran"]',
    "aliases": "\n".join(["a: &a [x, x, x]", *LINES]),
    "nested": "[" * 5000,
    "no yaml": "a: b: c",
    "binary": "\x00",
    "class_path": f"trainer: {{callbacks: [{{class_path: subprocess.Popen, init_args: {RUN}}}]}}",
    "import": "data: {transforms: [{class_path: evil.Thing}]}",
    "argument": f"x: {{class_path: {LAMBDA}, init_args: {{setup: evil.Thing}}}}",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_of_settings_is_one_sentence_and_runs_nothing(folder, content):
    (folder / "a.yaml").write_text(content)
    for command in (train_onset, evaluate_onset):
        with pytest.raises(InputError) as refused:
            command(["-c", "a.yaml"])
        assert len(str(refused.value)) < 1000
        assert "\n" not in str(refused.value)


def test_a_file_that_is_missing_is_left_to_who_reads_it(folder):
    with pytest.raises(InputError, match="cannot be read"):
        read_settings(folder / "none.yaml")


@pytest.mark.slow
def test_a_reference_that_leads_nowhere_is_one_sentence(folder):
    (folder / "a.yaml").write_text("seed_everything: ${oc.env:NOT_SET_AT_ALL}")
    with pytest.raises(InputError, match="NOT_SET_AT_ALL"):
        train_onset(["-c", "a.yaml"])


NAMED = {
    "appended": ["--trainer.callbacks+=evil.Thing"],
    "a word of its own": ["--trainer.callbacks", "evil.Thing"],
    "in json": ['--trainer.callbacks=[{"class_path": "evil.Thing"}]'],
    "logger": ["--trainer.logger=evil.Thing"],
    "an argument": [f"--trainer.callbacks+={LAMBDA}", "--trainer.callbacks.setup=evil.Thing"],
    "a file without an ending": ["--trainer", "other"],
    "a file in a file": ["-c", "outer.yaml"],
    "a configuration as a word": ["-c", "{trainer: {callbacks: [{class_path: evil.Thing}]}}"],
}


@pytest.mark.slow
@pytest.mark.parametrize("words", NAMED.values(), ids=NAMED)
def test_what_the_command_line_names_is_never_imported(folder, words, capsys):
    (folder / "other").write_text("callbacks: [{class_path: evil.Thing}]")
    (folder / "outer.yaml").write_text("trainer: other")
    with pytest.raises(SystemExit) as end:
        train_onset(training(write_clips(folder / "clips"), folder / "logs", *words))
    assert end.value.code == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("the settings name evil.Thing, which is no part of a training")


@pytest.mark.slow
def test_what_is_found_in_packages_of_trainings_is_checked_before_it_is_called(folder):
    words = ["--trainer.callbacks+=LambdaCallback", "--trainer.callbacks.setup=torch.hub.load"]
    with pytest.raises(InputError, match=r"name torch.hub.load, which is no part of a training"):
        train_onset(training(write_clips(folder / "clips"), folder / "logs", *words))


def test_a_diffusion_training_refuses_foreign_targets(folder):
    from syncfusion.composition import compose

    words = ["logger._target_=evil.Thing", "+callbacks.x._target_=os.system"]
    for word in words:
        config = compose([word], primary="train_diffusion_gh")
        with pytest.raises(InputError, match="which is no part of a training"):
            train_diffusion(config)
