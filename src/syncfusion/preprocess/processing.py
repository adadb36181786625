"""Settings of the processing of videos, and the metadata that records them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from syncfusion.constants import FRAME_RATE, SAMPLE_RATE
from syncfusion.timing import frame_count

if TYPE_CHECKING:
    from syncfusion.media import Soundtrack, VideoInfo

FramesForm = Literal["packed", "jpg"]
FORMS: tuple[FramesForm, ...] = get_args(FramesForm)
SUBTYPES = {32: "FLOAT", 24: "PCM_24", 16: "PCM_16"}  # by bits per sample


@dataclass(frozen=True, kw_only=True)
class Processing:
    """How videos are processed; the defaults are the published ones, but for ``frames``.

    Args:
        video_fps: frames per second kept.
        video_width: pixels of the frames kept; the picture is squeezed to it.
        video_height: likewise.
        frames: "packed" in one array, or "jpg", one file a frame.
        audio_sample_rate: Hz of the sound kept.
        audio_bitdepth: bits per sample of the sound kept: 16, 24, or 32 for floating point.
        audio_denoise: whether to write the sound once more without its steady noise.
        audio_onsets: whether to write a sound that is 1 at each onset and 0 elsewhere.

    Raises:
        ValueError: if a number is out of its range.
    """

    video_fps: int = FRAME_RATE
    video_width: int = 320
    video_height: int = 240
    frames: FramesForm = "packed"
    audio_sample_rate: int = SAMPLE_RATE
    audio_bitdepth: int = 32
    audio_denoise: bool = False
    audio_onsets: bool = False

    def __post_init__(self) -> None:
        if min(self.video_fps, self.video_width, self.video_height, self.audio_sample_rate) < 1:
            raise ValueError(f"rates and sizes are 1 or more, not as in {self}")
        if self.audio_bitdepth not in SUBTYPES:
            raise ValueError(
                f"audio_bitdepth is one of {tuple(SUBTYPES)}, not {self.audio_bitdepth}"
            )

    def described(self, *, has_sound: bool) -> dict[str, int | None]:
        """Return the settings that metadata record; those of the sound are None without one."""
        sound = {
            "audio_sample_rate": self.audio_sample_rate,
            "audio_channels": 1,
            "audio_bitdepth": self.audio_bitdepth,
        }
        return {
            "width": self.video_width,
            "height": self.video_height,
            "video_frame_rate": self.video_fps,
            **(sound if has_sound else dict.fromkeys(sound)),
        }


def metadata(
    video: "VideoInfo", sound: "Soundtrack | None", processing: Processing, folder: Path
) -> dict[str, dict]:
    """Describe a video before and after, under the published names.

    Args:
        video: the file.
        sound: its sound; None for none.
        processing: what was done to it.
        folder: of the processed video, from where the file is named.

    Returns:
        Content of ``<id>.metadata.json``.
    """
    original = {
        "file": os.path.relpath(video.path.resolve(), folder.resolve()),
        "width": video.width,
        "height": video.height,
        "video_frame_rate": video.fps,
        "video_duration": video.duration,
        "video_num_frames": video.n_frames,
        "audio_sample_rate": sound and sound.mono.sample_rate,
        "audio_channels": sound and sound.n_channels,
        "audio_duration": sound and sound.mono.duration,
        "audio_num_samples": sound and sound.mono.samples.shape[1],
    }
    processed = {
        **processing.described(has_sound=sound is not None),
        "video_duration": video.duration,
        "video_num_frames": frame_count(video.duration, processing.video_fps),
    }
    return {"original": original, "processed": processed}
