"""Batch norm over ranks, two of which are processes of this test."""

import pytest
import torch
from torch import multiprocessing

from helpers.rank_norms import FEATURES, WEIGHTS, normed, normed_on_rank
from syncfusion.onset.norm import BatchNorm


@pytest.mark.slow
def test_two_ranks_are_normed_as_one_batch(tmp_path):
    results = tmp_path / "result"
    multiprocessing.spawn(normed_on_rank, (tmp_path / "store", results), nprocs=2)
    ranks = [torch.load(f"{results}-{rank}") for rank in (0, 1)]
    norm = torch.nn.BatchNorm3d(3)
    whole = normed(norm, FEATURES, WEIGHTS)
    parts = list(zip(*(found for found, _ in ranks), strict=True))
    joined = [torch.cat(parts[0]), torch.cat(parts[1]), sum(parts[2]), sum(parts[3])]
    torch.testing.assert_close(joined, whole, rtol=1e-4, atol=1e-5)
    for _, state in ranks:
        torch.testing.assert_close(state, norm.state_dict())


def test_one_process_is_normed_by_torch():
    ours, theirs = BatchNorm(3), torch.nn.BatchNorm3d(3)
    torch.testing.assert_close(ours(FEATURES), theirs(FEATURES), rtol=0, atol=0)
    torch.testing.assert_close(ours.state_dict(), theirs.state_dict(), rtol=0, atol=0)
