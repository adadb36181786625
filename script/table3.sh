#!/bin/sh
# Table 3, sounds from predicted onsets: sh script/table3.sh [shards=FOLDER] [preset=NAME] [protocol=whole] …
# test_onset_preds.tar is written by script/test-onset.sh and script/prepare-shards.sh --predictions
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
rows=table3_real,table3_audio,table3_text,table3_augment_audio,table3_augment_text,table3_control
exec python -m syncfusion evaluate "title=Table 3: predicted onsets" "rows=[$rows]" \
    output="${DIR_LOGS:-logs}/table3" "$@"
