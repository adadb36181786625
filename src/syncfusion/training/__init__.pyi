from .onset import OnsetCommand, TrainingCommand

__all__ = [
    "OnsetCommand",
    "TrainingCommand",
]
