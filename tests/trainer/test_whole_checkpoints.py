import pytest
import torch

from helpers.full_disk import contents, limited_files
from syncfusion.trainer.whole_checkpoints import WholeCheckpoints


def test_a_checkpoint_without_room_leaves_the_last_one_and_nothing_else(tmp_path):
    path = tmp_path / "best.ckpt"
    WholeCheckpoints().save_checkpoint({"weights": torch.zeros(5)}, path)
    before = contents(tmp_path)
    with (
        limited_files(tmp_path, 8192),
        pytest.raises(OSError, match="File too large") as full,
    ):
        WholeCheckpoints().save_checkpoint({"weights": torch.rand(50_000)}, path)
    assert full.value.filename == str(path)
    assert contents(tmp_path) == before
