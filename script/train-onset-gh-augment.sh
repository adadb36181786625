#!/bin/sh
# The same as train-onset-gh.sh with augmented training data, in a folder of its own.
set -eu
root="$(cd "$(dirname "$0")/.." && pwd)"
exec sh "$root/script/train-onset-gh.sh" -c "$root/cfg/data/data-onset-greatesthit-augment.yaml" \
    -c "$root/cfg/trainer/trainer-onset-augment.yaml" "$@"
