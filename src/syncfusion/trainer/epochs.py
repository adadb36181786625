"""Where in an epoch a training is resumed; Lightning counts some of these places wrongly."""

import warnings

import pytorch_lightning as pl


def n_batches_taken(trainer: pl.Trainer | None) -> int:
    """Return how many batches of its epoch a training has taken that is resumed within it.

    Args:
        trainer: that is about to open its training data; None for none.

    Returns:
        0 for a new training, and for one that is resumed where an epoch ended.
    """
    if trainer is None or not trainer.fit_loop.restarting:
        return 0
    loop = trainer.fit_loop
    epochs = loop.epoch_progress.current
    ended = epochs.ready == epochs.processed  # type: ignore[attr-defined]
    return 0 if ended else loop.epoch_loop.batch_progress.current.ready


def begin_next_epoch(trainer: pl.Trainer) -> None:
    """Begin the next epoch where a training is resumed that was saved at an epoch's end.

    With ``max_steps`` set, Lightning would go through that epoch once more, without a batch, and so
    count it twice: the data of the epoch after it would be left out.

    Args:
        trainer: at the start of training.
    """
    warnings.filterwarnings("ignore", ".*ended before the epoch ended")  # our data go on there
    loop = trainer.fit_loop
    if not loop.restarted_on_epoch_end:
        return
    for progress in (loop.epoch_progress.current, loop.epoch_progress.total):
        progress.completed = progress.processed  # type: ignore[attr-defined]
    loop._restarting = False
    loop.reset_restart_stage()
    loop.epoch_loop.restarting = False
    loop.epoch_loop.reset_restart_stage()
