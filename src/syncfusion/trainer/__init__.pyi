from .batch_count import CountedBatches
from .finite_loss import VALIDATION_LOSS, FiniteLoss, check_finite
from .loggers import ACCOUNT, find_logger

__all__ = [
    "ACCOUNT",
    "CountedBatches",
    "FiniteLoss",
    "VALIDATION_LOSS",
    "check_finite",
    "find_logger",
]
