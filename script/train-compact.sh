#!/bin/sh
# Train the bundled preset: sh script/train-compact.sh DATA, a folder of videos/, times/, train.txt …
# Run again after an interruption: what is finished is kept, training goes on where it stopped.
set -eu
data="$(cd "${1:?give a folder laid out as Greatest Hits: videos/, times/, train.txt, val.txt}" && pwd)"
cd "$(dirname "$0")/.."
. script/setup.sh
work="${DIR_LOGS:-logs}/compact"
export DIR_DATA="$work/data"
python -m syncfusion synthesize --output "$work/synthetic" --scenes 60 --seconds 20
for set in real synthetic; do
    [ "$set" = real ] && source="$data" || source="$work/synthetic"
    python script/gh_preprocess_videos.py -iv "$source/videos" -o "$DIR_DATA/$set" \
        --video_width 80 --video_height 80 --audio_bitdepth 16
    python script/gh_preprocess_annotations.py -it "$source/times" -o "$DIR_DATA/$set"
    python script/gh_preprocess_split.py -iv "$source/videos" --from_lists "$source" \
        -o "$DIR_DATA/$set"
    python -m syncfusion shards "$DIR_DATA/$set" --output "$DIR_DATA/shards/$set"
done
preset="$work/preset"
mkdir -p "$preset"
cp checkpoints/compact/preset.yaml "$preset"
[ -f "$preset/prompt.safetensors" ] ||
    python script/train_prompt.py --data "$data" --output "$preset"
onset="$work/onset"
resume=
[ ! -f "$onset/checkpoints/last.ckpt" ] || resume="--ckpt_path last"
# shellcheck disable=SC2086 # nothing or two words
python script/onset.py fit -c cfg/onset-compact.yaml --trainer.default_root_dir "$onset" $resume \
    --data.roots "[{folder: $DIR_DATA/real, share: 1.0}, {folder: $DIR_DATA/synthetic, share: 0.4}]"
python script/train_diffusion.py prompt="$preset" output="$work/diffusion"
python script/calibrate_onset.py --data "$DIR_DATA/real" --checkpoint "$onset/checkpoints/best.ckpt" \
    --output "$preset"
python script/publish.py --diffusion "$work/diffusion/checkpoints/last.ckpt" --output "$preset"
echo "The preset is in $preset; use it with --preset $preset"
