"""The files of a result: the video with its sound; sound, onsets and settings beside it."""

import contextlib
import itertools
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile
import torch

from syncfusion.constants import NOISE_PEAK, SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import (
    SOUND_CODECS,
    LoudnessMeter,
    VideoInfo,
    WavWriter,
    check_writable,
    mux,
    probe,
    temporary_folder,
    temporary_sibling,
    to_dbfs,
)
from syncfusion.ownership import check_replaceable, note_results
from syncfusion.rendering import Block
from syncfusion.track import OnsetTrack

BLOCK = 2**18  # samples read from the unscaled sound at once


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
    """

    files: Delivery
    track: OnsetTrack


def peak_gain(peak: float, peak_dbfs: float) -> float:
    """Return the factor that scales ``peak`` (linear) to ``peak_dbfs``; 1 below ``NOISE_PEAK``."""
    return 10 ** (peak_dbfs / 20) / peak if peak > NOISE_PEAK else 1.0


def check_outputs(
    files: Delivery,
    inputs: Iterable[Path],
    *,
    onsets: OnsetTrack | None = None,
    overwrite: bool = False,
) -> None:
    """Raise what ``deliver`` would raise for these names, before any work is done.

    Args:
        files: the names to write to.
        inputs: files that must not change.
        onsets: the track that will be written, None if it is yet to be detected. A file that holds
            it already is not written again, so its comments and its form stay.
        overwrite: whether files that others made, or that were changed since, may be replaced.

    Raises:
        InputError: if a file cannot be written, is one of the inputs or is somebody else's.
    """
    for name, source in itertools.product(files.names, inputs):
        if name.exists() and name.samefile(source):
            raise InputError(f"{name} is an input itself; choose another name for the result")
    for name in files.names:
        check_writable(name)
    check_replaceable(_to_write(files, onsets), overwrite=overwrite)


def _to_write(files: Delivery, onsets: OnsetTrack | None) -> list[Path]:
    """Return the names without that of the onsets if its file holds them already."""
    kept = onsets is not None and _holds(files.onsets, onsets)
    return [name for name in files.names if not (kept and name == files.onsets)]


def _holds(path: Path, track: OnsetTrack) -> bool:
    try:
        return list(OnsetTrack.read(path)) == list(track)
    except InputError:
        return False


def deliver(
    files: Delivery,
    source: str | Path | VideoInfo,
    blocks: Iterable[Block],
    track: OnsetTrack,
    record: dict[str, Any],
    *,
    peak_dbfs: float,
    reencode: bool = False,
    overwrite: bool = False,
) -> None:
    """Write all files of a result, or none of them; a rendered sound is kept in any case.

    Args:
        files: the names to write to.
        source: the video whose pictures are copied, or what ``media.probe`` returned for it.
        blocks: consecutive blocks of the sound at 48 kHz; consumed while they are written.
        track: the onsets.
        record: settings as plain values; peak and loudness of the sound are added.
        peak_dbfs: peak of the sound written, 0 or less.
        reencode: whether to encode the pictures anew as H.264 instead of copying them.
        overwrite: as for ``check_outputs``.

    Raises:
        InputError: if a file cannot be written, or is somebody else's.
    """
    info = probe(source)
    check_outputs(files, [info.path], onsets=track, overwrite=overwrite)
    names = _to_write(files, track)
    try:
        with ExitStack() as whole:
            sound, settings = (
                whole.enter_context(temporary_sibling(name))
                for name in (files.sound, files.settings)
            )
            loudness = _write_sound(sound, blocks, peak_dbfs)
            if files.onsets in names:
                csv = whole.enter_context(temporary_sibling(files.onsets))
                csv.write_text(track.to_csv(), encoding="utf-8")
            text = json.dumps(record | {"sound": loudness}, indent=2)
            settings.write_text(text + "\n", encoding="utf-8")
            with _kept_on_failure(sound, files.sound):
                mux(info, sound, files.video, reencode=reencode)
    except OSError as error:
        raise InputError(
            f"cannot write {files.video} ({error.strerror}); "
            "free disk space or choose another folder"
        ) from error
    note_results(names)


@contextlib.contextmanager
def _kept_on_failure(temporary: Path, sound: Path) -> Iterator[None]:
    """Give a rendered sound its name where the video cannot be written."""
    try:
        yield
    except InputError as error:
        temporary.replace(sound)
        note_results([sound])
        raise InputError(f"{error}; the rendered sound is kept as {sound}") from error


def _write_sound(path: Path, blocks: Iterable[Block], peak_dbfs: float) -> dict[str, float | None]:
    """Write unscaled while measuring the peak, then rescale to ``peak_dbfs``."""
    with temporary_folder(path) as folder:
        raw, peak = folder / "raw.wav", 0.0
        with WavWriter(raw, sample_rate=SAMPLE_RATE, subtype="FLOAT") as writer:
            for block in blocks:
                peak = max(peak, block.abs().max().item() if block.numel() else 0.0)
                writer.write(block)
        gain, meter = peak_gain(peak, peak_dbfs), LoudnessMeter()
        with WavWriter(path, sample_rate=SAMPLE_RATE) as writer:
            for samples in soundfile.blocks(raw, BLOCK, dtype="float32", always_2d=True):
                block = torch.from_numpy(samples.T.copy()) * gain
                meter.add(block)
                writer.write(block)
    return {"peak_dbfs": to_dbfs(gain * peak), "loudness_lufs": meter.integrated()}
