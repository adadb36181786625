import json
import logging
import pickle
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import torch

from helpers.clap_files import write_checkpoint, write_tokenizer
from syncfusion.errors import InputError
from syncfusion.prompt.clap import tokenizer as module
from syncfusion.prompt.clap.laion import LaionClap
from syncfusion.prompt.clap.tokenizer import load_tokenizer, tokenizer_files
from syncfusion.prompt.clap.transformers import TransformersClap
from syncfusion.prompt.clap.weights import (
    BANK,
    CLAP_WEIGHTS,
    FUSION,
    NUMBERS,
    PATCHES,
    POSITIONS,
    WORDS,
    ClapWeights,
    read_clap,
)

CPU = torch.device("cpu")
SMALLEST = {key: torch.zeros(3, 2) for key in (WORDS, POSITIONS, PATCHES, BANK)}


class Intruder:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return open, (str(self.mark), "w")


@pytest.fixture
def tokenizer(tmp_path):
    n_tokens = write_tokenizer(tmp_path)
    return load_tokenizer(tokenizer_files(tmp_path), n_tokens)


@pytest.mark.parity
@pytest.mark.parametrize(
    "text",
    ["metal hit", " a  metal HIT, hit!", "naïve 金属 🔨", "hit </s> hit", "hits\n" * 40],
)
def test_texts_are_cut_as_by_the_published_tokenizer(tmp_path, tokenizer, text):
    from transformers import RobertaTokenizerFast

    published = RobertaTokenizerFast.from_pretrained(str(tmp_path), local_files_only=True)
    wanted = published(
        [text], padding="max_length", truncation=True, max_length=77, return_tensors="pt"
    )
    found = tokenizer([text])
    assert torch.equal(found.token_ids, wanted["input_ids"])
    assert torch.equal(found.mask, wanted["attention_mask"])


def test_of_a_text_too_long_the_begin_is_heard_and_that_is_said(tokenizer, caplog):
    with caplog.at_level(logging.WARNING):
        tokens = tokenizer(["hit " * 100, "hit " * 10])
    assert tokens.mask.sum(1).tolist() == [77, 13]
    assert tokens.token_ids[0, -1] == 2
    assert len(caplog.messages) == 1


def test_a_tokenizer_is_read_from_one_file_too(tmp_path, tokenizer):
    one = tmp_path / "one"
    one.mkdir()
    tokenizer._tokenizer.save(str(one / "tokenizer.json"))
    other = load_tokenizer(tokenizer_files(one), len(tokenizer))
    assert other.token_ids("metal hit") == tokenizer.token_ids("metal hit")


def test_a_tokenizer_is_found_in_the_cache_of_the_hub(tmp_path, monkeypatch):
    home = tmp_path / "models--roberta-base"
    snapshot = home / "snapshots" / ("0" * 40)
    write_tokenizer(snapshot)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text("0" * 40)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(module, "FOLDER", tmp_path / "none")
    assert [path.parent for path in tokenizer_files()] == [snapshot, snapshot]


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda vocabulary: vocabulary | {"more": 268}, "269 tokens, CLAP's text net 268"),
        (lambda vocabulary: [], "cannot be read"),
        (lambda vocabulary: vocabulary | {"<pad>": 0, "<s>": 1}, "does not split texts"),
    ],
)  # fmt: skip
def test_a_tokenizer_of_another_net_is_refused(tmp_path, spoil, problem):
    n_tokens = write_tokenizer(tmp_path)
    file = tmp_path / "vocab.json"
    file.write_text(json.dumps(spoil(json.loads(file.read_text()))))
    with pytest.raises(InputError, match=problem) as failure:
        load_tokenizer(tokenizer_files(tmp_path), n_tokens)
    assert "https://huggingface.co/roberta-base" in str(failure.value)
    assert "\n" not in str(failure.value)


def test_an_empty_tokenizer_is_refused(tmp_path):
    n_tokens = write_tokenizer(tmp_path)
    (tmp_path / "vocab.json").write_text("{}")
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    with pytest.raises(InputError, match="has 5 tokens, CLAP's text net 268"):
        load_tokenizer(tokenizer_files(tmp_path), n_tokens)


def test_a_tokenizer_to_which_all_texts_are_one_is_refused(tmp_path):
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *map(str, range(263)), "<mask>"]
    (tmp_path / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}))
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    with pytest.raises(InputError, match="does not split texts as roberta-base's does"):
        load_tokenizer(tokenizer_files(tmp_path), len(tokens))


