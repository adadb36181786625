"""Where a training was after its last step: what a checkpoint goes on from."""

import copy
from typing import Any, NamedTuple

import pytorch_lightning as pl

from syncfusion.trainer.random_state import RandomState, random_state


class Boundary(NamedTuple):
    """What a step that failed, or an epoch that ended early, has changed since the last step.

    Attributes:
        step: number of optimiser steps.
        loops: Lightning's own counts.
        data: state of the data module, empty where it has none.
        random: state of the random generators.
    """

    step: int
    loops: dict[str, Any]
    data: dict[str, Any]
    random: RandomState

    def content(self, trainer: pl.Trainer) -> dict[str, Any]:
        """Return the checkpoint of a training that goes on from here."""
        content = trainer._checkpoint_connector.dump_checkpoint()
        content["loops"]["fit_loop"] = self.loops
        if self.data:
            content[type(_data_of(trainer)).__qualname__] = self.data
        return content


def boundary_of(trainer: pl.Trainer) -> Boundary:
    """Return where a training is, between two steps."""
    module = _data_of(trainer)
    data = {} if module is None else module.state_dict()
    loops = trainer.fit_loop.state_dict()
    return Boundary(trainer.global_step, copy.deepcopy(loops), copy.deepcopy(data), random_state())


def _data_of(trainer: pl.Trainer) -> pl.LightningDataModule | None:
    return getattr(trainer, "datamodule", None)
