"""The command ``syncfusion checkpoints``: list, download, convert and verify weights."""

import argparse
import sys
from functools import partial
from pathlib import Path

from syncfusion.options import Parser, add_overwrite

DTYPES = ("float32", "float16", "bfloat16")
KINDS = ("onset", "diffusion")  # as in checkpoint.kinds, which is slow to import


def add_checkpoints(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("checkpoints", help="list, download, convert and verify weights")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list the weights here and those to download")
    listing.set_defaults(at_once=True, run=_list)
    downloading = actions.add_parser("download", help="fetch published weights or shards")
    downloading.set_defaults(at_once=True, run=_download)
    downloading.add_argument(
        "name", metavar="NAME", help="onset, diffusion, clap, paper for all three, or shards"
    )
    downloading.add_argument(
        "--mirror",
        action="append",
        default=[],
        metavar="URL",
        help="https folder with files of these names, tried first; may be repeated",
    )
    downloading.add_argument(
        "--offline", action="store_true", help="fetch nothing: check what is there"
    )
    converting = actions.add_parser("convert", help="published form to ours, or back")
    converting.set_defaults(run=_convert)
    converting.add_argument("source", type=Path, metavar="SOURCE", help="a .ckpt, or a folder")
    converting.add_argument(
        "target", type=Path, metavar="TARGET", help="FILE.ckpt: published form; else our folder"
    )
    converting.add_argument("--to", choices=("published", "ours"), help="default: by TARGET's name")
    converting.add_argument("--dtype", choices=DTYPES, help="type of the floats; default: float32")
    add_overwrite(converting)
    verifying = actions.add_parser("verify", help="load strictly and report kind, size and hash")
    verifying.set_defaults(run=_verify)
    verifying.add_argument("path", type=Path, metavar="PATH")
    for action in (converting, verifying):
        action.add_argument("--kind", choices=KINDS, help="default: by its content")


def _list(options: argparse.Namespace) -> None:
    from syncfusion.checkpoint import DOWNLOADS, files_there, places_of
    from syncfusion.places import CHECKPOINTS, PRESETS

    for folder in dict.fromkeys((PRESETS, CHECKPOINTS)):
        for path in files_there(folder):
            sys.stdout.write(f"{path.stat().st_size / 1e6:9.1f} MB  {path.relative_to(folder)}\n")
    for name in DOWNLOADS:
        if not all(target.is_file() for target in places_of(name)):
            sys.stdout.write(f" not here     {name}; run syncfusion checkpoints download {name}\n")


def _download(options: argparse.Namespace) -> None:
    from syncfusion.checkpoint import check_room, fetch, files_of
    from syncfusion.errors import InputError
    from syncfusion.media import check_writable
    from syncfusion.places import CHECKOUT, CHECKPOINTS
    from syncfusion.progress import bars

    try:
        check_writable(CHECKPOINTS / "weights.part")  # before anything is fetched
    except InputError as error:
        raise error if CHECKOUT else InputError(f"{error} by SYNCFUSION_HOME") from error
    files = files_of(options.name, offline=options.offline)
    check_room(files)  # for all of them, before the first
    mirrors, offline = options.mirror, options.offline
    for remote, target in files:
        with bars() as progress:
            report = partial(progress, remote.name)
            found = fetch(remote, target, mirrors=mirrors, offline=offline, on_progress=report)
        sys.stdout.write(f"{target}  sha256 {found}  {remote.assurance}\n")


def _convert(options: argparse.Namespace) -> None:
    import torch

    from syncfusion.checkpoint import convert

    dtype = None if options.dtype is None else getattr(torch, options.dtype)
    convert(
        options.source,
        options.target,
        kind=options.kind,
        to=options.to,
        dtype=dtype,
        overwrite=options.overwrite,
    )
    sys.stdout.write(f"{options.target}\n")


def _verify(options: argparse.Namespace) -> None:
    from syncfusion.checkpoint import verify

    for (kind, _, file), n_parameters, sha256 in verify(options.path, options.kind):
        size = f"{n_parameters / 1e6:.2f} M parameters"
        sys.stdout.write(f"{kind}  {size}  sha256 {sha256}  {file}\n")
