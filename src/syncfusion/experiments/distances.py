"""Fréchet distances of a system's sounds and hits from the recordings of the same clips."""

from collections.abc import Mapping, Sequence

from syncfusion.evaluation import (
    Embedder,
    Scorer,
    SystemResult,
    TargetClip,
    read_sound,
    with_distances,
    with_hit_distances,
)
from syncfusion.hits import Hit, cut_hits


def hits_by_clip(targets: Sequence[TargetClip]) -> dict[str, list[Hit]]:
    """Return the annotated hits of recordings, by clip name; clips without a sound are left out."""
    return {
        target.name: cut_hits(target.sound, target.reference, target.name)
        for target in targets
        if target.sound is not None
    }


def hits_of(system: SystemResult, recorded: Mapping[str, Sequence[Hit]]) -> list[Hit]:
    """Return the recorded hits of a system's clips, in order of the clips."""
    return [hit for clip in system.clips for hit in recorded.get(clip.name, ())]


def add_distances(
    system: SystemResult,
    targets: Sequence[TargetClip],
    scorer: Scorer,
    recorded: Mapping[str, Sequence[Hit]],
    embedders: Sequence[Embedder],
) -> SystemResult:
    """Add the Fréchet distances between a system's sounds and the recordings of the same clips.

    Args:
        system: the scored system.
        targets: its clips, and possibly others.
        scorer: selects the part of each sound.
        recorded: hits of the recordings by clip name.
        embedders: embedders of whole sounds.

    Returns:
        The system; unchanged if no clip has a recording.
    """
    by_name = {target.name: target for target in targets if target.sound is not None}
    clips = [clip for clip in system.clips if clip.name in by_name]
    if not clips:
        return system
    generated = [
        hit
        for clip in clips
        for hit in cut_hits(read_sound(clip.sound).sound, clip.estimate, clip.name)
    ]
    system = with_hit_distances(system, hits_of(system, recorded), generated)
    return with_distances(
        system,
        lambda: (
            scorer.excerpt_of(sound, by_name[clip.name])
            for clip in clips
            if (sound := by_name[clip.name].sound) is not None
        ),
        lambda: (
            scorer.excerpt_of(read_sound(clip.sound).sound, by_name[clip.name]) for clip in clips
        ),
        embedders,
    )
