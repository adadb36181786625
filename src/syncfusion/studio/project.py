"""What a project holds, as ``project.json`` and the page have it: plain values, all checked."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from syncfusion.errors import InputError
from syncfusion.event_columns import HARDEST, SOFTEST
from syncfusion.plain_values import parse_json

VERSION = 1
LARGEST = 2**24  # bytes of a project
MOST_EVENTS, MOST_GROUPS = 20_000, 200
DAY = 86_400.0
FACTS = ("name", "video", "duration", "frame_rate")  # what the video decides, and no edit

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
RoomName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
SoundName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}\.wav$")]
Seconds = Annotated[float, Field(ge=0, le=DAY)]
Gain = Annotated[float, Field(ge=0, le=100)]
Strength = Annotated[float, Field(ge=SOFTEST, le=HARDEST)]
Probability = Annotated[float, Field(ge=0, le=1)]
Seed = Annotated[int, Field(ge=0, lt=2**53)]
Text = Annotated[str, Field(max_length=1000)]


class _Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Group(_Checked):
    """Events of one sound: a lane of the page, a stem of the export."""

    id: Id
    name: Text = ""
    prompt: Text = ""
    reference: SoundName | None = None
    library: Text | None = None
    gain: Gain = 1.0
    mute: bool = False
    solo: bool = False
    color: Annotated[int, Field(ge=0, le=63)] = 0


class Event(_Checked):
    """One event; ``prompt`` None stands for its group's, ``take`` None for no sound yet.

    ``locked`` and ``edited`` ones are left alone by threshold, gap and detection; the take of a
    ``stale`` one is of an older prompt, seed or group.
    """

    id: Id
    time: Seconds
    end: Seconds | None = None
    group: Id
    label: Text = ""
    prompt: Text | None = None
    confidence: Probability = 1.0
    gain: Gain = 1.0
    strength: Strength = 1.0
    mute: bool = False
    seed: Seed = 0
    locked: bool = False
    edited: bool = False
    stale: bool = False
    origin: Literal["detected", "added", "moved", "imported"] = "added"
    take: Key | None = None
    takes: Annotated[list[Key], Field(max_length=200)] = []


class Project(_Checked):
    """A clip, its events and groups, and how they are found.

    ``duration`` and ``frame_rate`` are None until the video was read; ``start_timecode`` is that of
    the first picture; ``rejected`` are the peaks that the user deleted or moved away from.
    """

    version: Literal[1] = 1
    name: Text
    video: Text
    duration: Seconds | None = None
    frame_rate: tuple[int, int] | None = None
    start_timecode: Annotated[str, Field(pattern=r"^\d\d:\d\d:\d\d[:;]\d\d\d?$")] = "00:00:00:00"
    drop_frame: bool = False
    threshold: Probability = 0.5
    minimum_gap: Annotated[float, Field(ge=0, le=60)] = 0.2
    seed: Seed = 0
    room: RoomName = "dry"
    groups: Annotated[list[Group], Field(max_length=MOST_GROUPS)] = []
    events: Annotated[list[Event], Field(max_length=MOST_EVENTS)] = []
    rejected: Annotated[list[Seconds], Field(max_length=MOST_EVENTS)] = []

    @model_validator(mode="after")
    def _consistent(self) -> "Project":
        for kind, ids in (("groups", [g.id for g in self.groups]), ("events", self._event_ids())):
            if len(set(ids)) != len(ids):
                raise ValueError(f"two {kind} have one id; give each its own")
        groups = {group.id for group in self.groups}
        for event in self.events:
            if event.group not in groups:
                raise ValueError(
                    f"the event {event.id} is of a group {event.group} that is missing"
                )
            if self.duration is not None and event.time >= self.duration:
                raise ValueError(f"the event {event.id} lies past the end of the clip")
        return self

    def _event_ids(self) -> list[str]:
        return [event.id for event in self.events]

    def with_changes(self, **changes: Any) -> "Project":
        """Return the project with other values, checked."""
        return read_project(self.model_dump() | changes)


def read_project(values: Any) -> Project:
    """Check the values of a project.

    Args:
        values: as json has them.

    Returns:
        The project.

    Raises:
        InputError: if a value is missing, unknown or out of its range; the first one is named.
    """
    if isinstance(values, dict) and values.get("version", VERSION) != VERSION:
        raise InputError(
            f"the project has the version {values['version']!r}, and this program knows {VERSION}; "
            "install a newer one"
        )
    try:
        return Project.model_validate_json(json.dumps(values))
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"the project is not understood: {_first(error)}") from error


def parse_project(content: bytes) -> dict[str, Any]:
    """Return the values that the text of a project holds, not yet checked one by one.

    Args:
        content: of the file.

    Returns:
        The values by name.

    Raises:
        InputError: if it is too large, or no json object.
    """
    if len(content) > LARGEST:
        raise InputError(f"the project has over {LARGEST >> 20} MB; that is no file of the studio")
    try:
        values = parse_json(content)
    except (ValueError, RecursionError) as error:
        raise InputError("the project is no json; restore the file from a copy") from error
    if not isinstance(values, dict):
        raise InputError("the project is no json object; restore the file from a copy")
    return values


def _first(error: Exception) -> str:
    """Return what is wrong first, and where."""
    if not isinstance(error, ValidationError):
        return str(error) or "it is nested too deeply"
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    reason = first["msg"].removeprefix("Value error, ")
    return f"{place}: {reason}" if place else reason
