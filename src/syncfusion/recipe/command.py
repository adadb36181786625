"""The recipe: data found, all steps run, the model card written."""

import json
from dataclasses import dataclass
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.media import check_writable, temporary_sibling
from syncfusion.places import logs_folder
from syncfusion.plain_values import parse_json
from syncfusion.product import find_preset
from syncfusion.recipe.card import write_card
from syncfusion.recipe.lock import locked
from syncfusion.recipe.own_sounds import find_sounds
from syncfusion.recipe.plan import Recipe
from syncfusion.recipe.size import AUTO, REHEARSAL, choose_size, read_size
from syncfusion.recipe.steps import Ledger, Report, run_steps

SPLITS = ("train.txt", "val.txt", "test.txt")


@dataclass(frozen=True, kw_only=True)
class RecipeOptions:
    """What a training of a compact preset is to do.

    Args:
        data: folder of videos or sounds; None for none.
        sounds: folder of sounds; None for none.
        size: one of ``SIZES``.
        output: folder of everything that is made; None for one in the folder of logs.
        init: preset whose models are trained further, or whose settings are taken.
        seed: of everything random.
    """

    data: Path | None = None
    sounds: Path | None = None
    size: str = AUTO
    output: Path | None = None
    init: Path = Path("compact")
    seed: int = 0


def train_compact(options: RecipeOptions, report: Report) -> Path:
    """Train a compact preset, or resume the training that is there.

    Args:
        options: data, size and folders.
        report: called with what is done.

    Returns:
        Folder of the preset.

    Raises:
        InputError: if the data cannot be used, or the output is of another training.
        CommandFailed: if a step fails.
    """
    size = choose_size(options.size)
    clips, sounds = find_source(options.data, options.sounds)
    if not (clips or sounds or size == REHEARSAL):
        raise InputError("give a folder of videos or sounds by --data, or try it with --rehearse")
    init = find_init(options.init)
    default = logs_folder() / f"{'compact-own' if sounds else 'compact'}-{size}"
    recipe = Recipe(
        size=read_size(size),
        output=(options.output or default).resolve(),
        clips=clips,
        sounds=sounds,
        init=init,
        seed=options.seed,
    )
    source = clips or sounds or "synthetic scenes alone"
    report(f"{_kind(clips, sounds)}: {source}; size {size}; everything goes to {recipe.output}")
    with locked(recipe.output) as lock:
        claim(recipe, size)
        ledger = Ledger(recipe.output / "steps")
        run_steps(recipe.steps(), ledger, report, lock=lock)
        title = f"Trained by `syncfusion train compact` from {_kind(clips, sounds)}, size {size}."
        write_card(recipe, ledger, title)
    report(f"The preset is in {recipe.preset}; use it with --preset {recipe.preset}")
    return recipe.preset


def find_init(name: Path) -> Path:
    """Find the preset to start from.

    Args:
        name: of a bundled preset, or a folder.

    Returns:
        Its folder.

    Raises:
        InputError: if there is none, it lacks weights, or its prompt encoder is another.
    """
    preset = find_preset(name)
    preset.check()
    if preset.settings.prompt != "compact":
        raise InputError(
            f"the preset {preset.name!r} takes prompts by {preset.settings.prompt}; "
            "give one with the compact prompt encoder by --init"
        )
    return preset.folder.resolve()


def find_source(data: Path | None, sounds: Path | None) -> tuple[Path | None, Path | None]:
    """Find which kind of data a folder holds: clips or sounds.

    Args:
        data: a folder of either kind.
        sounds: a folder of sounds.

    Returns:
        Folder of clips, and folder of sounds; at most one is given.

    Raises:
        InputError: if there is no such folder, it lacks a part, or holds nothing of either kind.
    """
    if data is None and sounds is None:
        return None, None
    folder = (sounds or data or Path()).resolve()
    if sounds is None and (folder / "videos").is_dir():
        missing = [name for name in SPLITS if not (folder / name).is_file()]
        missing += [] if (folder / "times").is_dir() else ["times/"]
        if missing:
            raise InputError(f"{folder} has videos/ but no {missing[0]}; see --help for its layout")
        return folder, None
    find_sounds(folder)
    return None, folder


def _kind(clips: Path | None, sounds: Path | None) -> str:
    if sounds is not None:
        return "own sounds"
    return "synthetic scenes" if clips is None else "clips laid out as Greatest Hits"


def claim(recipe: Recipe, size: str) -> None:
    """Record the run's inputs in ``recipe.json``; where that exists, fail if they have changed.

    Args:
        recipe: about to run.
        size: its name.

    Raises:
        InputError: if the folder belongs to a training of other data, size or seed.
    """
    path = recipe.output / "recipe.json"
    inputs = {
        "size": size,
        "seed": recipe.seed,
        "clips": recipe.clips and str(recipe.clips),
        "sounds": recipe.sounds and str(recipe.sounds),
        "files": _listing(recipe.sounds),
        "init": str(recipe.init),
    }
    check_writable(path)
    if not path.is_file():
        with temporary_sibling(path) as temporary:
            temporary.write_text(json.dumps(inputs, indent=2) + "\n")
        return
    try:
        found = dict(parse_json(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{path} is damaged; give another --output, or delete that folder"
        ) from error
    differing = [name for name, value in inputs.items() if found.get(name) != value]
    if differing:
        raise InputError(
            f"{recipe.output} holds a training with other {differing[0]}; "
            "give another --output, or delete that folder"
        )


def _listing(folder: Path | None) -> list[list[str | int]]:
    """Return name and size of all that is read of a folder of sounds."""
    if folder is None:
        return []
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [[str(path.relative_to(folder)), path.stat().st_size] for path in files]
