"""Columns of an event file that state how one event sounds: text cells to typed values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from syncfusion.constants import MAX_SEED
from syncfusion.errors import InputError

YES = frozenset({"1", "1.0", "true", "yes", "x"})  # cells of mute and locked, in any case
NO = frozenset({"", "0", "0.0", "false", "no"})
SOFTEST, HARDEST = 0.1, 3.0  # strengths


@dataclass(frozen=True, kw_only=True)
class EventColumns:
    """What the further columns of one event hold.

    Args:
        end: where an event of some length ends, in seconds of the clip; None for an instant.
        mute: whether it is silent.
        seed: of its take, 0 to ``MAX_SEED``; None where it is yet to be chosen.
        prompt: text of its sound; empty for that of the whole track.
        reference: path of the sound that it imitates; empty for none.
        locked: whether its take is to be kept.
        strength: how hard it is struck, linear, ``SOFTEST`` to ``HARDEST``; 1 is as its take is.
        id: name by which it is found again; empty for none.
    """

    end: float | None = None
    mute: bool = False
    seed: int | None = None
    prompt: str = ""
    reference: str = ""
    locked: bool = False
    strength: float = 1.0
    id: str = ""


def read_columns(cells: Mapping[str, str], time: float, where: str) -> EventColumns:
    """Type the cells of one event.

    Args:
        cells: text by column, as in ``Onset.extra``; other columns are ignored.
        time: of the event, in seconds.
        where: the event's place for messages, such as "line 3".

    Returns:
        The values; an end at the event's own time counts as none.

    Raises:
        InputError: if a cell is not understood; the message names the place and the column.
    """
    prompt, reference, name = (
        " ".join(cells.get(column, "").split()) for column in ("prompt", "reference", "id")
    )
    if prompt and reference:
        raise InputError(
            f"{where} has the prompt {prompt[:40]!r} and the reference {reference[:40]!r}; "
            "leave one of the two cells empty"
        )
    return EventColumns(
        end=_end(cells.get("end", ""), time, where),
        mute=_flag(cells, "mute", where),
        seed=_seed(cells.get("seed", ""), where),
        prompt=prompt,
        reference=reference,
        locked=_flag(cells, "locked", where),
        strength=_strength(cells.get("strength", ""), where),
        id=name,
    )


def _end(cell: str, time: float, where: str) -> float | None:
    if not cell.strip():
        return None
    try:
        end = float(cell)
    except ValueError:
        end = math.nan
    if not (math.isfinite(end) and end >= time):
        raise InputError(
            f"{where} has the end {cell[:40]!r}; give seconds of {time:g} or more, or nothing"
        )
    return end if end > time else None


def _strength(cell: str, where: str) -> float:
    if not cell.strip():
        return 1.0
    try:
        strength = float(cell)
    except ValueError:
        strength = math.nan
    if not SOFTEST <= strength <= HARDEST:
        raise InputError(
            f"{where} has the strength {cell[:40]!r}; give {SOFTEST:g} to {HARDEST:g}, or nothing"
        )
    return strength


def _flag(cells: Mapping[str, str], column: str, where: str) -> bool:
    cell = cells.get(column, "").strip().lower()
    if cell not in YES | NO:
        raise InputError(f"{where} has {column} {cell[:40]!r}; give 1 or 0, yes or no, or nothing")
    return cell in YES


def _seed(cell: str, where: str) -> int | None:
    text = cell.strip()
    if not text:
        return None
    whole = text.removesuffix(".0")  # spreadsheets write 7.0
    if not (whole.isascii() and whole.isdigit() and len(whole) < 20 and int(whole) <= MAX_SEED):
        raise InputError(
            f"{where} has the seed {text[:40]!r}; give a whole number up to {MAX_SEED}"
        )
    return int(whole)
