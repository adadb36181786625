"""Synthetic data sets with the file layout of Greatest Hits."""

import logging
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import encode_video, temporary_sibling
from syncfusion.ownership import check_replaceable, note_results, results
from syncfusion.synthetic.render import render_frames
from syncfusion.synthetic.scene import Scene, SceneConfig
from syncfusion.synthetic.script import draw_scene
from syncfusion.synthetic.sound import scene_sound
from syncfusion.synthetic.sounding import Sounding

log = logging.getLogger(__name__)

SPLIT = {"train": 0.75, "val": 0.1, "test": 0.15}  # fractions of the videos, as in Greatest Hits
SAMPLE_SEED = 0
SAMPLE_CONFIG = SceneConfig(
    seconds=8.0,
    width=320,
    height=240,
    fps=25.0,
    tool="stick",
    materials=("wood", "metal", "ceramic", "leaf"),
    n_surfaces=(3, 3),
    restlessness=0.3,
)

STRIKE_CONFIG = SceneConfig(width=454, height=256)  # as the clips of Greatest Hits at hand


def scene_id(seed: int, index: int, *, physics: bool = False) -> str:
    """Return the name of one scene of a seed."""
    return f"{'strikes' if physics else 'synthetic'}-{seed}-{index:05d}"


def write_scene(scene: Scene, folder: Path, name: str) -> None:
    """Write ``videos/<name>_mic.mp4`` and ``times/<name>_times.txt``.

    Args:
        scene: the scene to render.
        folder: the data set's folder; created if missing.
        name: identifies the scene in the data set.
    """
    quality = float(scene.rng(0).uniform(18, 27))
    _write_clip(scene, render_frames(scene), scene.fps, quality, folder, name)


def times_text(scene: Sounding) -> str:
    """Return a scene's onsets as Greatest Hits annotates them: ``seconds material action``."""
    return "".join(f"{e.time:.6f} {e.material} {e.action}\n" for e in scene.events)


def synthesize(
    output: Path,
    *,
    n_scenes: int,
    seconds: float = SceneConfig.seconds,
    seed: int = 0,
    n_workers: int = 1,
    config: SceneConfig | None = None,
    physics: bool = False,
    overwrite: bool = False,
) -> None:
    """Write a data set of synthetic scenes in Greatest Hits' layout.

    Scene ``k`` depends only on the config, the seed and ``k``; existing scenes are kept.

    Args:
        output: folder that gets ``videos/``, ``times/`` and ``train.txt``, ``val.txt``,
            ``test.txt`` with the names of the scenes.
        n_scenes: number of scenes, 1 or more.
        seconds: length of each scene.
        seed: 0 or more, of all randomness.
        n_workers: processes that render.
        config: options of the scenes; None for the defaults.
        physics: whether an arm with a stick is simulated; needs the package mujoco. The config
            then gives length, size, frame rate, materials of the ground, and restlessness.
        overwrite: whether lists that others made, or that were changed since, may be replaced.

    Raises:
        InputError: if a number is out of its range, or a list is somebody else's.
    """
    if n_scenes < 1 or n_workers < 1 or seed < 0:
        raise InputError(
            f"cannot render {n_scenes} scenes of seed {seed} with {n_workers} workers; "
            "give 1 or more scenes and workers and a seed of 0 or more"
        )
    check_replaceable((output / f"{split}.txt" for split in SPLIT), overwrite=overwrite)
    config = replace(config or SceneConfig(), seconds=seconds)
    tasks = [(output, config, seed, index, physics) for index in range(n_scenes)]
    if n_workers == 1:
        for task in tasks:
            _write_one(task)
    else:
        # spawn: a forked process would inherit torch's threads
        with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
            list(pool.map(_write_one, tasks))
    _write_split(output, [scene_id(seed, n, physics=physics) for n in range(n_scenes)])
    note_results(output / f"{split}.txt" for split in SPLIT)


def write_sample(folder: Path, *, overwrite: bool = False) -> None:
    """Write the demo clip, silent, and its onsets: ``sample.mp4`` and ``sample.times.txt``.

    Args:
        folder: folder that gets both files.
        overwrite: whether files that others made, or that were changed since, may be replaced.

    Raises:
        InputError: if one is there, is somebody else's, and ``overwrite`` is off.
    """
    video, times = folder / "sample.mp4", folder / "sample.times.txt"
    with results([video, times], overwrite=overwrite):
        scene = draw_scene(SAMPLE_CONFIG, SAMPLE_SEED, 0)
        encode_video(render_frames(scene), scene.fps, None, SAMPLE_RATE, video, quality=24)
        _write_text(times, times_text(scene))


def _write_one(task: tuple[Path, SceneConfig, int, int, bool]) -> None:
    output, config, seed, index, physics = task
    name = scene_id(seed, index, physics=physics)
    if (output / "times" / f"{name}_times.txt").exists():
        log.info("skipping %s: already rendered", name)
        return
    if physics:
        _write_strikes(config, seed, index, output)
    else:
        write_scene(draw_scene(config, seed, index), output, name)
    log.info("wrote %s", name)


def _write_strikes(config: SceneConfig, seed: int, index: int, folder: Path) -> None:
    """Write a scene of strikes, and ``events/<name>.csv`` with loudness factors and forces."""
    from syncfusion.synthetic.strikes import record_strikes  # mujoco is of an extra

    made, name = record_strikes(config, seed, index), scene_id(seed, index, physics=True)
    _write_text(folder / "events" / f"{name}.csv", made.event_table())
    lens, fps = made.scene.lens, made.scene.fps
    _write_clip(made, made.frames(), fps, lens.quality, folder, name)


def _write_clip(
    scene: Sounding,
    frames: Iterator[np.ndarray],
    fps: float,
    quality: float,
    folder: Path,
    name: str,
) -> None:
    """Write pictures and sound, then the times: they mark that the clip is whole."""
    video = folder / "videos" / f"{name}_mic.mp4"
    encode_video(frames, fps, scene_sound(scene), SAMPLE_RATE, video, quality=quality)
    _write_text(folder / "times" / f"{name}_times.txt", times_text(scene))


def _write_split(output: Path, names: list[str]) -> None:
    """Split the scenes in order; they are independent of each other."""
    start, covered = 0, 0.0
    for split, fraction in SPLIT.items():
        covered += fraction
        end = round(covered * len(names))
        _write_text(output / f"{split}.txt", "".join(f"{name}\n" for name in names[start:end]))
        start = end


def _write_text(path: Path, text: str) -> None:
    with temporary_sibling(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
