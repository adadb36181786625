#!/bin/sh
# Table 1, onset detection: sh script/table1.sh [options of script/test-onset.sh]
set -eu
exec sh "$(dirname "$0")/test-onset.sh" "$@"
