"""Options of the published code and what they are called here; docs/published.md explains them."""

from collections.abc import Mapping

OPTIMISER = ("lr", "lr_beta1", "lr_beta2", "lr_eps", "lr_weight_decay")
HERE = ("learning_rate", "betas", "betas", "eps", "weight_decay")
ONSET = {  # of stage 1, LightningCLI's
    "data.root_dir": "data.roots",
    **{f"data.{split}_split_file_path": "data.roots" for split in ("train", "val", "test")},
    **{f"data.{split}_data_to_use": "data.data_to_use" for split in ("train", "val", "test")},
    "data.chunk_length_in_seconds": "data.chunks.seconds",
    **{
        f"data.{split}_frames_transforms": "data.transforms, with data.frame_size"
        for split in ("train", "val", "test")
    },
    **{f"model.{old}": f"model.{new}" for old, new in zip(OPTIMISER, HERE, strict=True)},
    "model.onset_model": "model.net",
}
DIFFUSION = {  # of stage 2 and its evaluation, Hydra's
    "datamodule.train_dataset.path": "data.train",
    "datamodule.val_dataset.path": "data.validation",
    "datamodule.batch_size": "data.batch_size",
    "datamodule.num_workers": "data.num_workers",
    "datamodule.shuffle_size": "data.streaming.shuffle_size",
    "datamodule": "data",
    **{f"model.{old}": f"training.{new}" for old, new in zip(OPTIMISER, HERE, strict=True)},
    "model.embedder_checkpoint": "data.encoder",
    "callbacks.audio_samples_logger": "callbacks.samples",
    "experiment.model_path": "preset",
    "experiment.num_steps": "the preset's steps",
    "experiment.embedding_scale": "the preset's guidance",
    "experiment.cut_prefix": "protocol",
    "experiment.cut_length": "protocol",
    "experiment.one_chunk_per_track": "protocol",
    "experiment.downsample_rate": "protocol",
    "exp": "the option --config",
}


def renamed(key: str, names: Mapping[str, str]) -> str | None:
    """Return the sentence that answers a published option with its name here.

    Args:
        key: dotted; what lies below a published group is answered with the group.
        names: ``ONSET`` or ``DIFFUSION``.

    Returns:
        For example "data.root_dir is data.roots here"; None for a name that was none.
    """
    key = key.lstrip("+~")
    known = max((name for name in names if f"{key}.".startswith(f"{name}.")), key=len, default="")
    return f"{key} is {names[known]} here" if known else None
