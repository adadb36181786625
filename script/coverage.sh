#!/bin/sh
# The tests with the lines of src that they run counted; fails under 90 %. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m pytest --cov --cov-report=term:skip-covered "$@"
