"""Checkpoints that take their name when they are whole.

Lightning writes into the system's temporary folder and then moves the file; where that is another
disk, moving is copying, and a full disk leaves half a file under the final name.
"""

import os
from pathlib import Path
from typing import Any

from lightning_fabric.plugins.io.torch_io import TorchCheckpointIO


class WholeCheckpoints(TorchCheckpointIO):
    """Writes beside the file, then renames; an address elsewhere is left to Lightning."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any = None
    ) -> None:
        """Write a checkpoint; what was there stays where there is no room.

        Args:
            checkpoint: its content.
            path: of the file.
            storage_options: none are taken.

        Raises:
            OSError: if it cannot be written; it names the file.
        """
        if "://" in str(path):
            super().save_checkpoint(checkpoint, path, storage_options)
            return
        beside = Path(path).with_name(f".{Path(path).name}.part")
        try:
            super().save_checkpoint(checkpoint, beside, storage_options)
            with beside.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(beside, path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from error
        finally:
            beside.unlink(missing_ok=True)
