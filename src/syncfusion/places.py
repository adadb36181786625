"""Where files lie that come with the project, and where files go that are downloaded.

A checkout holds its own files at the top; an installed package holds copies of them in
``_bundled``. The working folder is never searched, so that a ``cfg`` or ``exp`` folder of another
project cannot be picked up there.
"""

import os
import tomllib
from pathlib import Path

PACKAGE = Path(__file__).parent


def find_checkout(folder: Path) -> Path | None:
    """Return the folder if it is a checkout of this project, else None."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except (OSError, ValueError, KeyError):
        return None
    return folder if project.get("name") == "syncfusion" else None


def download_folder(checkout: Path | None) -> Path:
    """Return where weights go that are downloaded.

    Args:
        checkout: the checkout that is run, None for an installed package.

    Returns:
        ``checkpoints`` of the checkout; for an installed package ``SYNCFUSION_HOME``, or
        ``syncfusion`` in the user's cache folder.
    """
    if checkout is not None:
        return checkout / "checkpoints"
    home = os.environ.get("SYNCFUSION_HOME")
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.path.expanduser(home or f"{cache}/syncfusion"))


def takes_folder() -> Path:
    """Return where takes are kept: ``SYNCFUSION_TAKES``, or ``takes`` in the user's folder."""
    takes = os.environ.get("SYNCFUSION_TAKES")
    return Path(os.path.expanduser(takes)) if takes else download_folder(None) / "takes"


def libraries_folder() -> Path:
    """Return where indexes of sound libraries are kept: ``libraries`` in the user's folder."""
    return download_folder(None) / "libraries"


def logs_folder() -> Path:
    """Return where trainings and evaluations write: ``DIR_LOGS``, or ``logs`` where it is unset."""
    return Path(os.environ.get("DIR_LOGS") or "logs")


def state_folder() -> Path:
    """Return where it is noted which files are results: ``SYNCFUSION_HOME`` or the user's state."""
    home = os.environ.get("SYNCFUSION_HOME")
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(os.path.expanduser(home or f"{state}/syncfusion"))


CHECKOUT = find_checkout(PACKAGE.parents[1])  # None for an installed package
BUNDLED = CHECKOUT or PACKAGE / "_bundled"  # read only
CFG = BUNDLED / "cfg"  # configurations of stage 1
EXP = BUNDLED / "exp"  # Hydra's configurations
PRESETS = BUNDLED / "checkpoints"  # settings of every named preset, weights of the compact one
SAMPLE = BUNDLED / "data" / "sample" / "sample.mp4"
CHECKPOINTS = download_folder(CHECKOUT)
CLAP_WEIGHTS = CHECKPOINTS / "630k-audioset-best.pt"
