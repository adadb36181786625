#!/bin/sh
# Train the onset detector on Greatest Hits as published. Options go to LightningCLI, such as
# --trainer.max_epochs 1, --init CHECKPOINT to start from trained weights. Run again, it resumes.
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m syncfusion train onset fit -c "$root/cfg/data/data-onset-greatesthit.yaml" \
    -c "$root/cfg/model/model-onset.yaml" -c "$root/cfg/trainer/trainer-onset.yaml" "$@"
