"""Rendering of a folder of sounds, resumed after an interruption."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.experiments.conditions import Request
from syncfusion.experiments.renderers import SystemRenderer
from syncfusion.hashing import file_hash
from syncfusion.media import temporary_sibling, write_wav
from syncfusion.plain_values import parse_json
from syncfusion.progress import Progress, ignore
from syncfusion.rendering import in_batches

SETTINGS = "settings.json"
DIGEST = "file_sha256"  # hash of the finished file


def render_set(
    renderer: SystemRenderer,
    requests: Sequence[Request],
    folder: Path,
    *,
    batch_size: int = 1,
    progress: Progress = ignore,
) -> dict[str, Path]:
    """Render the sounds of clips, ``<name>.wav``, and write ``settings.json`` beside them.

    A clip is skipped if its settings are unchanged and its file is complete.

    Args:
        renderer: renderer of the sounds.
        requests: the clips, with different names.
        folder: output folder; created if missing.
        batch_size: number of clips rendered together; the result does not depend on it.
        progress: called after every batch.

    Returns:
        The files by clip name.

    Raises:
        InputError: if the folder is not writable, or a prompt cannot be used.
    """
    paths = {request.target.name: folder / f"{request.target.name}.wav" for request in requests}
    record = _record(folder, renderer)
    settings = {request.target.name: _plain(renderer.settings(request)) for request in requests}
    pending = [
        request
        for request in requests
        if not _is_finished(paths[name := request.target.name], record["clips"], settings[name])
    ]
    n_done = len(requests) - len(pending)
    progress("Rendering", n_done, len(requests))
    for batch in in_batches(pending, max(1, batch_size)):
        for request, sound in zip(batch, renderer(batch), strict=True):
            name = request.target.name
            write_wav(sound, paths[name])
            record["clips"][name] = settings[name] | {DIGEST: file_hash(paths[name])}
        _write(record, folder)
        n_done += len(batch)
        progress("Rendering", n_done, len(requests))
    return paths


def _record(folder: Path, renderer: SystemRenderer) -> dict[str, Any]:
    """Return the content of ``settings.json``; without clips if it is of another renderer."""
    about = _plain(renderer.about)
    empty: dict[str, Any] = {"made": about, "clips": {}}
    try:
        found = parse_json((folder / SETTINGS).read_text(encoding="utf-8"))
        return found if found["made"] == about and isinstance(found["clips"], dict) else empty
    except FileNotFoundError:
        return empty
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder / SETTINGS} is not a settings file of an evaluation; "
            "remove it or choose another folder"
        ) from error


def _is_finished(path: Path, clips: dict[str, Any], settings: dict[str, Any]) -> bool:
    made = dict(clips.get(path.stem, {}))
    digest = made.pop(DIGEST, None)
    return made == settings and path.is_file() and file_hash(path) == digest


def _write(record: dict[str, Any], folder: Path) -> None:
    with temporary_sibling(folder / SETTINGS) as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _plain(settings: Any) -> dict[str, Any]:
    """Return settings as they are read back from a file."""
    return json.loads(json.dumps(settings))
