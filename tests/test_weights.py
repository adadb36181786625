import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from syncfusion.weights import read_pickle


@pytest.mark.parametrize(
    "value", [np.float64(0.25), np.float32(0.25), np.int64(3), np.bool_(True), Path("data/frames")]
)
def test_numbers_of_numpy_and_paths_are_read(tmp_path, value):
    torch.save({"tensor": torch.ones(2), "extra": [value]}, tmp_path / "a.ckpt")
    assert read_pickle(tmp_path / "a.ckpt")["extra"] == [value]


def test_files_in_the_old_format_are_read(tmp_path):
    tensor = torch.arange(3.0)
    torch.save(tensor, tmp_path / "old.ckpt", _use_new_zipfile_serialization=False)
    assert torch.equal(read_pickle(tmp_path / "old.ckpt"), tensor)


class Evil:
    def __reduce__(self):
        return (Path.touch, (Path("touched"),))


def test_code_is_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"hyper_parameters": Evil()}, "evil.ckpt")
    with pytest.raises(pickle.UnpicklingError):
        read_pickle("evil.ckpt")
    assert not Path("touched").exists()
