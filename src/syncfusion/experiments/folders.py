"""Scoring folders of ready sounds, such as a peer's, against videos or recordings."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.evaluation import (
    ANNOTATIONS,
    SOUNDS,
    VIDEOS,
    Evaluation,
    Judge,
    SystemResult,
    Take,
    Target,
    files_by_clip,
    read_judged,
    read_pairs,
    score_system,
    unmatched,
    with_halves_distance,
)
from syncfusion.experiments.bench import Bench
from syncfusion.experiments.table import add_distances, check_scored, evaluation, recorded_hits
from syncfusion.media import probe
from syncfusion.progress import Progress, ignore
from syncfusion.track import OnsetTrack

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
    times = files_by_clip(annotation, ANNOTATIONS)
    targets, problems = read_pairs(files, times, _target, kind="video or recording")
    names = [each.name for each in targets]
    judge, bench = Judge(), Bench(vggish)
    folders = {name: files_by_clip(folder, SOUNDS) for name, folder in sounds.items()}
    systems = []
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
    check_scored(systems)
    compared = [each for each in targets if any(each.name in found for found in folders.values())]
    own = _own_sounds(compared, files, judge, progress)
    about = {"target": str(target), "annotation": str(annotation)}
    return evaluation(
        [*own, *systems], title="Comparison of sounds", protocol=PROTOCOL, about=about
    )


def _own_sounds(
    compared: Sequence[Target], files: Mapping[str, Path], judge: Judge, progress: Progress
) -> list[SystemResult]:
    """Judge the targets' own sounds; no row where none has one."""
    recorded = [each for each in compared if each.sound is not None]
    if not recorded:
        return []
    takes = {each.name: Take(files[each.name]) for each in recorded}
    system = score_system(OWN, recorded, takes, judge, progress=progress)
    return [with_halves_distance(system, recorded_hits(system, recorded))]


def _target(name: str, path: Path, times: Path) -> Target:
    is_video = path.suffix.lower() in VIDEOS
    info = probe(path) if is_video else None
    sound = None if info is not None and not info.has_audio else read_judged(path).sound
    duration = info.duration if info is not None else sound.duration if sound is not None else 0.0
    wanted = OnsetTrack.read(times, duration)
    if not len(wanted):
        raise InputError(f"{name}: its annotation is empty")
    return Target(name, wanted, sound, path if is_video else None)
