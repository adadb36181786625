"""Tiny processed videos made of numbers, for the tests of the onset detector."""

import json
from pathlib import Path

import numpy as np

from syncfusion.onset.clips import ClipFiles


def write_clip(
    root: Path, name: str, *, n_frames: int = 40, times: tuple[float, ...] = (1.0,), value: int = 0
) -> Path:
    """Write a folder as script/preprocess.py does: frames flash white where an onset is."""
    files = ClipFiles(root / name, name)
    files.folder.mkdir(parents=True)
    frames = np.full((n_frames, 16, 16, 3), value, np.uint8)
    frames[[round(time * 15) for time in times]] = 255
    np.save(files.frames, frames)
    files.times.write_text("".join(f"{time:.6f},wood hit\n" for time in times))
    processed = {"video_frame_rate": 15, "video_duration": n_frames / 15}
    files.metadata.write_text(json.dumps({"processed": processed}))
    return files.folder


def write_root(root: Path, names: tuple[str, ...] = ("one", "two")) -> Path:
    """Write a whole data set; every split lists every clip."""
    for number, name in enumerate(names):
        write_clip(root, name, value=20 + 50 * number)
    for split in ("train", "val", "test"):
        (root / f"{split}.txt").write_text("\n".join(names))
    return root
