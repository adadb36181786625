#!/bin/sh
# Cross-validate the detector of motion: sh script/cross-validate-onset.sh --data DATA; --help lists the rest.
# DATA holds videos/, times/ and lists as Greatest Hits does. Run it again after an interruption, it goes on.
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
root="$(pwd)"
. script/setup.sh
cd "$here"
exec python "$root/script/cross_validate_onset.py" "$@"
