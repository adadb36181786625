"""Batch norm over ranks, two of which are processes of this test."""

import pytest
import torch
from torch.multiprocessing.spawn import spawn

from helpers.rank_norms import FEATURES, WEIGHTS, normed, normed_on_rank, trained
from syncfusion.onset.norm import BatchNorm


@pytest.fixture(scope="module")
def ranks(tmp_path_factory):
    """What two processes make of half a batch each."""
    folder = tmp_path_factory.mktemp("ranks")
    spawn(normed_on_rank, (folder / "store", folder / "result"), nprocs=2)
    return [torch.load(folder / f"result-{rank}") for rank in (0, 1)]


@pytest.mark.slow
def test_two_ranks_are_normed_as_one_batch(ranks):
    norm = torch.nn.BatchNorm3d(3)
    whole = normed(norm, FEATURES, WEIGHTS)
    parts = list(zip(*(found for found, _, _ in ranks), strict=True))
    joined = [torch.cat(parts[0]), torch.cat(parts[1]), sum(parts[2]), sum(parts[3])]
    torch.testing.assert_close(joined, whole, rtol=1e-4, atol=1e-5)
    for _, state, _ in ranks:
        torch.testing.assert_close(state, norm.state_dict())


@pytest.mark.slow
def test_a_net_on_two_ranks_trains_as_on_one(ranks):
    [one, other] = (losses for _, _, losses in ranks)
    torch.testing.assert_close((one + other) / 2, trained(slice(None)), rtol=0, atol=1e-6)


def test_one_process_is_normed_by_torch():
    ours, theirs = BatchNorm(3), torch.nn.BatchNorm3d(3)
    torch.testing.assert_close(ours(FEATURES), theirs(FEATURES), rtol=0, atol=0)
    torch.testing.assert_close(ours.state_dict(), theirs.state_dict(), rtol=0, atol=0)
