"""The files of a result: the video with its sound; sound, onsets and settings beside it."""

import contextlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.exchange import file_name
from syncfusion.media import (
    SOUND_CODECS,
    VideoInfo,
    check_writable,
    mux,
    probe,
    temporary_sibling,
)
from syncfusion.ownership import check_replaceable, note_results
from syncfusion.product.sounds import Sound
from syncfusion.track import Onset, OnsetTrack

FILLED = frozenset({"id", "seed"})  # columns that a render adds to a track


@dataclass(frozen=True)
class Delivery:
    """The names of a result's four files.

    Args:
        video: the video with the new sound: .mp4, .mov, .mkv or .webm.

    Raises:
        InputError: if the name ends otherwise.
    """

    video: Path

    def __post_init__(self) -> None:
        if self.video.suffix.lower() not in SOUND_CODECS:
            kinds = ", ".join(SOUND_CODECS)
            raise InputError(f"the output {self.video} must end in one of {kinds}")

    @property
    def sound(self) -> Path:
        """The sound alone: 48 kHz mono, 24 bit."""
        return self.video.with_suffix(".wav")

    @property
    def onsets(self) -> Path:
        """The onsets of the sound."""
        return self.video.with_suffix(".onsets.csv")

    @property
    def settings(self) -> Path:
        """Everything that is needed to make the same result again."""
        return self.video.with_suffix(".json")

    @property
    def names(self) -> tuple[Path, Path, Path, Path]:
        """Video, sound, onsets, settings."""
        return self.video, self.sound, self.onsets, self.settings

    def stems(self, groups: Iterable[str]) -> dict[str, Path]:
        """Return the file of each group, in ``out.stems``; names that would be one are numbered."""
        folder, taken, paths = self.video.with_suffix(".stems"), set(), {}
        for group in groups:
            base = file_name(group)
            names = (base if n == 1 else f"{base}-{n}" for n in itertools.count(1))
            name = next(name for name in names if name not in taken)
            taken.add(name)
            paths[group] = folder / f"{name}.wav"
        return paths

    def take(self, number: int) -> "Delivery":
        """Return the names of the n-th take: out.mp4, out-2.mp4 and so on."""
        suffix = "" if number == 1 else f"-{number}"
        return Delivery(self.video.with_stem(f"{self.video.stem}{suffix}"))


@dataclass(frozen=True)
class Generated:
    """The result of one call of ``generate``.

    Args:
        files: the names of the files written.
        track: the onsets of the sound.
        stems: file of each group of events, where stems were requested.
        groups: the group of each event, in event mode.
    """

    files: Delivery
    track: OnsetTrack
    stems: Mapping[str, Path] = field(default_factory=dict)
    groups: Sequence[str] = ()

    @property
    def exported(self) -> OnsetTrack:
        """The onsets as a workstation gets them: labelled by their stems, where there are any."""
        return replace(self.track, labels=self.groups) if self.stems else self.track


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
            it already, but for seeds and ids, is not written again, so its comments and its form
            stay.
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
                whole.enter_context(temporary_sibling(name))
                for name in (files.sound, files.settings)
            )
            parts = {
                group: whole.enter_context(temporary_sibling(path)) for group, path in stems.items()
            }
            levels = sound.write(wav, parts)
            if files.onsets in names:
                csv = whole.enter_context(temporary_sibling(files.onsets))
                csv.write_text(track.to_csv(), encoding="utf-8")
            text = json.dumps(record | {"sound": levels}, indent=2)
            settings.write_text(text + "\n", encoding="utf-8")
            with _kept_on_failure(wav, files.sound):
                mux(info, wav, files.video, reencode=reencode)
    except OSError as error:
        raise InputError(
            f"cannot write {files.video} ({error.strerror}); "
            "free disk space or choose another folder"
        ) from error
    note_results([*names, *stems.values()])


@contextlib.contextmanager
def _kept_on_failure(temporary: Path, sound: Path) -> Iterator[None]:
    """Give a rendered sound its name where the video cannot be written."""
    try:
        yield
    except InputError as error:
        temporary.replace(sound)
        note_results([sound])
        raise InputError(f"{error}; the rendered sound is kept as {sound}") from error
