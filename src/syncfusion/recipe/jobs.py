"""What the steps of the recipe do: functions of plain values, each run in a process of its own.

Each imports what it needs when it is called: PyTorch Lightning alone takes seconds, and most of
them train nothing.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError

Metrics = Mapping[str, Any]

log = logging.getLogger(__name__)


def make_scenes(output: str, scenes: int, seconds: float, seed: int, num_workers: int) -> None:
    """Render synthetic scenes."""
    from syncfusion.synthetic import synthesize

    synthesize(
        Path(output),
        n_scenes=scenes,
        seconds=seconds,
        seed=seed,
        n_workers=num_workers,
        overwrite=True,  # the folder is the recipe's
    )


def prepare_clips(folder: str, processed: str, shards: str, pixels: int, num_workers: int) -> None:
    """Process, annotate and split videos laid out as Greatest Hits, and pack them into shards."""
    from syncfusion.preprocess import (
        TIMES_SUFFIX,
        VIDEO_SUFFIX,
        Processing,
        Target,
        annotate_videos,
        find_files,
        process_videos,
        read_lists,
        write_lists,
    )
    from syncfusion.progress import bars
    from syncfusion.shards import write_set

    root, output = Path(folder), Path(processed)
    videos = find_files(root / "videos", VIDEO_SUFFIX, option="--data")
    settings = Processing(video_width=pixels, video_height=pixels, audio_bitdepth=16)
    with bars() as progress:
        failures = process_videos(
            videos, Target(output), settings, n_workers=num_workers, progress=progress
        )
    annotations = find_files(root / "times", TIMES_SUFFIX, option="--data")
    failures |= annotate_videos(annotations, output)
    if failures:
        name, reason = next(iter(failures.items()))
        raise InputError(f"{len(failures)} files of {root} failed, the first is {name}: {reason}")
    write_lists(read_lists(root, videos), output)
    with bars() as progress:
        write_set(output, Path(shards), overwrite=True, progress=progress)


def train_prompts(data: str, output: str, seed: int, options: Mapping[str, int]) -> Metrics:
    """Train the prompt encoder."""
    from syncfusion.training import train_prompt

    return train_prompt([Path(data)], Path(output), seed=seed, **options)


def train_detector(config: str, changes: Mapping[str, Any]) -> None:
    """Train the onset detector."""
    from syncfusion.training import onset_settings, train_onset

    train_onset(onset_settings(config, changes))


def publish(
    output: str,
    onset: str | None = None,
    diffusion: str | None = None,
    rest: str | None = None,
) -> None:
    """Put trained models into the preset."""
    from syncfusion.training import publish_preset

    paths = {"onset": onset, "diffusion": diffusion, "rest": rest}
    publish_preset(Path(output), **{k: Path(v) if v else None for k, v in paths.items()})


def calibrate(data: str, checkpoint: str, output: str) -> Metrics:
    """Calibrate the detector of the preset."""
    from syncfusion.training import calibrate_detector

    return calibrate_detector(Path(data), Path(checkpoint), output=Path(output))


def pack_sounds(folder: str, output: str, seed: int) -> Metrics:
    """Pack own sounds into shards."""
    from syncfusion.recipe.own_shards import write_own_shards

    made = write_own_shards(Path(folder), Path(output), seed=seed)
    for remark in made.remarks:
        log.warning("%s", remark)
    return made.summary()


def train_sound(config: str, changes: Mapping[str, Any]) -> None:
    """Train the diffusion model."""
    from syncfusion.composition import compose
    from syncfusion.training import train_diffusion

    train_diffusion(compose(primary=config, changes=changes))
