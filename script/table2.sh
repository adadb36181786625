#!/bin/sh
# Table 2, sounds from annotated onsets: sh script/table2.sh [shards=FOLDER] [preset=NAME] [protocol=whole] …
set -eu
here="$(pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
exec python -m syncfusion evaluate "title=Table 2: annotated onsets" \
    "rows=[table2_real,table2_audio,table2_text,table2_other,table2_control]" \
    output="${DIR_LOGS:-logs}/table2" "$@"
