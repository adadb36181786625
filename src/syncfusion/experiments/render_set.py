"""A folder of sounds: made once, found again, gone on with after an interruption."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.experiments.conditions import Request
from syncfusion.experiments.makers import Maker
from syncfusion.media import temporary_sibling, write_wav
from syncfusion.progress import Progress, ignore
from syncfusion.rendering import in_batches
from syncfusion.weights import file_hash

SETTINGS = "settings.json"
DIGEST = "file_sha256"  # of the finished file


def render_set(
    maker: Maker,
    requests: Sequence[Request],
    folder: Path,
    *,
    batch_size: int = 1,
    progress: Progress = ignore,
) -> dict[str, Path]:
    """Make the sounds of clips, ``<name>.wav``, and ``settings.json`` beside them.

    A clip is left as it is where the settings it was made with are the same and its file is whole.

    Args:
        maker: makes them.
        requests: the clips, of different names.
        folder: made where it is missing.
        batch_size: clips made together; the result does not depend on it.
        progress: told after every batch.

    Returns:
        The files, by the clips' names.

    Raises:
        InputError: if the folder cannot be written to, or a prompt cannot be used.
    """
    paths = {request.target.name: folder / f"{request.target.name}.wav" for request in requests}
    record = _record(folder, maker)
    wanted = {request.target.name: _plain(maker.settings(request)) for request in requests}
    pending = [
        request
        for request in requests
        if not _is_finished(paths[name := request.target.name], record["clips"], wanted[name])
    ]
    n_done = len(requests) - len(pending)
    progress("Making sounds", n_done, len(requests))
    for batch in in_batches(pending, max(1, batch_size)):
        for request, sound in zip(batch, maker(batch), strict=True):
            name = request.target.name
            write_wav(sound, paths[name])
            record["clips"][name] = wanted[name] | {DIGEST: file_hash(paths[name])}
        _write(record, folder)
        n_done += len(batch)
        progress("Making sounds", n_done, len(requests))
    return paths


def _record(folder: Path, maker: Maker) -> dict[str, Any]:
    """Return what ``settings.json`` says, nothing where it is of sounds made otherwise."""
    about = _plain(maker.about)
    empty: dict[str, Any] = {"made": about, "clips": {}}
    try:
        found = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        return found if found["made"] == about and isinstance(found["clips"], dict) else empty
    except FileNotFoundError:
        return empty
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder / SETTINGS} is not understood; remove it or choose another folder"
        ) from error


def _is_finished(path: Path, clips: dict[str, Any], wanted: dict[str, Any]) -> bool:
    made = dict(clips.get(path.stem, {}))
    digest = made.pop(DIGEST, None)
    return made == wanted and path.is_file() and file_hash(path) == digest


def _write(record: dict[str, Any], folder: Path) -> None:
    with temporary_sibling(folder / SETTINGS) as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _plain(settings: Any) -> dict[str, Any]:
    """Return settings as they come back from a file."""
    return json.loads(json.dumps(settings))
