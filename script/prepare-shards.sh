#!/bin/sh
# Write the published set of shards: sh script/prepare-shards.sh PROCESSED [options of `syncfusion shards`]
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m syncfusion shards "$@"
