"""Scoring of folders of ready sounds against videos or recordings."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.evaluation import (
    ANNOTATIONS,
    SOUNDS,
    VIDEOS,
    Candidate,
    Evaluation,
    Scorer,
    SystemResult,
    TargetClip,
    files_by_clip,
    read_pairs,
    read_sound,
    score_system,
    unmatched,
    with_halves_distance,
)
from syncfusion.experiments.distances import add_distances, hits_by_clip, hits_of
from syncfusion.experiments.resources import Resources
from syncfusion.experiments.table import check_scored, evaluation
from syncfusion.hits import Hit
from syncfusion.media import probe
from syncfusion.progress import Progress, ignore
from syncfusion.track import OnsetTrack

OWN = "target's own sound"  # name of the row
PROTOCOL = "Whole clips; as published: the published arithmetic over whole clips."


def compare_folders(
    target: Path,
    annotation: Path,
    sounds: Mapping[str, Path],
    *,
    vggish: Path | None = None,
    progress: Progress = ignore,
) -> Evaluation:
    """Score folders of sounds, and the targets' own sounds of the same clips.

    Args:
        target: folder of videos or sounds.
        annotation: folder of onset files.
        sounds: folder of each row by its name.
        vggish: file of the VGGish weights; ignored if missing.
        progress: called after every clip.

    Returns:
        The table; files are matched by name, see ``sound_files.clip_name``.

    Raises:
        InputError: if a folder is missing or no clip can be scored.
    """
    files = files_by_clip(target, (*VIDEOS, *SOUNDS))
    times = files_by_clip(annotation, ANNOTATIONS)
    targets, problems = read_pairs(files, times, _target, kind="video or recording")
    names = [each.name for each in targets]
    scorer, resources = Scorer(), Resources(vggish)
    recorded = hits_by_clip(targets)
    folders = {name: files_by_clip(folder, SOUNDS) for name, folder in sounds.items()}
    systems = []
    for name, found in folders.items():
        system = score_system(
            name,
            targets,
            {clip: Candidate(path) for clip, path in found.items()},
            scorer,
            settings={"folder": str(sounds[name])},
            problems=[*problems, *unmatched(names, found)],
            progress=progress,
        )
        systems.append(add_distances(system, targets, scorer, recorded, resources.embedders))
    check_scored(systems)
    compared = [each for each in targets if any(each.name in found for found in folders.values())]
    own = _own_sounds(compared, files, scorer, recorded, progress)
    about = {"target": str(target), "annotation": str(annotation)}
    return evaluation(
        [*own, *systems], title="Comparison of sounds", protocol=PROTOCOL, about=about
    )


def _own_sounds(
    compared: Sequence[TargetClip],
    files: Mapping[str, Path],
    scorer: Scorer,
    hits: Mapping[str, Sequence[Hit]],
    progress: Progress,
) -> list[SystemResult]:
    """Score the targets' own sounds; no row if none has one."""
    recorded = [each for each in compared if each.sound is not None]
    if not recorded:
        return []
    candidates = {each.name: Candidate(files[each.name]) for each in recorded}
    system = score_system(OWN, recorded, candidates, scorer, kind="recording", progress=progress)
    return [with_halves_distance(system, hits_of(system, hits))]


def _target(name: str, path: Path, times: Path) -> TargetClip:
    is_video = path.suffix.lower() in VIDEOS
    info = probe(path) if is_video else None
    sound = None if info is not None and not info.has_audio else read_sound(path).sound
    duration = info.duration if info is not None else sound.duration if sound is not None else 0.0
    reference = OnsetTrack.read(times, duration)
    if not len(reference):
        raise InputError(f"{name}: its annotation is empty")
    return TargetClip(name, reference, sound, path if is_video else None)
