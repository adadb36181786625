"""The files of a result: the video with its sound; sound, onsets and settings beside it."""

import contextlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.media import (
    VideoInfo,
    check_writable,
    mux,
    probe,
    temporary_folder,
    temporary_sibling,
)
from syncfusion.ownership import check_replaceable, note_results
from syncfusion.product.recordings import COLUMN
from syncfusion.product.result import Delivery
from syncfusion.product.sounds import Sound
from syncfusion.track import Onset, OnsetTrack

FILLED = frozenset({"id", "seed", COLUMN})  # columns that a render adds to a track


def check_outputs(
    files: Delivery,
    inputs: Iterable[Path],
    *,
    onsets: OnsetTrack | None = None,
    stems: Iterable[Path] = (),
    overwrite: bool = False,
) -> None:
    """Raise what ``deliver`` would raise for these names, before any work is done.

    Args:
        files: the names to write to.
        inputs: files that must not change.
        onsets: the track that will be written, None if it is yet to be detected. A file that holds
            it already, but for seeds, ids and recordings, is not written again, so its comments and
            its form stay.
        stems: further files to write.
        overwrite: whether files that others made, or that were changed since, may be replaced.

    Raises:
        InputError: if a file cannot be written, is one of the inputs or is somebody else's.
    """
    stems = list(stems)
    for name, source in itertools.product((*files.names, *stems), inputs):
        if name.exists() and name.samefile(source):
            raise InputError(f"{name} is an input itself; choose another name for the result")
    for name in files.names:
        check_writable(name)
    check_replaceable([*_to_write(files, onsets), *stems], overwrite=overwrite)


def _to_write(files: Delivery, onsets: OnsetTrack | None) -> list[Path]:
    """Return the names without that of the onsets if its file holds them already."""
    kept = onsets is not None and _holds(files.onsets, onsets)
    return [name for name in files.names if not (kept and name == files.onsets)]


def _holds(path: Path, track: OnsetTrack) -> bool:
    try:
        kept = list(OnsetTrack.read(path))
    except InputError:
        return False
    return len(kept) == len(track) and all(map(_is_same, kept, track))


def _is_same(kept: Onset, onset: Onset) -> bool:
    """Whether an event of a file is that of a track, but for columns yet to be filled."""
    filled = {name for name in FILLED if not kept.extra.get(name)}
    cells = [
        {name: cell for name, cell in each.extra.items() if name not in filled}
        for each in (kept, onset)
    ]
    return kept[:4] == onset[:4] and cells[0] == cells[1]


def deliver(
    files: Delivery,
    source: str | Path | VideoInfo,
    sound: Sound,
    track: OnsetTrack,
    record: dict[str, Any],
    *,
    inputs: Iterable[Path] = (),
    stems: Mapping[str, Path] | None = None,
    reencode: bool = False,
    overwrite: bool = False,
) -> None:
    """Write all files of a result, or none of them; a rendered sound is kept in any case.

    Args:
        files: the names to write to.
        source: the video whose pictures are copied, or what ``media.probe`` returned for it.
        sound: rendered while it is written.
        track: the onsets.
        record: settings as plain values; levels of the sound are added.
        inputs: further files that must not change.
        stems: file by group; None for none.
        reencode: whether to encode the pictures anew as H.264 instead of copying them.
        overwrite: as for ``check_outputs``.

    Raises:
        InputError: if a file cannot be written, or is somebody else's.
    """
    info, stems = probe(source), stems or {}
    kept = [info.path, *inputs]
    check_outputs(files, kept, onsets=track, stems=stems.values(), overwrite=overwrite)
    names = _to_write(files, track)
    try:
        with ExitStack() as whole:
            wav, settings = (
                whole.enter_context(temporary_sibling(name, is_result=True))
                for name in (files.sound, files.settings)
            )
            parts = {
                group: whole.enter_context(temporary_sibling(path, is_result=True))
                for group, path in stems.items()
            }
            plain = wav
            if files.pops is not None:
                plain = whole.enter_context(temporary_folder(files.video)) / "without_pops.wav"
            levels = sound.write(plain, parts)
            _add_pops(files, {plain: wav, **{part: part for part in parts.values()}})
            if files.onsets in names:
                csv = whole.enter_context(temporary_sibling(files.onsets, is_result=True))
                csv.write_text(track.to_csv(), encoding="utf-8")
            text = json.dumps(record | {"sound": levels}, indent=2)
            settings.write_text(text + "\n", encoding="utf-8")
            with _kept_on_failure(wav, files.sound):
                mux(info, plain, files.video, reencode=reencode)
    except OSError as error:
        raise InputError(
            f"cannot write {files.video} ({error.strerror}); "
            "free disk space or choose another folder"
        ) from error


def _add_pops(files: Delivery, sounds: Mapping[Path, Path]) -> None:
    """Write sounds with the pops of a delivery, if it has any, each to the name given for it."""
    if files.pops is not None:
        for sound, path in sounds.items():
            files.pops.write(sound, path, files.video.stem)


@contextlib.contextmanager
def _kept_on_failure(temporary: Path, sound: Path) -> Iterator[None]:
    """Give a rendered sound its name where the video cannot be written."""
    try:
        yield
    except InputError as error:
        temporary.replace(sound)
        note_results([sound])
        raise InputError(f"{error}; the rendered sound is kept as {sound}") from error
