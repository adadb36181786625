#!/bin/sh
# Train the onset detector on Greatest Hits as published. Options go to LightningCLI, such as
# --trainer.max_epochs 1, --ckpt_path last to resume, --init CHECKPOINT to start from trained weights.
set -eu
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m syncfusion train onset fit -c cfg/data/data-onset-greatesthit.yaml \
    -c cfg/model/model-onset.yaml -c cfg/trainer/trainer-onset.yaml "$@"
