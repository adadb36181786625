#!/bin/sh
# Score the onset detector on the test split: sh script/test-onset.sh [--checkpoint PATH] [LightningCLI options]
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m syncfusion evaluate onset test -c "$root/cfg/data/data-onset-greatesthit.yaml" \
    -c "$root/cfg/test-onset.yaml" "$@"
