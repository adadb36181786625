"""The job that makes the impulse response of a room, so that the page sounds as the mix will."""

from typing import Any

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import Waveform, write_wav
from syncfusion.rendering import impulse_response
from syncfusion.studio.folder import ROOMS
from syncfusion.studio.work.task import Task


def make_room(task: Task) -> dict[str, Any]:
    """Write the response of a room as wav into the project; it is the same for every project.

    Args:
        task: the job; "room" is the room's name.

    Returns:
        ``name`` of the room, and ``seconds`` of its response.

    Raises:
        InputError: if there is no such room.
    """
    name = task.options["room"]
    response = impulse_response(name)
    if response is None:
        raise InputError(f"the room {name!r} has no response; nothing is added to the sound")
    sound = Waveform(response[None], SAMPLE_RATE)
    write_wav(sound, task.folder.file(ROOMS, f"{name}.wav"), subtype="FLOAT")
    return {"name": name, "seconds": sound.duration}
