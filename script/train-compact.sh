#!/bin/sh
# Train the compact preset: sh script/train-compact.sh --data DATA; --help lists the rest. DATA holds
# videos and times as Greatest Hits does, or sounds. Run it again after an interruption, it goes on.
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
root="$(pwd)"
. script/setup.sh
cd "$here"
exec python "$root/script/train_compact.py" "$@"
