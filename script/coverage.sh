#!/bin/sh
# The tests with the lines of src that they run counted; fails under 90 %. Arguments go to pytest.
# pytest-cov has to know of the workers before tests/helpers/workers.py chooses them, thus -n here.
set -eu
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m pytest -n auto --cov --cov-report=term:skip-covered "$@"
