"""What a run is of: settings, data and code, written into its folder and held against it later."""

import fnmatch
import json
import logging
import subprocess
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytorch_lightning as pl

from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.places import CHECKOUT
from syncfusion.plain_values import parse_json

NAME = "settings.json"
SHOWN = 3  # differing keys that a message names
MAY_CHANGE = (  # settings by which a run may go on that began with others; docs/training.md
    "steps",
    "training.total_steps",
    "*learning_rate",
    "output",
    "ckpt",
    "ckpt_path",
    "weights_only",
    "config*",
    "compile",
    "activation_checkpointing",
    "logger*",
    "log_checkpoints",
    "save_interval_seconds",
    "checkpoint.*",
    "early_stopping.*",
    "callbacks.samples*",
    "callbacks.throughput*",
    "callbacks.last*",
    "callbacks.best*",
    "*average.device",
    *(
        f"trainer.{name}"
        for name in (
            *("accelerator", "devices", "num_nodes", "strategy", "precision", "plugins"),
            *("max_*", "min_*", "limit_val_batches", "limit_test_batches", "num_sanity_val_steps"),
            *("val_check_interval", "check_val_every_n_epoch", "log_every_n_steps", "logger*"),
            *("callbacks*", "default_root_dir", "enable_*", "profiler*", "detect_anomaly"),
            *("benchmark", "use_distributed_sampler", "deterministic"),
        )
    ),
    "data.num_workers",
    "data.keep_resized",
    "data.validation_clips",
    "data.train",  # paths: what lies there is compared
    "data.validation",
    "data.test",
    "data.train.*.shards*",
    "data.validation.*.shards*",
    "data.roots.*.folder",
)

log = logging.getLogger(__name__)
Record = dict[str, Any]


def describe_run(settings: Mapping[str, Any], data: Mapping[str, str]) -> Record:
    """Return what a run is of, as json holds it.

    Args:
        settings: the whole configuration.
        data: a hash of every file that is trained on, by name.

    Returns:
        ``settings`` and ``data`` as given, and ``code``: version and commit. Values that json has
        no kind for become text.
    """
    record = {
        "settings": dict(settings),
        "data": dict(data),
        "code": {"version": version("syncfusion"), "commit": commit()},
    }
    return json.loads(json.dumps(record, default=str))


def check_run(folder: str | Path, record: Record) -> None:
    """Check that a run that goes on is of the same as when it began.

    Args:
        folder: of the run; one without a record is taken as it is.
        record: of the run that goes on, see ``describe_run``.

    Raises:
        InputError: naming the first settings or files that differ, and how to start anew.
    """
    path = Path(folder) / NAME
    try:
        before = parse_json(path.read_text(encoding="utf-8"))
        old_code, new_code = before["code"], record["code"]
        same_code = old_code == new_code
        differing = list(differences(before, record, same_code))
    except FileNotFoundError:
        return
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} cannot be read ({error}); remove it to go on without, or choose another output"
        ) from error
    if differing:
        rest = len(differing) - SHOWN
        named = "; ".join(differing[:SHOWN]) + (f"; and {rest} more" if rest > 0 else "")
        raise InputError(
            f"the run in {folder} began with other settings: {named}; set them as they were to go "
            f"on, or start anew in another {folder_option(record)} or without this folder"
        )
    if not same_code:
        log.warning("the run in %s began with other code: %s, now %s", folder, old_code, new_code)


def write_record(folder: str | Path, record: Record) -> None:
    """Write what a run is of into its folder.

    Args:
        folder: of the run.
        record: see ``describe_run``.
    """
    with temporary_sibling(Path(folder) / NAME) as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def log_run(trainer: pl.Trainer, record: Record, checkpoint: str | None) -> None:
    """Log what a run is of as its hyperparameters, and from where it goes on.

    Args:
        trainer: of the run.
        record: see ``describe_run``.
        checkpoint: that the run goes on from; None for a new one.
    """
    for logger in trainer.loggers:
        logger.log_hyperparams(dict(record))
    if checkpoint is not None and trainer.is_global_zero:
        log.info("resuming from %s", checkpoint)


def differences(before: Record, now: Record, same_code: bool) -> Iterator[str]:
    """Yield what differs between two records and may not, each with old and new value.

    Args:
        before: the record of the run.
        now: of the command.
        same_code: whether both are of the same code; else settings that one of them lacks do not
            count, since the code has come to know them or forgotten them.

    Yields:
        ``key was old and is new``, settings before data, each in the order of its keys.
    """
    absent = object()
    for part in ("settings", "data"):
        old, new = dict(_flat(before[part])), dict(_flat(now[part]))
        for key in sorted(old.keys() | new.keys()):
            pair = [side.get(key, absent) for side in (old, new)]
            lacking = absent in pair and part == "settings" and not same_code
            if pair[0] == pair[1] or lacking or (part == "settings" and may_change(key)):
                continue
            shown = ["absent" if each is absent else _short(each) for each in pair]
            yield f"{key} was {shown[0]} and is {shown[1]}"


def may_change(key: str) -> bool:
    """Return whether a run may go on with another value of a setting.

    Args:
        key: dotted.

    Returns:
        True where the key matches a pattern of ``MAY_CHANGE``.
    """
    return any(fnmatch.fnmatchcase(key, pattern) for pattern in MAY_CHANGE)


def folder_option(record: Record) -> str:
    """Return the name of the option that names a run's folder."""
    return "output=" if "output" in record["settings"] else "--trainer.default_root_dir"


def commit() -> str | None:
    """Return the commit of the checkout that runs, "+" behind it after changes; None for none."""
    if CHECKOUT is None:
        return None
    words = ["git", "-C", str(CHECKOUT), "describe", "--always", "--abbrev=40", "--dirty=+"]
    try:
        ended = subprocess.run([*words, "--exclude=*"], capture_output=True, text=True)
    except OSError:
        return None
    return ended.stdout.strip() or None


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every single value of nested settings by its dotted key."""
    parts = enumerate(value) if isinstance(value, list) else ()
    parts = value.items() if isinstance(value, Mapping) else parts
    if not isinstance(value, list | Mapping) or not value:
        yield name, value
    for key, each in parts:
        yield from _flat(each, f"{name}.{key}" if name else str(key))


def _short(value: Any) -> str:
    text = "null" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
