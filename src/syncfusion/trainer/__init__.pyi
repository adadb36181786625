from .loggers import LoggerKind, open_logger, suitable_logger
from .nan_guard import VALIDATION_LOSS, NanGuard, check_finite
from .outcome import lightning_outcome
from .stateful_data import StatefulDataModule

__all__ = [
    "LoggerKind",
    "NanGuard",
    "StatefulDataModule",
    "VALIDATION_LOSS",
    "check_finite",
    "lightning_outcome",
    "open_logger",
    "suitable_logger",
]
