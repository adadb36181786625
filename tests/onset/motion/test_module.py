import numpy as np
import pytest
import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader

from helpers.motion_clips import motion_clip
from syncfusion.checkpoint import load_onset
from syncfusion.errors import InputError
from syncfusion.onset.decode import Decoding
from syncfusion.onset.loss import onset_loss
from syncfusion.onset.motion import data
from syncfusion.onset.motion.data import MotionData
from syncfusion.onset.motion.inputs import MotionInput
from syncfusion.onset.motion.module import MotionModule
from syncfusion.onset.motion.net import MOTION_NET_KEY, MotionNetConfig
from syncfusion.onset.motion.segments import Augmentation, MotionBatch, feature_batch, grid_batch

TINY = MotionNetConfig(
    n_feature_nets=1,
    n_grid_nets=1,
    width=8,
    dilations=(1, 2),
    grid_width=8,
    grid_channels=(4, 4),
    dropout=0.0,
    feature_dropout=0.0,
    grid_dropout=0.0,
)
CLIP = motion_clip(n_frames=120, onsets=(20, 45, 70, 100))


def module(**settings):
    torch.manual_seed(0)
    return MotionModule(TINY, Decoding(threshold=0.4), **settings)


def batch(seed=0):
    rng = np.random.default_rng(seed)
    draw = {"size": 4, "n_frames": 60, "augmentation": Augmentation(gain=0.1), "rng": rng}
    return MotionBatch([feature_batch([CLIP], **draw)], [grid_batch([CLIP], **draw)])


def trainer(tmp_path, n_steps):
    return pl.Trainer(
        max_steps=n_steps,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        default_root_dir=tmp_path,
    )


def fitted(tmp_path, n_steps=2, **settings):
    model, run = module(**settings), trainer(tmp_path, n_steps)
    loader = DataLoader([batch(n) for n in range(n_steps)], batch_size=None, collate_fn=lambda b: b)  # type: ignore[arg-type]
    run.fit(model, loader)
    return model, run


def test_a_step_s_loss_is_the_sum_over_the_nets_each_on_its_own_segments():
    model, drawn = module().eval(), batch()
    (features, scales, f_targets), (cells, g_targets) = drawn.features[0], drawn.grids[0]
    nothing = torch.empty(0)
    expected = onset_loss(
        model.model.features[0](MotionInput(features, scales, nothing)),
        f_targets,
        positive_weight=4.0,
    ) + onset_loss(
        model.model.grids[0](MotionInput(nothing, nothing, cells)), g_targets, positive_weight=4.0
    )
    torch.testing.assert_close(model.training_step(drawn, 0), expected)


@pytest.mark.slow
def test_a_short_training_finds_the_onsets_of_its_clip(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "open_motion_clips", lambda root, names, **_: [CLIP] * len(names))
    for split in ("train", "val"):
        (tmp_path / f"{split}.txt").write_text(split)
    sizes = {"feature_segments": 4, "feature_frames": 60, "grid_segments": 4, "grid_frames": 60}
    clips = MotionData(tmp_path, tmp_path, steps_per_epoch=60, **sizes)
    model, run = module(learning_rate=1e-2, grid_learning_rate=1e-2), trainer(tmp_path, 60)
    run.fit(model, clips)
    (scores,) = run.validate(model, clips, verbose=False)
    assert scores["val/f_measure"] == 1.0


def test_feature_nets_and_grid_nets_have_their_own_learning_rates(tmp_path):
    _, run = fitted(tmp_path, learning_rate=4e-3, grid_learning_rate=1e-3)
    assert [group["max_lr"] for group in run.optimizers[0].param_groups] == [4e-3, 1e-3]


def test_a_checkpoint_opens_without_its_configuration(tmp_path):
    model, run = fitted(tmp_path)
    run.save_checkpoint(tmp_path / "last.ckpt")
    loaded = load_onset(tmp_path / "last.ckpt")
    assert loaded.config == TINY
    torch.testing.assert_close(
        loaded.state_dict()["features.0.join.weight"], model.model.features[0].join.weight.data
    )


def test_a_run_is_not_resumed_with_nets_of_another_shape():
    wider = {MOTION_NET_KEY: {"n_feature_nets": 2}}
    with pytest.raises(InputError, match="set model.net as it was trained"):
        module().on_load_checkpoint(wider)
