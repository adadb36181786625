#!/bin/sh
# Train the diffusion model on Greatest Hits. Options go to Hydra, such as data.batch_size=8,
# model=reference, init=CHECKPOINT, +experiment=smoke for a trial. Run again, it resumes.
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m syncfusion train diffusion "$@"
