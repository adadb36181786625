#!/bin/sh
# Table 1, onset detection: sh script/table1.sh [options of script/test-onset.sh]
set -eu
cd "$(dirname "$0")/.."
exec sh script/test-onset.sh "$@"
