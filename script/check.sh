#!/bin/sh
# Format, lint, types, docstrings, fast tests.
set -eu
cd "$(dirname "$0")/.."
. script/setup.sh
ruff format --check .
ruff check .
pyright
pydoclint --quiet src script
exec python -m pytest -m "not slow and not gpu"
