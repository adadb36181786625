"""The job that keeps a sound which a group is to imitate."""

import hashlib
from typing import Any

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.exchange import file_name
from syncfusion.media import read_audio, write_wav
from syncfusion.studio.folder import REFERENCES, UPLOADS
from syncfusion.studio.work.task import Task

LONGEST = 60.0  # seconds


def keep_reference(task: Task) -> dict[str, Any]:
    """Read a sound or the sound of a video, and keep it as wav in the project.

    Args:
        task: the job; "upload" is the name of the file among the uploads, "title" its own name.

    Returns:
        ``name`` in the project, and ``seconds``.

    Raises:
        InputError: if it is no sound, or too long.
    """
    upload = task.folder.file(UPLOADS, task.options["upload"])
    try:
        sound = read_audio(upload, sample_rate=SAMPLE_RATE, mono=True)
    except InputError as error:
        raise InputError(str(error).replace(str(upload), task.options["title"])) from error
    finally:
        upload.unlink(missing_ok=True)
    if sound.duration > LONGEST:
        raise InputError(f"the sound lasts over {LONGEST:g} s; cut it to the hit to imitate")
    title = file_name(task.options["title"].rpartition(".")[0])
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in title)
    digest = hashlib.sha256(sound.samples.numpy().tobytes()).hexdigest()[:8]
    name = f"{plain.strip('-') or 'sound'}-{digest}.wav"
    write_wav(sound, task.folder.file(REFERENCES, name))
    return {"name": name, "seconds": sound.duration}
