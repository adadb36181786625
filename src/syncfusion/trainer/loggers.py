"""Where a training logs: Weights & Biases where there is an account, csv files elsewhere."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pytorch_lightning.loggers import CSVLogger, Logger, WandbLogger

from syncfusion.errors import InputError

LoggerKind = Literal["auto", "csv", "wandb"]
ACCOUNT = ("project", "entity")  # of Weights & Biases, where the environment names them


def suitable_logger(environment: Mapping[str, str]) -> Literal["csv", "wandb"]:
    """Return "wandb" where the environment has a key, or is offline by choice, else "csv".

    Args:
        environment: WANDB_API_KEY, or WANDB_MODE=offline with WANDB_PROJECT; an empty value counts
            as none.

    Returns:
        The kind of logger.
    """
    offline = environment.get("WANDB_MODE") == "offline" and environment.get("WANDB_PROJECT")
    return "wandb" if environment.get("WANDB_API_KEY") or offline else "csv"


def open_logger(folder: str, kind: LoggerKind = "auto") -> Logger:
    """Open the logger of a training; both stages' configurations name this function.

    Args:
        folder: where it writes.
        kind: "auto" for the one that suits the environment, see ``suitable_logger``.

    Returns:
        The logger; a run of Weights & Biases has started.

    Raises:
        InputError: if the run cannot be started, for example because the key is a wrong one.
    """
    chosen = suitable_logger(os.environ) if kind == "auto" else kind
    return CSVLogger(folder, name="csv") if chosen == "csv" else _open_wandb(folder)


def _open_wandb(folder: str) -> WandbLogger:
    from wandb.errors import Error

    Path(folder).mkdir(parents=True, exist_ok=True)
    account = {name: os.environ.get(f"WANDB_{name.upper()}") or None for name in ACCOUNT}
    logger = WandbLogger(save_dir=folder, **account)  # type: ignore[arg-type]
    try:
        _ = logger.experiment
    except Error as error:
        raise InputError(
            f"Weights & Biases starts no run ({' '.join(str(error).split())}); "
            "check WANDB_API_KEY in .env, or choose another logger, such as csv"
        ) from error
    return logger
