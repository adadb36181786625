"""The data of stage 1 are split over ranks."""

import pytest

from helpers.onset_clips import write_root
from syncfusion.errors import InputError
from syncfusion.onset.data.clips import open_split
from syncfusion.onset.data.epochs import EpochSampler, seeded_epochs
from syncfusion.onset.data.ranks import RankSampler, rank_clips
from syncfusion.onset.data.sampling import Segment


def epochs(n_segments):
    def draw(generator):
        first = int(generator.initial_seed() % 1000)
        return [Segment(first + number, 0, 1.0, 0) for number in range(n_segments)]

    return EpochSampler(seeded_epochs(draw, 0))


def read(sampler, epoch):
    sampler.set_epoch(epoch)
    found = [segment.clip for segment in sampler]
    assert len(found) == len(sampler)
    return found


@pytest.mark.parametrize("epoch", [0, 3])
def test_ranks_take_their_parts_of_each_common_batch(epoch):
    whole = read(epochs(13), epoch)
    ranks = [read(RankSampler(epochs(13), 2, rank, 3), epoch) for rank in range(3)]
    expected = [whole[:2] + whole[6:8], whole[2:4] + whole[8:10], whole[4:6] + whole[10:12]]
    assert ranks == expected


def test_an_epoch_too_small_for_all_ranks_is_refused():
    with pytest.raises(InputError, match="5 examples, too few for batches of 2 on each of 3"):
        RankSampler(epochs(5), 2, 0, 3)


def test_ranks_evaluate_every_clip_once_in_equally_many_turns(tmp_path):
    a, b, c, d = open_split(write_root(tmp_path, ("a", "b", "c", "d")), "train")
    assert [rank_clips([a, b, c, d], rank, 3) for rank in range(3)] == [
        [a, d],
        [b, None],
        [c, None],
    ]
    assert rank_clips([a], 1, 2) == [a]
