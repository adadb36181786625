"""Names of the published code and what they are called here; docs/published.md explains them."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from syncfusion.errors import InputError

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
    **{
        f"{part}.{old}": f"{part} itself, whose settings lie directly in it"
        for part in ("model", "data")
        for old in ("class_path", "init_args")
    },
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

SCRIPTS = {  # without folder and ending, "_" for "-"
    "train": "syncfusion train diffusion",
    "train_onset": "syncfusion train onset",
    "train_diffusion": "syncfusion train diffusion",
    "test_onset": "script/test-onset.sh",
    "train_onset_gh": "script/train-onset-gh.sh",
    "train_onset_gh_augment": "script/train-onset-gh-augment.sh",
    "train_diffusion_gh": "script/train-diffusion-model-gh.sh",
    "train_diffusion_model_gh": "script/train-diffusion-model-gh.sh",
    "gh_preprocess_videos": "syncfusion preprocess videos",
    "gh_preprocess_annotations": "syncfusion preprocess annotations",
    "gh_preprocess_split": "syncfusion preprocess split",
    "run_prepare_gh_gt": "not needed: recordings are read from the shards, row table2_real",
    "run_prepare_gh_gt_pred": "not needed: recordings are read from the shards, row table3_real",
    "run_evaluate_gh_gen": "script/table2.sh, row table2_audio",
    "run_evaluate_gh_gen_text": "script/table2.sh, row table2_text",
    "run_evaluate_gh_gen_pred": "script/table3.sh, row table3_audio",
    "run_evaluate_gh_gen_pred_augment": "script/table3.sh, row table3_augment_audio",
    "evaluate_onset": "script/table2.sh, row table2_audio",
    "evaluate_onset_text": "script/table2.sh, row table2_text",
    "evaluate_onset_pred": "script/table3.sh, row table3_audio",
    "evaluate_onset_pred_augment": "script/table3.sh, row table3_augment_audio",
    "run_evaluate_gh_gt": "script/table2.sh, row table2_real",
    "run_evaluate_gh_gt_pred": "script/table3.sh, row table3_real",
}
METRICS = {
    "train_loss": "loss/train",
    "valid_loss": "loss/val",
    **{
        f"metrics/{split}/{old}": f"the column of {new} in table 1, by syncfusion evaluate onset"
        for split in ("train", "val", "test")
        for old, new in {
            "AP": "average precision",
            "Acc": "accuracy",
            "OnsNumAcc": "the number of onsets",
        }.items()
    },
    "FAD": "the Fréchet distance (vggish) of syncfusion evaluate",
}


def renamed_script(word: str) -> str | None:
    """Return the sentence that answers the name of a published script with the command here.

    Args:
        word: as typed, with or without folder and ending.

    Returns:
        For example "train-onset.py is syncfusion train onset here"; None for a name that was none.
    """
    path = PurePosixPath(word)
    name = path.stem if path.suffix in (".py", ".sh") else path.name
    known = SCRIPTS.get(re.sub("[-.]", "_", name).removeprefix("main_"))
    return f"{path.name} is {known} here" if known else None


def check_metric(name: str | None, logged: Iterable[str], option: str) -> None:
    """Check that a requested metric is logged.

    Args:
        name: of the metric; None for none.
        logged: names of those that are.
        option: that names it, for the message.

    Raises:
        InputError: if it is not, with the name that a published one has here.
    """
    logged = list(logged)
    if name is None or name in logged:
        return
    answer = f"{name} is {METRICS[name]} here; " if name in METRICS else ""
    raise InputError(f"{answer}{option} is {name!r}; it takes {', '.join(logged)}")


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
