#!/bin/sh
# The same as train-onset-gh.sh with augmented training data, in a folder of its own.
set -eu
cd "$(dirname "$0")/.."
exec sh script/train-onset-gh.sh -c cfg/data/data-onset-greatesthit-augment.yaml \
    -c cfg/trainer/trainer-onset-augment.yaml "$@"
