"""Names of stems and exports by a template: ``{video}_FOLEY_{group}_v{take}``."""

import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from syncfusion.errors import InputError
from syncfusion.exchange import Timeline, distinct, file_name

TEMPLATES = {  # by name: as without a template, and as studios require
    "plain": "{group}",
    "delivery": "{video}_FOLEY_{group}_v{take}_1ch_48k_24b_{rate}",
}
FIELDS = ("video", "group", "take", "date", "rate", "start")
LONGEST = 200  # characters of a name, of the 255 that file systems take
UNSAFE = re.compile(r"[^\w.+-]+")  # what names leave out, so that every system keeps them


@dataclass(frozen=True, kw_only=True)
class NameTemplate:
    """How files of a result are named, without their endings.

    Args:
        text: a name of ``TEMPLATES``, or words with the fields of ``FIELDS`` in braces: the video's
            name, the group's (``onsets`` for exports), the take's number in two digits, the date as
            20261128, the frame rate as 23976 or 25, the first picture's timecode as 01000000.
        video: name of the video, without its ending.
        timeline: of its pictures.
        today: the date.

    Raises:
        InputError: if braces do not match, a field is not known, or the name is empty or too long.
    """

    text: str = "plain"
    video: str = "video"
    timeline: Timeline = field(default_factory=Timeline)
    today: date = field(default_factory=date.today)

    def __post_init__(self) -> None:
        self._filled("onsets", 1)

    @property
    def is_plain(self) -> bool:
        """Whether files are named as they are without a template."""
        return self.text == "plain"

    def stems(self, groups: Sequence[str], take: int = 1) -> list[str]:
        """Return a name for each group; those that would be one are numbered.

        Args:
            groups: of events.
            take: number of the variation, from 1.

        Returns:
            Names of letters, digits, dots, ``-``, ``_`` and ``+``.

        Raises:
            InputError: if a name is too long.
        """
        return distinct(self._filled(name, take) for name in distinct(map(file_name, groups)))

    def export(self, take: int = 1) -> str:
        """Return the name of a take's exports; numbered for another take if it holds none."""
        name = self._filled("onsets", take)
        return name if take == 1 or "take" in self._fields() else f"{name}-{take}"

    def _fields(self) -> set[str]:
        return {name for _, name in self._parts() if name is not None}

    def _parts(self) -> list[tuple[str, str | None]]:
        """Return the text as literal parts, each with the field behind it."""
        text = TEMPLATES.get(self.text, self.text)
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError as error:
            raise InputError(
                f"the name {text!r} is not understood ({error}); write fields as {{video}}"
            ) from error
        for _, name, form, conversion in parts:
            if name is not None and (name not in FIELDS or form or conversion):
                fields = ", ".join(f"{{{each}}}" for each in FIELDS)
                raise InputError(f"names have no field {{{name}}}; use {fields}")
        return [(literal, name) for literal, name, _, _ in parts]

    def _filled(self, group: str, take: int) -> str:
        start = self.timeline.at(0.0)
        values = {
            "video": self.video,
            "group": group,
            "take": f"{take:02}",
            "date": self.today.strftime("%Y%m%d"),
            "rate": f"{float(self.timeline.rate):.5g}".replace(".", ""),
            "start": re.sub(r"\D", "", start),
        }
        whole = "".join(literal + values.get(name or "", "") for literal, name in self._parts())
        name = UNSAFE.sub("-", unicodedata.normalize("NFC", whole)).strip(".-")
        if not 0 < len(name) <= LONGEST:
            raise InputError(
                f"the name {self.text!r} makes file names of {len(name)} characters; "
                f"let them have 1 to {LONGEST}"
            )
        return name
