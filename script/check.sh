#!/bin/sh
# Format, lint, docstrings, types beside the fast tests, in the environment as it is; arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
if [ -z "${VIRTUAL_ENV:-}" ]; then
    [ -f .venv/bin/activate ] || { echo "There is no .venv yet; sh script/test.sh makes it." >&2; exit 2; }
    . .venv/bin/activate
fi
ruff format --check .
ruff check .
pydoclint --quiet src script
pyright & types=$!
trap 'kill "$types" 2>/dev/null || true' EXIT
python -m pytest -m "not slow and not gpu" "$@"
wait "$types"
