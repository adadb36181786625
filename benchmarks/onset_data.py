"""Examples per second and worker: our data set beside the published way of reading JPEG folders.

Both read the same 2 s chunks of one clip, the bundled sample played in a circle, and their contents
are compared first. All ways take turns, in one process with one thread, as in a worker.
"""

import argparse
import itertools
import json
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import history
import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torchvision import transforms as published
from torchvision.transforms import v2

from syncfusion.clip_files import ClipFiles
from syncfusion.constants import FRAME_RATE, IMAGENET_MEAN, IMAGENET_STD
from syncfusion.media import read_frames
from syncfusion.onset import Clip, at_size
from syncfusion.onset.data.examples import OnsetExamples
from syncfusion.onset.data.frames import JpegFrames
from syncfusion.onset.data.sampling import Chunks, Segment
from syncfusion.onset.data.transforms import ColourJitter
from syncfusion.onset.detect import normalised
from syncfusion.timing import seeded

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "sample.mp4"
SIZE = (112, 112)
JITTER = {"brightness": 0.4, "contrast": 0.2, "saturation": 0.4, "hue": 0.1}
IMAGENET = (IMAGENET_MEAN, IMAGENET_STD)
TOLERANCE = 1.01 / 255 / min(IMAGENET_STD)  # bytes are rounded once

Item = Callable[[Segment], Tensor]


def write_clip(folder: Path, seconds: float) -> Clip:
    """Write one video in both forms: packed, and as the JPEGs that it holds."""
    files = ClipFiles(folder, folder.name)
    files.jpegs.mkdir(parents=True)
    batches = read_frames(SAMPLE, fps=FRAME_RATE, width=320, height=240)
    pictures = itertools.cycle([picture.numpy() for batch in batches for picture in batch])
    frames = []
    for number, picture in enumerate(itertools.islice(pictures, round(seconds * FRAME_RATE)), 1):
        path = files.jpegs / f"{files.name}.frame_{number:06d}.jpg"
        Image.fromarray(picture).save(path)
        frames.append(np.asarray(Image.open(path)))
    np.save(files.frames, np.stack(frames))
    files.times.write_text("".join(f"{time:g},wood hit\n" for time in range(int(seconds))))
    processed = {"video_frame_rate": FRAME_RATE, "video_duration": seconds}
    files.metadata.write_text(json.dumps({"processed": processed}))
    return Clip.open(folder)


def published_item(folder: Path, *steps: Callable) -> Item:
    """The published way: list and sort the folder, open 30 JPEGs, ToTensor, stack, transforms."""
    to_tensor = published.ToTensor()

    def natural(path: Path) -> list[str | int]:
        return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", str(path))]

    def item(segment: Segment) -> Tensor:
        paths = sorted(folder.glob("*.jpg"), key=natural)[segment.start : segment.start + 30]
        frames = torch.stack([to_tensor(Image.open(path).convert("RGB")) for path in paths])
        for step in steps:
            frames = step(frames)
        return frames.permute(1, 0, 2, 3)

    return item


def our_item(clip: Clip, *transforms: v2.Transform, normalise: bool = False) -> Item:
    """One example of our data set; the model normalises it, on its device, a batch at a time."""
    examples = OnsetExamples([clip], n_frames=30, transforms=transforms)

    def item(segment: Segment) -> Tensor:
        frames, _ = examples[segment]
        return normalised(frames[None])[0] if normalise else frames

    return item


def plain_ways(clip: Clip) -> dict[str, Item]:
    """The ways to read an example as it is; the first is the published one."""
    jpegs = JpegFrames.open(ClipFiles(clip.folder, clip.name).jpegs, clip.name)
    (kept,) = at_size([clip], SIZE)
    (read,) = at_size([clip], SIZE, keep=False)
    (decoded,) = at_size([replace(clip, pixels=jpegs)], SIZE, keep=False)
    resize, normalise = published.Resize(SIZE, antialias=True), published.Normalize(*IMAGENET)
    return {
        "published": published_item(jpegs.folder, resize, normalise),
        "resized frames kept": our_item(kept),
        "  and normalised by the worker": our_item(kept, normalise=True),
        "packed 320x240, resized on reading": our_item(read),
        "  and normalised by the worker too": our_item(read, normalise=True),
        "JPEGs, resized on reading": our_item(decoded),
    }


def augmented_ways(clip: Clip) -> dict[str, Item]:
    """The ways to read an augmented example; the first is the published one."""
    jpegs = ClipFiles(clip.folder, clip.name).jpegs
    (kept,) = at_size([clip], 128)
    steps = (published.Resize(128, antialias=True), published.RandomCrop(SIZE))
    last = (published.ColorJitter(**JITTER), published.Normalize(*IMAGENET))
    crop = v2.RandomCrop(SIZE)
    return {
        "published, augmented": published_item(jpegs, *steps, *last),
        "resized frames kept, ColourJitter": our_item(kept, crop, ColourJitter(**JITTER)),
        "  torchvision's ColorJitter instead": our_item(kept, crop, v2.ColorJitter(**JITTER)),
    }


def check_equal(ways: dict[str, Item], segment: Segment) -> None:
    """Make sure that all ways give the published example, normalised or still to be."""
    reference, *others = (way(segment) for way in ways.values())
    for frames in others:
        item = normalised(frames[None])[0] if frames.dtype == torch.uint8 else frames
        torch.testing.assert_close(item, reference, atol=TOLERANCE, rtol=0)


def compare(ways: dict[str, Item], segments: list[Segment], rounds: int) -> dict[str, float]:
    """Let the ways take turns; print how fast each is, its ratio to the first, and return ms."""
    seconds = {name: [] for name in ways}
    for segment, (name, way) in itertools.product(segments * rounds, ways.items()):
        began = time.perf_counter()
        way(segment)
        seconds[name].append(time.perf_counter() - began)
    medians = {name: median(taken) for name, taken in seconds.items()}
    reference = next(iter(medians.values()))
    for name, taken in medians.items():
        print(f"{name:38} {1e3 * taken:8.2f} {1 / taken:9.0f} {reference / taken:7.1f}")
    return {f"{name}, ms": 1e3 * taken for name, taken in medians.items()}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=35, help="of the clip; the data set's mean"
    )
    parser.add_argument("--rounds", type=int, default=3, help="over all chunks of the clip")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        clip = write_clip(Path(folder) / "clip", options.seconds)
        segments = Chunks().epoch([clip], [1.0], seeded(0))
        plain = plain_ways(clip)
        check_equal(plain, segments[0])
        print(f"{'one example of 30 frames, 112x112':38} {'ms':>8} {'items/s':>9} {'times':>7}")
        figures = compare(plain, segments, options.rounds)
        figures |= compare(augmented_ways(clip), segments, options.rounds)
    history.keep("onset_data", figures, options)


if __name__ == "__main__":
    main()
