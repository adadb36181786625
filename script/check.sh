#!/bin/sh
# Format, lint, types, docstrings, fast tests.
set -eu
cd "$(dirname "$0")/.."
. script/setup.sh
ruff format --check .
ruff check .
python -m pip uninstall --quiet --yes data-science-types # stubs of an old numpy that hide numpy's own
# jsonargparse and pydoclint want two packages of one module name; pydoclint needs its own
python -c "import pydoclint.main" 2>/dev/null ||
    python -m pip install --quiet --force-reinstall --no-deps docstring_parser_fork==0.0.16
pyright
pydoclint --quiet src script
exec python -m pytest -m "not slow and not gpu"
