"""``python -m syncfusion.studio.work PRESET DEVICE``."""

import sys

from syncfusion.studio.work import run_worker


def load() -> object:
    """Load all models of the preset; only now torch is imported."""
    from syncfusion.product import load

    return load(sys.argv[1], device=sys.argv[2])


if __name__ == "__main__":
    run_worker(load)
