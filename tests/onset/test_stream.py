import pytest
import torch

from syncfusion.onset.folding import folded
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.onset.stream import LEAST_FRAMES, OnsetStream
from syncfusion.timing import seeded

NETS = {
    "published": OnsetNetConfig(width=4, hidden=8),
    "compact": OnsetNetConfig(width=4, hidden=8, head="temporal", difference=True),
}


def draw_net(name: str) -> VideoOnsetNet:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return folded(VideoOnsetNet(NETS[name]))


def draw_frames(n_frames: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(1, 3, n_frames, 16, 16, generator=seeded(seed))


@torch.no_grad()
@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("lengths", [(1,), (24, 1), (24, 3, 30), (40, 24, 24)])
def test_pieces_give_what_the_whole_gives(name, lengths):
    net, frames = draw_net(name), draw_frames(sum(lengths))
    stream, found = OnsetStream(net), []
    for number, piece in enumerate(frames.split(lengths, dim=2), 1):
        found.append(stream.feed(piece, last=number == len(lengths)))
    torch.testing.assert_close(torch.cat(found, dim=1), net(frames))


@torch.no_grad()
@pytest.mark.parametrize("name", NETS)
def test_the_least_first_piece_is_longer_than_the_net_looks_ahead(name):
    assert OnsetStream(draw_net(name)).feed(draw_frames(LEAST_FRAMES), last=False).shape[1] > 0


@torch.no_grad()
def test_between_its_ends_a_stream_decides_as_many_frames_as_it_is_fed():
    stream = OnsetStream(draw_net("compact"))
    stream.feed(draw_frames(24), last=False)
    assert stream.feed(draw_frames(7), last=False).shape == (1, 7)


@torch.no_grad()
def test_two_streams_of_one_net_do_not_disturb_each_other():
    net, first, second = draw_net("compact"), draw_frames(50, seed=1), draw_frames(50, seed=2)
    streams = [(OnsetStream(net), first, []), (OnsetStream(net), second, [])]
    for start, stop, last in ((0, 30, False), (30, 50, True)):
        for stream, frames, found in streams:
            found.append(stream.feed(frames[:, :, start:stop], last=last))
    for _, frames, found in streams:
        torch.testing.assert_close(torch.cat(found, dim=1), net(frames))
