"""Videos into what training reads: frames, sound and metadata, whole or not at all."""

import contextlib
import glob
import json
from dataclasses import dataclass
from pathlib import Path

from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.media import play, probe, remove_leftovers, temporary_folder
from syncfusion.plain_values import parse_json
from syncfusion.preprocess.annotations import read_annotation, trim
from syncfusion.preprocess.dataset_files import TIMES_SUFFIX
from syncfusion.preprocess.frames import frames_writer, jpeg_path
from syncfusion.preprocess.layout import clip_files
from syncfusion.preprocess.processing import Processing, metadata
from syncfusion.preprocess.sounds import denoised_path, onsets_path, write_sounds
from syncfusion.timing import frame_count
from syncfusion.track import OnsetTrack


@dataclass(frozen=True)
class Target:
    """Where processed videos go.

    Args:
        output: folder of all processed videos.
        flatten: whether all files lie in it, rather than in a folder per video.
        times: folder of annotations ``<id>_times.txt``, for videos without ``<id>.times.csv``.
    """

    output: Path
    flatten: bool = False
    times: Path | None = None


def preprocess_video(name: str, video: Path, target: Target, processing: Processing) -> ClipFiles:
    """Process one video.

    Its files are made in a hidden folder and then moved, metadata last: where that is, all are.

    Args:
        name: the video's id.
        video: the file.
        target: where its files go; an annotation that is there already stays.
        processing: rates, sizes and forms.

    Returns:
        The files; those of a video that is finished are left as they are.

    Raises:
        InputError: if the video or its annotation cannot be read, or the video was processed
            in another way before.
    """
    files = clip_files(target.output, name, flatten=target.flatten)
    if is_finished(files, processing):
        return files
    target.output.mkdir(parents=True, exist_ok=True)
    remove_leftovers(target.output)
    with temporary_folder(target.output / name) as folder:
        partial = type(files)(folder, name)
        _write(video, files, partial, processing, target.times)
        _settle(partial, files, processing)
    return files


def is_finished(files: ClipFiles, processing: Processing) -> bool:
    """Whether the processing of a video is complete.

    Args:
        files: of the processed video.
        processing: the settings that are required.

    Returns:
        Whether all files that would be made are there.

    Raises:
        InputError: if it was processed at other rates or sizes.
    """
    try:
        processed = parse_json(files.metadata.read_text())["processed"]
        last, has_sound = processed["video_num_frames"], processed["audio_sample_rate"] is not None
    except (OSError, ValueError, KeyError, TypeError):
        return False
    for key, required in processing.described(has_sound=has_sound).items():
        if processed.get(key) != required:
            raise InputError(
                f"{files.metadata} records {key} {processed.get(key)}, required is {required}; "
                "give another --output_dir, or delete what is there"
            )
    required = {
        files.frames if processing.frames == "packed" else jpeg_path(files, last): True,
        files.audio: has_sound,
        denoised_path(files): has_sound and processing.audio_denoise,
        onsets_path(files): has_sound and processing.audio_onsets,
    }
    return all(path.is_file() for path, is_required in required.items() if is_required)


def _write(
    video: Path, files: ClipFiles, partial: ClipFiles, processing: Processing, times: Path | None
) -> None:
    info = probe(video)
    track = _annotation(files, times, info.duration)
    if track is None and processing.audio_onsets and info.has_audio:
        raise InputError(
            f"there is no annotation {files.times}; run syncfusion preprocess annotations "
            "first, or give --input_dir_times"
        )
    with frames_writer(
        partial, processing, frame_count(info.duration, processing.video_fps)
    ) as show:
        sound = play(
            info,
            fps=processing.video_fps,
            width=processing.video_width,
            height=processing.video_height,
            on_frame=show,
        )
    if sound is not None:
        write_sounds(sound.mono, track, partial, processing)
    described = metadata(info, sound, processing, files.folder)
    partial.metadata.write_text(json.dumps(described, indent=4) + "\n")


def _annotation(files: ClipFiles, times: Path | None, duration: float) -> OnsetTrack | None:
    """Read the onsets that lie beside the video's other files, else those of the data set."""
    if files.times.is_file():
        return trim(files, duration=duration)
    path = times and times / f"{files.name}{TIMES_SUFFIX}"
    return read_annotation(path, duration=duration) if path and path.is_file() else None


def _settle(partial: ClipFiles, files: ClipFiles, processing: Processing) -> None:
    """Move the finished files into place, metadata last, so that metadata implies completeness."""
    if not files.folder.exists():
        with contextlib.suppress(OSError):  # another process has just settled the same video
            partial.folder.rename(files.folder)
            return
    files.metadata.unlink(missing_ok=True)
    if processing.frames == "jpg":
        for stale in files.jpegs.glob(f"{glob.escape(files.name)}.frame_*.jpg"):
            stale.unlink()
    made = [path for path in partial.folder.rglob("*") if path.is_file()]
    for path in sorted(made, key=lambda path: path == partial.metadata):
        place = files.folder / path.relative_to(partial.folder)
        place.parent.mkdir(exist_ok=True)
        path.replace(place)
