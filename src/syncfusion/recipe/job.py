"""The process of one job: ``python -m syncfusion.recipe.job JOB.json METRICS.json``."""

import importlib
import json
import logging
import sys
from pathlib import Path

from syncfusion.command import run_command
from syncfusion.media import temporary_sibling
from syncfusion.plain_values import parse_json


def main() -> None:
    """Call the function that a file names; write the metrics it returns, if any."""
    run_command(_run)


def _run() -> None:
    path, metrics = map(Path, sys.argv[1:])
    logging.getLogger("syncfusion").setLevel(logging.INFO)
    job = parse_json(path.read_text(encoding="utf-8"))
    module, _, name = job["function"].partition(":")
    found = getattr(importlib.import_module(module), name)(**job["arguments"])
    if found is not None:
        with temporary_sibling(metrics) as temporary:
            temporary.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
