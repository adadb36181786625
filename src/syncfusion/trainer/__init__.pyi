from .averaging import WarmUpAveraging
from .csv_logger import RunLogger
from .epochs import n_batches_taken
from .loggers import LoggerKind, close_loggers, open_logger, suitable_logger
from .nan_guard import VALIDATION_LOSS, NanGuard, check_finite
from .outcome import lightning_outcome
from .progress_lines import progress_callbacks
from .ranks import rank_of, rank_settings
from .resume_point import ResumePoint
from .stateful_data import StatefulDataModule

__all__ = [
    "LoggerKind",
    "NanGuard",
    "ResumePoint",
    "RunLogger",
    "StatefulDataModule",
    "VALIDATION_LOSS",
    "WarmUpAveraging",
    "check_finite",
    "close_loggers",
    "lightning_outcome",
    "n_batches_taken",
    "open_logger",
    "progress_callbacks",
    "rank_of",
    "rank_settings",
    "suitable_logger",
]
