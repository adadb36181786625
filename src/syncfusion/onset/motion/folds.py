"""Folds of a cross-validation by recording session."""

from collections.abc import Sequence

import numpy as np

SESSION_PARTS = 6  # a name of Greatest Hits begins with the date and time of its session


def fold_of(names: Sequence[str], n_folds: int, *, seed: int = 0) -> dict[str, int]:
    """Return the fold of each clip: clips of one session share it, and folds are about equal.

    Args:
        names: ids of the clips.
        n_folds: number of folds.
        seed: of the order in which sessions of equal size are dealt out.

    Returns:
        Fold by id, 0 to ``n_folds`` - 1.
    """
    sessions: dict[str, list[str]] = {}
    for name in names:
        session = "-".join(name.split("-")[:SESSION_PARTS])
        sessions.setdefault(session, []).append(name)
    order = sorted(sessions)
    np.random.default_rng(seed).shuffle(order)
    order.sort(key=lambda session: -len(sessions[session]))
    folds: list[list[str]] = [[] for _ in range(n_folds)]
    for session in order:
        min(folds, key=len).extend(sessions[session])
    return {name: number for number, fold in enumerate(folds) for name in fold}
