"""The seed of every event, so that an edit of one event leaves all others as they are."""

from collections.abc import Sequence

from syncfusion.constants import MAX_SEED


def event_seeds(given: Sequence[int | None], base: int) -> list[int]:
    """Choose the seeds of events that have none.

    Args:
        given: each event's own seed; None where it has none.
        base: of the whole track; seeds count on from it, past those that are given.

    Returns:
        A seed for each event: its own, or the next one that no other event has.
    """
    taken, number, seeds = {seed for seed in given if seed is not None}, 0, []
    for seed in given:
        while seed is None:
            following, number = (base + number) % (MAX_SEED + 1), number + 1
            seed = None if following in taken else following
        seeds.append(seed)
    return seeds
