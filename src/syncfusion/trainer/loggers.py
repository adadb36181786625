"""Where a training logs: Weights & Biases where there is an account, csv files elsewhere."""

import os
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pytorch_lightning.loggers import Logger, WandbLogger

from syncfusion.errors import InputError
from syncfusion.trainer.csv_logger import RunLogger

LoggerKind = Literal["auto", "csv", "wandb"]
ACCOUNT = ("project", "entity")  # of Weights & Biases, where the environment names them
ID_FILE = "wandb-id.txt"  # in the run's folder: its name at Weights & Biases
TIMEOUT_SECONDS = 30.0  # of the connection to Weights & Biases


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


def open_logger(folder: str, kind: LoggerKind = "auto", checkpoints: bool = False) -> Logger:
    """Open the logger of a training; both stages' configurations name this function.

    Args:
        folder: of the run; a run that is there is continued, in the same file or at the same id.
        kind: "auto" for the one that suits the environment, see ``suitable_logger``.
        checkpoints: whether Weights & Biases keeps the best checkpoint as an artefact.

    Returns:
        The logger; a run of Weights & Biases has started.

    Raises:
        InputError: if the run cannot be started: no connection within half a minute, or a wrong
            key.
    """
    chosen = suitable_logger(os.environ) if kind == "auto" else kind
    return RunLogger(folder) if chosen == "csv" else _open_wandb(folder, checkpoints)


def close_loggers(loggers: Iterable[Logger]) -> None:
    """End the runs of Weights & Biases, so that the next training of a sweep begins its own.

    Args:
        loggers: of a training that is over.
    """
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            logger.experiment.finish()


def _open_wandb(folder: str, checkpoints: bool) -> WandbLogger:
    import wandb
    from wandb.errors import AuthenticationError, CommError, Error

    Path(folder).mkdir(parents=True, exist_ok=True)
    account = {name: os.environ.get(f"WANDB_{name.upper()}") or None for name in ACCOUNT}
    named = Path(folder) / ID_FILE
    run_id = named.read_text().strip() if named.is_file() else uuid.uuid4().hex[:12]
    logger = WandbLogger(
        save_dir=folder,
        id=run_id,
        resume="allow",
        log_model=checkpoints,
        settings=wandb.Settings(init_timeout=TIMEOUT_SECONDS),
        **account,  # type: ignore[arg-type]
    )
    try:
        _ = logger.experiment
    except Error as error:
        advice = "check WANDB_API_KEY in .env, or choose another logger, such as csv"
        if isinstance(error, CommError) and not isinstance(error, AuthenticationError):
            advice = "check the connection, or log without it: WANDB_MODE=offline, or logger csv"
        reason = " ".join(str(error).split("Consider increasing")[0].split())
        raise InputError(f"Weights & Biases starts no run ({reason}); {advice}") from error
    named.write_text(f"{run_id}\n")
    return logger
