"""Where a training logs: Weights & Biases where there is an account, csv files elsewhere."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pytorch_lightning.loggers import CSVLogger, Logger, WandbLogger

from syncfusion.errors import InputError

ACCOUNT = ("project", "entity")  # of Weights & Biases, where the environment names them


def find_logger(environment: Mapping[str, str]) -> Literal["csv", "wandb"]:
    """Return "wandb" where the environment has a key, or is offline by choice, else "csv".

    Args:
        environment: WANDB_API_KEY, or WANDB_MODE=offline with WANDB_PROJECT; empty is as missing.

    Returns:
        Which logger suits it.
    """
    offline = environment.get("WANDB_MODE") == "offline" and environment.get("WANDB_PROJECT")
    return "wandb" if environment.get("WANDB_API_KEY") or offline else "csv"


def open_suitable(folder: str) -> Logger:
    """Open the logger that suits the environment, see ``find_logger``; it writes to ``folder``."""
    if find_logger(os.environ) == "csv":
        return CSVLogger(folder, name="csv")
    return open_wandb(folder)


def open_wandb(folder: str) -> WandbLogger:
    """Start a run of Weights & Biases, before anything else is begun.

    Args:
        folder: where it writes. Project and entity are WANDB_PROJECT and WANDB_ENTITY.

    Returns:
        The logger.

    Raises:
        InputError: if the run cannot be started, for example because the key is a wrong one.
    """
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
