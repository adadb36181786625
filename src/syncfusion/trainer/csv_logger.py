"""The csv log of a run: one file, however often the run was resumed."""

import csv
import os
from pathlib import Path
from typing import Any

from lightning_fabric.loggers.logger import rank_zero_experiment
from pytorch_lightning.loggers import CSVLogger
from pytorch_lightning.loggers.csv_logs import ExperimentWriter
from pytorch_lightning.utilities import rank_zero_only


class RunLogger(CSVLogger):
    """Appends to ``csv/version_0/metrics.csv`` of a run's folder.

    Args:
        folder: of the run.
    """

    def __init__(self, folder: str) -> None:
        super().__init__(folder, name="csv", version=0)

    @property
    @rank_zero_experiment
    def experiment(self) -> Any:
        """The writer of the file, which goes on with what is there."""
        if self._experiment is None:
            self._experiment = Appending(self.log_dir)
        return self._experiment

    @rank_zero_only
    def resume_at(self, step: int) -> None:
        """Leave out rows of steps that the run takes again, as those after its checkpoint.

        Args:
            step: that the run goes on with.
        """
        path = Path(self.log_dir) / Appending.NAME_METRICS_FILE
        if not path.is_file():
            return
        with path.open(newline="") as file:
            reader = csv.DictReader(file)
            rows = [row for row in reader if (row.get("step") or "").isdigit()]
            names = reader.fieldnames or []
        kept = [row for row in rows if int(row["step"]) < step]
        beside = path.with_name(f".{path.name}")
        try:
            with beside.open("w", newline="") as file:
                writer = csv.DictWriter(file, names, extrasaction="ignore")
                writer.writeheader()
                writer.writerows(kept)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)

    @rank_zero_only
    def save(self) -> None:
        """Write what was logged; an error, such as that of a full disk, names the folder."""
        try:
            super().save()
        except OSError as error:
            raise OSError(error.errno, error.strerror, error.filename or self.log_dir) from error


class Appending(ExperimentWriter):
    """Writes rows below those of the file that is there."""

    def _check_log_dir_exists(self) -> None:
        """Take over the columns of the file, where Lightning deletes it."""
        path = Path(self.metrics_file_path)
        if path.is_file():
            with path.open(newline="") as file:
                self.metrics_keys = list(csv.DictReader(file).fieldnames or [])
