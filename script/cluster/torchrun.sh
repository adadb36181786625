#!/bin/sh
# Train on several machines by torchrun: run this on every one of them, with the same words.
#   NODES=2 GPUS=8 HOST=first-machine sh script/cluster/torchrun.sh diffusion output=/shared/run …
# Words after that are those of `syncfusion train`. A node that is lost ends the others' attempt;
# RESTARTS of them begin again at the last checkpoint.
set -eu
here="$(pwd)"
cd "$(dirname "$0")/../.."
. script/setup.sh
exec python -m torch.distributed.run \
    --nnodes "${NODES:-1}" --nproc-per-node "${GPUS:-1}" --max-restarts "${RESTARTS:-0}" \
    --rdzv-backend c10d --rdzv-endpoint "${HOST:-127.0.0.1}:${PORT:-29400}" \
    --rdzv-id "${RUN:-syncfusion}" --local-addr "${ADDRESS:-$(hostname)}" \
    -m syncfusion train "$@"
