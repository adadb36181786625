#!/bin/sh
# A sound for a video: sh script/demo.sh [VIDEO [PROMPT]]; without arguments, for the bundled sample.
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
video="${1:-$root/data/sample/sample.mp4}"
prompt="${2:-wood hit}"
[ $# -gt 2 ] && shift 2 || shift $#
exec python -m syncfusion generate "$video" --prompt "$prompt" --output "$root/output/demo/demo.mp4" "$@"
