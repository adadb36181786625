"""A trained detector of motion goes on with a few corrected clips, and forgets nothing.

Half of every batch is kept motion of the first training; normalisation stays as it was.
"""

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from syncfusion.onset import (
    Augmentation,
    Decoding,
    MotionClip,
    MotionInput,
    MotionOnsetNet,
    curve_of,
    event_scores,
    feature_batch,
    grid_batch,
    onset_loss,
)
from syncfusion.progress import Progress, ignore

STEPS = 200
LEARNING_RATE = 5e-4  # peak; a sixth of the first training's
WEIGHT_DECAY = 5e-2
POSITIVE_WEIGHT = 4.0
WARM_UP = 0.2  # fraction of the steps
SEGMENTS, FRAMES = 4, 96  # for feature nets, of own clips and of kept ones each
GRID_SEGMENTS, GRID_FRAMES = 6, 64


def taught(
    net: MotionOnsetNet,
    own: Sequence[MotionClip],
    kept: Sequence[MotionClip],
    *,
    steps: int = STEPS,
    seed: int = 0,
    progress: Progress = ignore,
) -> MotionOnsetNet:
    """Return a detector that was trained further.

    Args:
        net: the detector to start from, which stays as it is.
        own: the user's corrected clips.
        kept: motion of the first training.
        steps: of the optimiser.
        seed: of all randomness.
        progress: called with ("Learning", steps done, steps in all).

    Returns:
        The detector in eval mode.
    """
    own, kept = ([clip.as_seen(net.config.picture_lag) for clip in clips] for clips in (own, kept))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        student = _student(copy.deepcopy(net))
        optimizer = torch.optim.AdamW(
            student.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, LEARNING_RATE, total_steps=max(steps, 1), pct_start=WARM_UP
        )
        for step in range(steps):
            rng = np.random.default_rng([seed, step])
            optimizer.zero_grad(set_to_none=True)
            _loss(student, own, kept, rng).backward()
            nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            progress("Learning", step + 1, steps)
    return student.eval()


def _student(net: MotionOnsetNet) -> MotionOnsetNet:
    net.train().requires_grad_(True)
    for part in net.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            part.eval()
    return net


def _loss(
    net: MotionOnsetNet,
    own: Sequence[MotionClip],
    kept: Sequence[MotionClip],
    rng: np.random.Generator,
) -> Tensor:
    """Return the sum over the nets, each on segments of its own."""
    nothing, losses, vary = torch.empty(0), [], Augmentation()
    for part in net.features:
        features, scales, targets = _joined(
            feature_batch(clips, size=SEGMENTS, n_frames=FRAMES, augmentation=vary, rng=rng)
            for clips in (own, kept)
        )
        losses.append((part(MotionInput(features, scales, nothing)), targets))
    for part in net.grids:
        cells, targets = _joined(
            grid_batch(clips, size=GRID_SEGMENTS, n_frames=GRID_FRAMES, augmentation=vary, rng=rng)
            for clips in (own, kept)
        )
        losses.append((part(MotionInput(nothing, nothing, cells)), targets))
    each = [onset_loss(logits, aim, positive_weight=POSITIVE_WEIGHT) for logits, aim in losses]
    return torch.stack(each).sum()


def _joined(batches) -> list[Tensor]:
    return [torch.cat(parts) for parts in zip(*batches, strict=True)]


def mean_f(net: MotionOnsetNet, clips: Sequence[MotionClip], decoding: Decoding) -> float:
    """Return F ±100 ms, mean over clips; not a number where there are none."""
    scores = [f_measure(net, clip, decoding) for clip in clips]
    return float(np.mean(scores)) if scores else float("nan")


def f_measure(net: MotionOnsetNet, clip: MotionClip, decoding: Decoding) -> float:
    """Return F ±100 ms of a clip."""
    curve = curve_of(net, clip.inputs, clip.times, clip.duration)
    return event_scores(clip.track, curve.onsets(decoding)).f_measure
