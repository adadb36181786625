"""Videos into the folders that training reads: packed frames, sound, onsets, metadata."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from syncfusion.constants import FRAME_RATE, SAMPLE_RATE
from syncfusion.media.audio import read_audio, write_wav
from syncfusion.media.video import probe, read_frames
from syncfusion.onset.clips import ClipFiles
from syncfusion.preprocess.annotations import AnnotatedVideo, published_csv, read_annotation
from syncfusion.timing import frame_count


@dataclass(frozen=True, kw_only=True)
class Processing:
    """How videos are processed.

    Args:
        fps: frames per second kept.
        width: pixels of the frames kept; the picture is squeezed to it.
        height: likewise.
        sample_rate: Hz of the sound kept.
    """

    fps: float = FRAME_RATE
    width: int = 320
    height: int = 240
    sample_rate: int = SAMPLE_RATE


def preprocess_video(source: AnnotatedVideo, output: Path, processing: Processing) -> Path:
    """Write the folder ``output/<id>`` for one video; whole or not at all.

    Args:
        source: the video and its annotation.
        output: folder of processed videos.
        processing: rates and sizes.

    Returns:
        The folder; one that is already there is left as it is.

    Raises:
        InputError: if the video or the annotation cannot be read.
    """
    folder = output / source.name
    if folder.is_dir():
        return folder
    partial = output / f".{source.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    files = ClipFiles(partial, source.name)
    files.audio.parent.mkdir(parents=True)
    try:
        _write_all(source, files, processing)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _write_all(source: AnnotatedVideo, files: ClipFiles, processing: Processing) -> None:
    info = probe(source.video)
    track = read_annotation(source.times, duration=info.duration)
    _write_frames(source.video, files.frames, info.duration, processing)
    if info.has_audio:
        sound = read_audio(source.video, sample_rate=processing.sample_rate, mono=True)
        write_wav(sound, files.audio, subtype="PCM_16")  # the published form
    files.times.write_text(published_csv(track))
    metadata = {
        "processed": {
            "video_frame_rate": processing.fps,
            "video_duration": info.duration,
            "video_width": processing.width,
            "video_height": processing.height,
            "audio_sample_rate": processing.sample_rate if info.has_audio else None,
        },
        "source": {"video_frame_rate": info.fps, "file": source.video.name},
    }
    files.metadata.write_text(json.dumps(metadata, indent=2) + "\n")


def _write_frames(video: Path, target: Path, duration: float, processing: Processing) -> None:
    shape = (frame_count(duration, processing.fps), processing.height, processing.width, 3)
    packed = np.lib.format.open_memmap(target, "w+", np.uint8, shape)
    batches = read_frames(
        video, fps=processing.fps, width=processing.width, height=processing.height
    )
    n_done = 0
    for batch in batches:
        packed[n_done : n_done + len(batch)] = batch.numpy()
        n_done += len(batch)
    packed.flush()
