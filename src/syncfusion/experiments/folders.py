"""Scoring folders of ready sounds, such as a peer's, against videos or recordings."""

from collections.abc import Mapping
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.evaluation.hit_distances import with_halves_distance
from syncfusion.evaluation.results import Evaluation, SystemResult
from syncfusion.evaluation.scoring import Judge, Take, Target, score_system
from syncfusion.evaluation.sound_files import (
    ANNOTATIONS,
    SOUNDS,
    VIDEOS,
    files_by_clip,
    read_judged,
    unmatched,
)
from syncfusion.experiments.bench import Bench
from syncfusion.experiments.table import add_distances, evaluation, recorded_hits
from syncfusion.media.video import probe
from syncfusion.onset.track import OnsetTrack
from syncfusion.progress import Progress, ignore

OWN = "target's own sound"  # row of the table
PROTOCOL = "Whole clips; as published: the published arithmetic over whole clips."


def compare_folders(
    target: Path,
    annotation: Path,
    sounds: Mapping[str, Path],
    *,
    vggish: Path | None = None,
    progress: Progress = ignore,
) -> Evaluation:
    """Judge folders of sounds, and the targets' own sounds of the same clips beside them.

    Args:
        target: folder of videos or sounds.
        annotation: folder of onset files.
        sounds: folder of each row, by its name.
        vggish: weights, for one more Fréchet distance where they are there.
        progress: told what is judged.

    Returns:
        The table; files are matched by name, see ``sound_files.clip_name``.

    Raises:
        InputError: if a folder is missing or nothing is left to score.
    """
    files = files_by_clip(target, (*VIDEOS, *SOUNDS))
    targets, problems = read_targets(files, files_by_clip(annotation, ANNOTATIONS))
    names = [each.name for each in targets]
    own = {each.name: Take(files[each.name]) for each in targets if each.sound is not None}
    judge, bench = Judge(), Bench(vggish)
    folders = {name: files_by_clip(folder, SOUNDS) for name, folder in sounds.items()}
    systems = []
    recorded = [
        each for each in targets if each.name in own.keys() & set().union(*folders.values())
    ]
    if recorded:
        system = score_system(OWN, recorded, own, judge, progress=progress)
        systems.append(with_halves_distance(system, recorded_hits(system, targets)))
    for name, found in folders.items():
        system = score_system(
            name,
            targets,
            {clip: Take(path) for clip, path in found.items()},
            judge,
            settings={"folder": str(sounds[name])},
            problems=[*problems, *unmatched(names, found)],
            progress=progress,
        )
        systems.append(add_distances(system, targets, judge, bench))
    _check(systems)
    about = {"target": str(target), "annotation": str(annotation)}
    return evaluation(systems, title="Comparison of sounds", protocol=PROTOCOL, about=about)


def read_targets(
    files: Mapping[str, Path], annotations: Mapping[str, Path]
) -> tuple[list[Target], list[str]]:
    """Read what sounds are judged by.

    Args:
        files: videos or sounds, by clip.
        annotations: onset files, by clip.

    Returns:
        The clips that have both, and a sentence for each that does not or cannot be read.
    """
    targets, problems = [], []
    for name in sorted(files.keys() | annotations.keys()):
        try:
            if name not in annotations or name not in files:
                missing = "annotation" if name in files else "video or recording"
                raise InputError(f"{name}: there is no {missing} of it")
            targets.append(_target(name, files[name], annotations[name]))
        except InputError as error:
            problems.append(f"{error}; left out")
    return targets, problems


def _target(name: str, path: Path, times: Path) -> Target:
    is_video = path.suffix.lower() in VIDEOS
    info = probe(path) if is_video else None
    sound = None if info is not None and not info.has_audio else read_judged(path).sound
    duration = info.duration if info is not None else sound.duration if sound is not None else 0.0
    wanted = OnsetTrack.read(times, duration)
    if not len(wanted):
        raise InputError(f"{name}: its annotation is empty")
    return Target(name, wanted, sound, path if is_video else None)


def _check(systems: list[SystemResult]) -> None:
    """Fail where no folder but the targets' own has a sound that could be judged."""
    judged = [system for system in systems if system.name != OWN]
    if not any(system.clips for system in judged):
        problems = [problem for system in judged for problem in system.problems]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"nothing is left to score: {problems[0]}{more}")
