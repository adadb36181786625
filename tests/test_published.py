"""Names of the published code, typed at the programs here."""

import re

import pytest

from helpers.onset_clips import write_root
from helpers.onset_runs import training
from helpers.places import REPOSITORY
from syncfusion.cli.app import main
from syncfusion.composition import compose
from syncfusion.errors import InputError
from syncfusion.published import METRICS, check_metric, renamed_script
from syncfusion.training.diffusion_settings import read_settings
from syncfusion.training.onset import train_onset

PAGE = (REPOSITORY / "docs" / "published.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_root(tmp_path_factory.mktemp("data"))


def rows_of_scripts():
    table = PAGE.split("## Scripts")[1].split("Options of the preprocessing")[0]
    return re.findall(r"^\| (`.*?`) \| (.*?) \|$", table, re.M)


@pytest.mark.parametrize(("old", "new"), rows_of_scripts())
def test_every_script_of_the_page_is_answered_with_a_command_the_page_names(old, new):
    for word in re.findall(r"`([^`]+)`", old):
        sentence = renamed_script(word)
        assert sentence is not None, word
        assert sentence.startswith(word.split("/")[-1])
        if new != "the same names":
            answers = re.findall(r"table[23]_\w+|script/[\w.-]+|syncfusion \w+ \w+", sentence)
            assert any(answer in new for answer in answers), sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["train_onset.py", "-c", "x.yaml"], "train_onset.py is syncfusion train onset here"),
        (["main/train-diffusion.py"], "train-diffusion.py is syncfusion train diffusion here"),
        (["train", "train_onset"], "train_onset is syncfusion train onset here"),
        (["script/train-diffusion-gh.sh"], "is script/train-diffusion-model-gh.sh here"),
        (["run_evaluate_gh_gen.sh"], "is script/table2.sh, row table2_audio here"),
        (["evaluate", "evaluate_onset_text.sh"], "is script/table2.sh, row table2_text here"),
    ],
)
def test_a_published_script_is_answered_with_its_command(words, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_commands_of_today_are_no_old_names(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--help"])
    assert ended.value.code == 0


@pytest.mark.parametrize("option", ["checkpoint", "early_stopping"])
def test_a_published_metric_is_answered_before_training(root, tmp_path, option):
    answer = f"valid_loss is loss/val here; {option}.monitor is 'valid_loss'"
    with pytest.raises(InputError, match=answer):
        train_onset([*training(root, tmp_path, f"--{option}.monitor", "valid_loss")])
    assert not (tmp_path / "checkpoints").exists()


@pytest.mark.parametrize("name", METRICS)
def test_every_published_metric_is_on_the_page_and_answered(name):
    assert f"`{name}`" in PAGE or f"`{name.split('/')[-1]}`" in PAGE or f"/{name[-2:]}`" in PAGE
    with pytest.raises(InputError, match=f"^{name} is .* here; it is '{name}'; it takes loss/val"):
        check_metric(name, ["loss/val"], "it")


def test_a_metric_that_is_nowhere_is_answered_with_those_that_are(root, tmp_path):
    with pytest.raises(InputError, match="'f1'; it takes loss/val, val/f_measure"):
        train_onset([*training(root, tmp_path, "--checkpoint.monitor", "f1")])


def test_a_published_metric_of_stage_2_is_answered():
    config = compose(["callbacks.best.monitor=valid_loss"], primary="train_diffusion_gh")
    with pytest.raises(InputError, match=r"valid_loss is loss/val here; callbacks\.best\.monitor"):
        read_settings(config)


def test_a_class_of_a_published_configuration_is_answered(root, tmp_path, capsys):
    words = training(root, tmp_path, "--model.class_path", "main.module_onset.Onset")
    with pytest.raises(SystemExit):
        train_onset(words)
    assert "model.class_path is model itself" in capsys.readouterr().err
