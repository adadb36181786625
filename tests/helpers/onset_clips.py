"""Tiny processed videos made of numbers, for the tests of the onset detector."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from syncfusion.clip_files import ClipFiles

FPS = 15


def write_clip(
    root: Path,
    name: str,
    *,
    n_frames: int = 40,
    times: tuple[float, ...] = (1.0,),
    value: int = 0,
    size: tuple[int, int] = (16, 16),
    forms: Sequence[str] = ("packed",),
) -> Path:
    """Write a folder as preprocessing does: frames flash white where an onset is."""
    files = ClipFiles(root / name, name)
    files.folder.mkdir(parents=True)
    frames = np.full((n_frames, *size, 3), value, np.uint8)
    frames[[round(time * FPS) for time in times]] = 255
    if "packed" in forms:
        np.save(files.frames, frames)
    if "jpg" in forms:
        write_jpegs(files, frames)
    files.times.write_text("".join(f"{time:.6f},wood hit\n" for time in times))
    processed = {
        "video_frame_rate": FPS,
        "video_duration": n_frames / FPS,
        "video_num_frames": n_frames,
        "height": size[0],
        "width": size[1],
    }
    files.metadata.write_text(json.dumps({"processed": processed}))
    return files.folder


def write_jpegs(files: ClipFiles, frames: np.ndarray) -> None:
    """Write one JPEG a frame, as the published preprocessing does."""
    files.jpegs.mkdir()
    for number, frame in enumerate(frames, 1):
        path = files.jpegs / f"{files.name}.frame_{number:06d}.jpg"
        Image.fromarray(frame).save(path, quality=95)


def moving_picture(n_frames: int, height: int, width: int) -> np.ndarray:
    """Return smooth coloured frames, each different from the one before."""
    rows, columns = np.mgrid[0:height, 0:width]
    phases = np.arange(n_frames)[:, None, None, None] * 0.3 + np.arange(3)
    waves = np.sin(rows[..., None] / 17 + phases) + np.sin(columns[..., None] / 23 - phases)
    return (127.5 + 60 * waves).astype(np.uint8)


def write_root(root: Path, names: tuple[str, ...] = ("one", "two"), **options) -> Path:
    """Write a whole data set: these clips to train on, one to validate with, one to test with."""
    splits = {"train": names, "val": ("validated",), "test": ("tested",)}
    for number, name in enumerate(name for split in splits.values() for name in split):
        write_clip(root, name, value=20 + 50 * number, **options)
    for split, listed in splits.items():
        (root / f"{split}.txt").write_text("\n".join(listed))
    return root


def write_clips(root: Path) -> Path:
    """Write clips of two chunks each: five to train on, three to validate, all different."""
    names = [f"clip{number}" for number in range(9)]
    for number, name in enumerate(names):
        times = tuple(0.4 + 0.5 * place + 0.1 * number for place in range(number % 3 + 1))
        folder = write_clip(root, name, n_frames=62, times=times)
        frames = moving_picture(62, 16, 16 + number)[:, :, number:]
        np.save(ClipFiles(folder, name).frames, frames)
    for split, chosen in (("train", names[:5]), ("val", names[5:8]), ("test", names[8:])):
        (root / f"{split}.txt").write_text("".join(f"{name}\n" for name in chosen))
    return root
