import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from syncfusion.onset.detect import Scanning, normalised, onset_probabilities
from syncfusion.timing import seeded


def brightness(frames):
    """A pointwise net: what it says of a frame depends on that frame only."""
    return frames.mean(dim=(1, 3, 4))


def noise(n_frames):
    return torch.randint(0, 256, (n_frames, 4, 4, 3), generator=seeded(0), dtype=torch.uint8)


@settings(max_examples=40, deadline=None)
@given(
    n_frames=st.integers(1, 70),
    batch=st.integers(1, 40),
    window=st.integers(1, 16),
    overlap=st.integers(0, 15),
)
def test_windows_give_what_a_single_pass_gives_when_frames_do_not_interact(
    n_frames, batch, window, overlap
):
    scanning = Scanning(window_frames=window, overlap_frames=min(overlap, window - 1))
    video = noise(n_frames)
    windowed = onset_probabilities(brightness, video.split(batch), scanning=scanning)
    single = brightness(normalised(video[None]))[0].sigmoid()
    torch.testing.assert_close(windowed, single)


def test_no_window_is_longer_than_asked_and_none_is_shorter_unless_alone():
    seen = []

    def net(frames):
        seen.append(frames.shape[2])
        return brightness(frames)

    scanning = Scanning(window_frames=8, overlap_frames=2)
    onset_probabilities(net, noise(21).split(5), scanning=scanning)
    onset_probabilities(net, noise(3).split(5), scanning=scanning)
    assert seen == [8, 8, 8, 8, 3]


def test_the_middle_of_a_window_counts_more_than_its_ends():
    windows = iter([10.0, -10.0])

    def net(frames):
        return torch.full((1, frames.shape[2]), next(windows))

    found = onset_probabilities(
        net, [noise(12)], scanning=Scanning(window_frames=8, overlap_frames=4)
    )
    overlap = found[4:8]
    assert (overlap.diff() < 0).all()
    assert overlap[0] > 0.5 > overlap[-1]


def test_a_video_without_frames_has_no_probabilities():
    assert onset_probabilities(brightness, []).shape == (0,)


def test_windows_that_do_not_advance_are_refused():
    with pytest.raises(ValueError, match="overlap by 8"):
        Scanning(window_frames=8, overlap_frames=8)


def test_normalised_frames_have_imagenets_statistics():
    grey = torch.full((1, 1, 2, 2, 3), 255, dtype=torch.uint8)
    expected = torch.tensor([(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225])
    torch.testing.assert_close(normalised(grey)[0, :, 0, 0, 0], expected)
