#!/bin/sh
# The whole test suite, slow tests too; arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m pytest "$@"
