"""Annotated motion for tests: made of numbers, or of small videos with sound."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

from helpers.moving_pictures import bouncing, write_video
from helpers.struck_sounds import struck
from syncfusion.onset.motion.cells import GRID
from syncfusion.onset.motion.clips import MotionClip
from syncfusion.onset.motion.inputs import motion_input
from syncfusion.onset.motion.stream import Motion
from syncfusion.track import OnsetTrack

FPS = 30.0
PERIOD = 0.5  # seconds between two bounces of a written clip
ONSETS = (0.5, 1.0, 1.5)  # at the bounces


def moving_place(
    velocities: Sequence[tuple[float, float]], row: int = 6, column: int = 10
) -> np.ndarray:
    """Cells (frame, 9, 14, 24) of one cell that moves at these velocities, all others still."""
    cells = np.zeros((len(velocities), *GRID), np.float32)
    velocity = np.array(velocities, np.float32)
    speed = np.hypot(*velocity.T)
    cells[:, 0, row, column], cells[:, 1, row, column] = velocity.T / 4
    cells[:, 2, row, column], cells[:, 3, row, column] = velocity.T
    cells[:, 4, row, column], cells[:, 5, row, column] = speed / 4, speed
    change = np.hypot(*np.diff(velocity, axis=0, prepend=velocity[:1]).T)
    cells[:, 6, row, column], cells[:, 7, row, column] = speed / 8, speed / 2
    cells[:, 8, row, column] = change
    return cells


def strikes(
    n_frames: int, onsets: Sequence[int], speeds: Sequence[float] = (), sideways: float = 0.0
) -> list[tuple[float, float]]:
    """Velocities of something that comes down for five frames before each onset and stops at it."""
    velocities = [(0.0, 0.0)] * n_frames
    for onset, speed in zip(onsets, speeds or [1.0] * len(onsets), strict=True):
        for frame in range(max(onset - 5, 0), onset):
            velocities[frame] = (sideways * speed, speed)
    return velocities


def motion_of_cells(cells: np.ndarray, fps: float = FPS, start: float = 0.0) -> Motion:
    """Cells at an even rate."""
    times = start + np.arange(len(cells)) / fps
    return Motion(times, cells.astype(np.float16), float(times[-1] + 1 / fps))


def motion_clip(
    name: str = "clip",
    n_frames: int = 90,
    onsets: Sequence[int] = (20, 45, 70),
    *,
    start: float = 0.0,
    speeds: Sequence[float] = (),
    sideways: float = 0.0,
) -> MotionClip:
    """A clip whose onsets lie at the stops of one moving cell."""
    motion = motion_of_cells(moving_place(strikes(n_frames, onsets, speeds, sideways)), start=start)
    times = [float(motion.times[frame]) for frame in onsets]
    track = OnsetTrack(times, motion.duration)
    return MotionClip(name, motion_input(motion), motion.times, track, np.array(times))


def write_annotated(
    root: Path,
    name: str,
    *,
    onsets: Sequence[float] = ONSETS,
    sound: Sequence[float] | None = ONSETS,
    seconds: float = 2.0,
) -> Path:
    """Write a bouncing square with its sound and annotation as Greatest Hits lays them out."""
    video = root / "videos" / f"{name}_mic.mp4"
    for folder in (video.parent, root / "times"):
        folder.mkdir(parents=True, exist_ok=True)
    n_frames, period = round(seconds * FPS), round(PERIOD * FPS)
    write_video(video, [each.pixels for each in bouncing(n_frames, period=period)])
    if sound is not None:
        add_sound(video, sound, seconds)
    rows = "".join(f"{time:.6f} wood hit\n" for time in onsets)
    (root / "times" / f"{name}_times.txt").write_text(rows)
    return video


def add_sound(video: Path, times: Sequence[float], seconds: float) -> None:
    """Put short bursts at these times under a video."""
    waveform = struck(times, seconds=seconds)
    silent = video.rename(video.with_suffix(".silent.mp4"))
    with av.open(str(silent)) as source, av.open(str(video), "w") as target:
        pictures = target.add_stream_from_template(source.streams.video[0])
        stream = target.add_stream("aac", rate=waveform.sample_rate, layout="mono")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = pictures
                target.mux(packet)
        frame = av.AudioFrame.from_ndarray(waveform.samples.numpy(), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = waveform.sample_rate, 0
        target.mux(stream.encode(frame))
        target.mux(stream.encode())
    silent.unlink()
