import pytest
import torch
from torchvision.transforms import v2

from helpers.onset_clips import moving_picture
from syncfusion.onset.data.transforms import ColourJitter, transformed
from syncfusion.timing import seeded

FRAMES = torch.from_numpy(moving_picture(3, 24, 32))
STILL = FRAMES[:1].expand(3, -1, -1, -1)
RANDOM = [
    v2.RandomCrop(12),
    v2.RandomResizedCrop(12, scale=(0.4, 0.9)),
    v2.ColorJitter(0.4, 0.2, 0.4, 0.1),
    ColourJitter(0.4, 0.2, 0.4, 0.1),
    v2.RandomHorizontalFlip(),
]


@pytest.mark.parametrize("transform", RANDOM, ids=lambda transform: type(transform).__name__)
def test_all_frames_of_an_example_change_alike(transform):
    for seed in range(5):
        changed = transformed(STILL, [transform], seed=seed)
        assert (changed == changed[:1]).all()


@pytest.mark.parametrize("transform", RANDOM, ids=lambda transform: type(transform).__name__)
def test_the_seed_decides_and_nothing_else(transform):
    drawn = [transformed(FRAMES, [transform], seed=seed) for seed in range(6)]
    torch.manual_seed(99)
    torch.testing.assert_close(transformed(FRAMES, [transform], seed=3), drawn[3])
    assert any(not torch.equal(drawn[0], other) for other in drawn[1:])


def test_the_global_generator_is_left_alone():
    before = torch.get_rng_state()
    transformed(FRAMES, RANDOM, seed=1)
    torch.testing.assert_close(torch.get_rng_state(), before)


def test_transforms_are_applied_in_order():
    changed = transformed(FRAMES, [v2.Resize((12, 16)), v2.CenterCrop(8)], seed=0)
    whole = v2.functional.resize(FRAMES.permute(0, 3, 1, 2), [12, 16]).permute(0, 2, 3, 1)
    torch.testing.assert_close(changed, whole[:, 2:10, 4:12])


def jittered(frames, kind, seed=0, **ranges):
    return transformed(frames, [kind(**ranges)], seed=seed).int()


@pytest.mark.parametrize("name", ["brightness", "contrast", "saturation"])
def test_one_jitter_is_torchvisions_up_to_rounding(name):
    frames = torch.randint(90, 140, FRAMES.shape, generator=seeded(0), dtype=torch.uint8)
    for seed in range(5):
        ours, theirs = (
            jittered(frames, k, seed, **{name: 0.4}) for k in (ColourJitter, v2.ColorJitter)
        )
        assert (ours - theirs).abs().max() <= 1


def test_jitters_follow_each_other_as_torchvisions_do():
    frames = torch.randint(90, 140, FRAMES.shape, generator=seeded(0), dtype=torch.uint8)
    ranges = {"brightness": 0.2, "contrast": 0.4, "saturation": 0.4}
    for seed in range(10):
        ours, theirs = (jittered(frames, k, seed, **ranges) for k in (ColourJitter, v2.ColorJitter))
        assert (ours - theirs).abs().max() <= 4  # torchvision rounds down three times


@pytest.mark.parametrize("turns", [-0.1, 0.1, 0.3])
def test_a_turned_hue_lies_where_torchvisions_does(turns):
    for colour in torch.tensor([[150, 90, 90], [90, 150, 90], [90, 90, 150]], dtype=torch.uint8):
        frames = colour.expand(1, 2, 2, 3)
        kinds = (ColourJitter, v2.ColorJitter)
        ours, theirs = (jittered(frames, kind, hue=(turns, turns)).float() for kind in kinds)
        chroma = [pixels - pixels.mean(-1, keepdim=True) for pixels in (ours, theirs)]
        assert torch.cosine_similarity(*chroma, dim=-1).min() > 0.85


def test_a_turned_hue_keeps_luma_and_grey():
    luma = torch.tensor([0.299, 0.587, 0.114])
    muted = (FRAMES // 4 + 96).to(torch.uint8)
    turned = jittered(muted, ColourJitter, hue=(0.2, 0.2)).float()
    torch.testing.assert_close(turned @ luma, muted.float() @ luma, atol=0.6, rtol=0)
    grey = torch.full((1, 2, 2, 3), 77, dtype=torch.uint8)
    assert jittered(grey, ColourJitter, hue=(0.2, 0.2)).unique().tolist() == [77]


def test_no_jitter_changes_nothing():
    ranges = {"brightness": (1, 1), "contrast": (1, 1), "saturation": (1, 1), "hue": 0.0}
    torch.testing.assert_close(jittered(FRAMES, ColourJitter, **ranges), FRAMES.int())


def test_flips_are_about_half():
    flipped = [transformed(FRAMES, [v2.RandomHorizontalFlip()], seed=seed) for seed in range(100)]
    assert 30 < sum(torch.equal(frames, FRAMES.flip(2)) for frames in flipped) < 70
