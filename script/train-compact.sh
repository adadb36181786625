#!/bin/sh
# Train the compact preset: sh script/train-compact.sh --data DATA; --help lists the rest. DATA holds
# videos and times as Greatest Hits does, or sounds. Run it again after an interruption, it resumes.
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m syncfusion train compact "$@"