def test_the_published_number_of_tokens_alone_does_not_make_the_published_tokenizer(
    tmp_path, monkeypatch
):
    n_tokens = write_tokenizer(tmp_path)
    monkeypatch.setattr(module, "PUBLISHED_TOKENS", n_tokens)
    with pytest.raises(InputError, match="does not split texts as roberta-base's does"):
        load_tokenizer(tokenizer_files(tmp_path), n_tokens)


def test_a_checkpoint_is_read_without_its_prefix_and_its_counted_positions(tmp_path):
    layers = {f"text_branch.encoder.layer.{i}.x": torch.ones(1) for i in range(11)}
    scale = {"logit_scale_a": np.float32(14.3)}
    path = write_checkpoint(tmp_path / "clap.pt", SMALLEST | layers | scale)
    weights = read_clap(path)
    assert weights.state.keys() == (SMALLEST | layers | scale).keys()
    assert weights.state["logit_scale_a"] == pytest.approx(14.3)
    assert (weights.n_tokens, weights.n_positions, weights.n_text_layers) == (3, 3, 11)


def test_tensors_that_stand_alone_in_a_file_of_old_are_read_too(tmp_path):
    state = SMALLEST | {NUMBERS: torch.arange(3)}
    torch.save(state, tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    assert read_clap(tmp_path / "old.pt").state.keys() == SMALLEST.keys()


@pytest.mark.parametrize("home", [b"numpy.core", b"numpy._core"])
def test_numbers_that_numpy_1_or_2_wrote_may_stand_beside_the_tensors(tmp_path, home):
    written = write_checkpoint(tmp_path / "written.pt", SMALLEST)
    with ZipFile(written) as read, ZipFile(tmp_path / "clap.pt", "w") as changed:
        for name in read.namelist():
            content = read.read(name)
            for found in (b"numpy.core", b"numpy._core"):
                content = content.replace(b"c%s.multiarray\n" % found, b"c%s.multiarray\n" % home)
            changed.writestr(name, content)
    assert read_clap(tmp_path / "clap.pt").state.keys() == SMALLEST.keys()


def files_that_are_no_clap():
    yield "empty", b""
    yield "text", b"<!DOCTYPE html>\n<html>"
    yield "zip", b"PK\x05\x06" + bytes(18)
    yield "object", {"a": object()}
    yield "list", [torch.zeros(1)]
    yield "other state", {"state_dict": {"model.weight": torch.zeros(1)}}
    yield "no state", {"state_dict": None}
    yield "fusion", SMALLEST | {f"{FUSION}local_att.0.weight": torch.zeros(1)}


@pytest.mark.parametrize(("name", "content"), files_that_are_no_clap())
def test_a_file_that_is_no_clap_is_told_in_one_sentence(tmp_path, name, content):
    path = tmp_path / f"{name}.pt"
    path.write_bytes(content) if isinstance(content, bytes) else torch.save(content, path)
    with pytest.raises(InputError) as failure:
        read_clap(path)
    assert str(failure.value).startswith(str(path))
    assert f"put {CLAP_WEIGHTS.name} from https://huggingface.co/lukewys/laion_clap there" in str(
        failure.value
    )
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_checkpoint_cut_off_is_told(tmp_path, kept):
    path = write_checkpoint(tmp_path / "clap.pt", SMALLEST)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(InputError, match="no checkpoint that can be read safely"):
        read_clap(path)


@pytest.mark.parametrize("save", [torch.save, lambda it, to: to.write_bytes(pickle.dumps(it, 2))])
def test_a_checkpoint_runs_no_code_of_its_own(tmp_path, save):
    mark, path = tmp_path / "mark", tmp_path / "clap.pt"
    save({"state_dict": SMALLEST, "epoch": Intruder(mark)}, path)
    with pytest.raises(InputError, match="no checkpoint that can be read safely"):
        read_clap(path)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("back_end", "change", "problem"),
    [
        (
            TransformersClap,
            lambda state: state.pop("audio_projection.2.bias"),
            "lacks audio_projection",
        ),
        (
            TransformersClap,
            lambda state: state.update({"logit_scale_a": torch.zeros(2)}),
            r"differs in logit_scale_a \(2,\) for \(\)",
        ),
        (LaionClap, lambda state: state.update(more=torch.zeros(1)), "has no use for more"),
    ],
)
def test_weights_of_another_architecture_are_refused(clap_folder, back_end, change, problem):
    weights = read_clap(clap_folder / CLAP_WEIGHTS.name)
    state = dict(weights.state)
    change(state)
    with pytest.raises(InputError, match=problem):
        back_end(ClapWeights(weights.path, state), CPU)
