"""The command ``syncfusion shards``: processed videos, or own sounds, packed for training."""

import argparse
import sys
from pathlib import Path

from syncfusion.addresses import as_place, is_address
from syncfusion.cli.output import write_lines
from syncfusion.engines import add_engine
from syncfusion.errors import InputError
from syncfusion.options import Parser, add_overwrite, whole

BACK_ENDS = ("transformers", "laion")  # as in prompt.clap, which is slow to import
PROCESSED = "folder of processed videos; default: the one that preprocessing writes"
WORKERS = "shards written at a time, by processes; default: one after another"
OUTPUT = (
    "a folder, or an address as s3://bucket/shards; default: DIFF-SFX-webdataset/greatest_hits "
    "beside the data set"
)
PREDICTIONS = "folder of <id>.times.pred.csv, for test_onset_preds"
AUGMENTED = "the same, by the detector trained with augmentation"
EMBEDDINGS = "store prompt embeddings by clap, compact or a folder: training then loads no encoder"
BACK_END = "package that computes CLAP; default: %(default)s"
SOUNDS = "pack <label>/<name>.wav or '<label> 3.wav' instead; needs -o"


def add_shards(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("shards", help="pack processed videos for diffusion training")
    command.set_defaults(run=_shards)
    add = command.add_argument
    add("processed", type=Path, nargs="?", metavar="PROCESSED", help=PROCESSED)
    add("-o", "--output", type=as_place, metavar="FOLDER", help=OUTPUT)
    add("--workers", type=whole(1), default=1, metavar="N", help=WORKERS)
    add_engine(command)
    add("--predictions", type=Path, metavar="FOLDER", help=PREDICTIONS)
    add("--augment-predictions", type=Path, metavar="FOLDER", help=AUGMENTED)
    add("--embeddings", metavar="ENCODER", help=EMBEDDINGS)
    add("--back-end", choices=BACK_ENDS, default=BACK_ENDS[0], help=BACK_END)
    add("--sounds", type=Path, metavar="FOLDER", help=SOUNDS)
    add("--seed", type=whole(0), default=0, help="chooses the sounds held out for validation")
    add_overwrite(command)


def _sounds(options: argparse.Namespace) -> None:
    from syncfusion.ownership import results
    from syncfusion.recipe import OWN_SHARDS, write_own_shards

    if options.output is None:
        raise InputError("--sounds needs a folder for the shards; give it by -o")
    if is_address(options.output):
        raise InputError("--sounds writes into a folder; copy its shards to an address afterwards")
    shards = [options.output / name for name in OWN_SHARDS]
    with results(shards, overwrite=options.overwrite):
        made = write_own_shards(options.sounds, options.output, seed=options.seed)
    sys.stderr.writelines(f"{remark}\n" for remark in made.remarks)
    write_lines(f"{label or 'no label'}: {n} hits" for label, n in sorted(made.hits.items()))
    write_lines([f"{made.n_files} files, {made.n_held_out} of them held out for validation"])


def _shards(options: argparse.Namespace) -> None:
    if options.sounds is not None:
        _sounds(options)
        return
    from syncfusion.preprocess import PROCESSED, dataset_folder
    from syncfusion.progress import bars
    from syncfusion.prompt import ClapConfig, load_prompt_encoder
    from syncfusion.shards import (
        AUGMENT_PREDICTIONS,
        PREDICTIONS,
        Extras,
        identify,
        write_set,
    )

    dataset = dataset_folder()
    processed = options.processed or dataset / PROCESSED
    output = options.output or dataset.parent / "DIFF-SFX-webdataset" / "greatest_hits"
    folders = {PREDICTIONS: options.predictions, AUGMENT_PREDICTIONS: options.augment_predictions}
    name, extras = options.embeddings, Extras()
    if name is not None:
        identity = identify(name)
        encoder = load_prompt_encoder(name, ClapConfig(back_end=options.back_end))
        extras = Extras(encoder=encoder, identity=identity)
    with bars() as progress:
        written = write_set(
            processed,
            output,
            extras,
            predictions={shard: given for shard, given in folders.items() if given is not None},
            overwrite=options.overwrite,
            engine=options.engine,
            n_workers=options.workers,
            progress=progress,
        )
    sys.stdout.writelines(f"{path}\n" for path in written)
