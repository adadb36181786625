"""What corrected clips teach, on clips of the same session that were not among them.

The detector to start from never saw the session, nor did the kept motion: both are of a fold of
``cross_validation`` that held it out.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from syncfusion.checkpoint import load_onset
from syncfusion.errors import InputError
from syncfusion.evaluation import bootstrap_interval
from syncfusion.onset import (
    SESSION_PARTS,
    Decoding,
    MotionOnsetNet,
    clip_names,
    fold_of,
    kept_clips,
    open_motion_clips,
)
from syncfusion.training.teaching import STEPS, f_measure, taught

Report = Callable[[str], object]
Scores = dict[str, float]  # F ±100 ms by clip


class Taught(NamedTuple):
    """Scores before and after some clips were learned from.

    Args:
        learned: ids of these clips.
        kind: "learned" for these, "same session", or "other sessions", all unseen.
        before: F ±100 ms of each clip.
        after: likewise.
    """

    learned: Sequence[str]
    kind: str
    before: Scores
    after: Scores


def validate_teaching(
    data: Path,
    folds: Path,
    *,
    cache: Path,
    splits: Sequence[str] = ("train", "val"),
    n_folds: int = 6,
    decoding: Decoding,
    steps: int = STEPS,
    report: Report,
) -> list[Taught]:
    """Teach each session's one half, and measure the other.

    Args:
        data: folder of raw videos, laid out as Greatest Hits.
        folds: of ``cross_validate``, with its checkpoints.
        cache: folder in which motion is kept.
        splits: lists of the clips, as in that cross-validation.
        n_folds: likewise.
        decoding: peak picking before and after.
        steps: see ``teaching.taught``.
        report: called with a sentence for each half.

    Returns:
        Scores of every half of every session of two clips or more.

    Raises:
        InputError: if a clip or the checkpoint of a fold is missing.
    """
    names = clip_names(data, splits)
    by_name, found = fold_of(names, n_folds), []
    for fold in range(n_folds):
        held = [name for name in names if by_name[name] == fold]
        halves = [half for session in _sessions(held) for half in _halves(session)]
        if not halves:
            continue
        net = _fold_net(folds, fold)
        trained = [name for name in names if by_name[name] != fold]
        kept = [clip.open() for clip in kept_clips(data, trained, cache=cache)]
        clips = {clip.name: clip for clip in open_motion_clips(data, held, cache=cache)}
        before = {name: f_measure(net, clip, decoding) for name, clip in clips.items()}
        for half, rest in halves:
            student = taught(net, [clips[name] for name in half], kept, steps=steps)
            after = {name: f_measure(student, clip, decoding) for name, clip in clips.items()}
            others = [name for name in held if name not in (*half, *rest)]
            for kind, chosen in (("learned", half), ("same session", rest), (OTHERS, others)):
                pairs = [{name: scores[name] for name in chosen} for scores in (before, after)]
                found.append(Taught(half, kind, *pairs))
            report(f"{', '.join(half)}: {_change(found[-2])} on {', '.join(rest)}")
    return found


OTHERS = "other sessions"


def describe_teaching(found: Sequence[Taught]) -> str:
    """Return a table in Markdown: means over clips, and the interval (95 %) of the change."""
    lines = ["| clips | n | before | after | change, 95 % |", "|---|---|---|---|---|"]
    for kind in ("learned", "same session", OTHERS):
        rows = [each for each in found if each.kind == kind]
        before = [score for each in rows for score in each.before.values()]
        after = [score for each in rows for score in each.after.values()]
        if not before:
            continue
        change = np.subtract(after, before)
        ends = bootstrap_interval(change.tolist())
        shown = f", {ends.low:+.2f} to {ends.high:+.2f}" if ends else ""
        lines.append(
            f"| {kind} | {len(before)} | {np.mean(before):.3f} | {np.mean(after):.3f} "
            f"| {change.mean():+.3f}{shown} |"
        )
    return "\n".join(lines)


def _change(row: Taught) -> str:
    before, after = (np.mean(list(scores.values())) for scores in (row.before, row.after))
    return f"F {before:.3f} before, {after:.3f} after"


def _sessions(names: Sequence[str]) -> list[list[str]]:
    sessions: dict[str, list[str]] = {}
    for name in sorted(names):
        sessions.setdefault("-".join(name.split("-")[:SESSION_PARTS]), []).append(name)
    return [clips for clips in sessions.values() if len(clips) > 1]


def _halves(session: list[str]) -> list[tuple[list[str], list[str]]]:
    even, odd = session[::2], session[1::2]
    return [(even, odd), (odd, even)]


def _fold_net(folds: Path, fold: int) -> MotionOnsetNet:
    net = load_onset(folds / f"fold-{fold}" / "checkpoints" / "last.ckpt")
    if not isinstance(net, MotionOnsetNet):
        raise InputError(f"{folds} holds a detector of frames; cross-validate one of motion")
    return net
