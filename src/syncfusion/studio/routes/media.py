"""What the page shows and plays of the clip."""

from pathlib import Path
from typing import Annotated, Any

import fastapi
from fastapi import APIRouter
from fastapi.responses import FileResponse, JSONResponse

from syncfusion.constants import SAMPLE_RATE
from syncfusion.plain_values import parse_json
from syncfusion.studio.folder import (
    CURVE,
    EXPORTS,
    FILMSTRIP,
    FILMSTRIP_FACTS,
    ORIGINAL_SOUND,
    PEAKS,
    PROXY,
    ROOMS,
    SOURCE,
    TAKES,
)
from syncfusion.studio.guard import Refusal
from syncfusion.studio.project import Key, RoomName
from syncfusion.studio.routes.project import Opened

router = APIRouter()
SAMPLES_PER_PEAK = 256
ExportName = Annotated[str, fastapi.Path(pattern=r"^\w[\w.-]*$", max_length=200)]
TYPES = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm"}


@router.get("/media/video")
async def video(opened: Opened) -> FileResponse:
    """Return the proxy, or the video itself; by ranges."""
    shown = _noted(opened.folder.file(SOURCE)).get("shown")
    path = opened.folder.file(PROXY) if shown == PROXY else opened.folder.video
    return existing(path, TYPES.get(path.suffix.lower(), "video/webm"))


@router.get("/media/filmstrip.jpg")
async def filmstrip(opened: Opened) -> FileResponse:
    """Return the sheet of small pictures."""
    return existing(opened.folder.file(FILMSTRIP), "image/jpeg")


@router.get("/media/original.wav")
async def original(opened: Opened) -> FileResponse:
    """Return the sound of the clip; by ranges."""
    return existing(opened.folder.file(ORIGINAL_SOUND), "audio/wav")


@router.get("/api/filmstrip")
async def filmstrip_facts(opened: Opened) -> JSONResponse:
    """Return how the sheet of small pictures is divided."""
    path = opened.folder.file(FILMSTRIP_FACTS)
    existing(path, "application/json")
    return JSONResponse({"url": "media/filmstrip.jpg"} | _noted(path))


@router.get("/api/curve")
async def curve(opened: Opened) -> FileResponse:
    """Return the detector's curve."""
    return existing(opened.folder.file(CURVE), "application/json")


@router.get("/api/peaks")
async def peaks(opened: Opened) -> FileResponse:
    """Return the peaks of the original sound, in pairs."""
    answer = existing(opened.folder.file(PEAKS), "application/octet-stream")
    answer.headers["X-Samples-Per-Peak"] = str(SAMPLES_PER_PEAK)
    answer.headers["X-Sample-Rate"] = str(SAMPLE_RATE)
    return answer


@router.get("/api/takes/{key}.wav")
async def take(opened: Opened, key: Key) -> FileResponse:
    """Return a take, which never changes; a header states where the event lies in it."""
    answer = existing(opened.folder.file(TAKES, f"{key}.wav"), "audio/wav")
    attack = _noted(opened.folder.file(TAKES, f"{key}.json")).get("attack")
    if type(attack) is not int:
        raise Refusal(404, "that take is damaged; render it again")
    answer.headers["X-Attack"] = str(attack)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@router.get("/api/rooms/{name}.wav")
async def room(opened: Opened, name: RoomName) -> FileResponse:
    """Return the impulse response of a room; its first sample is the direct sound and is 1."""
    return existing(opened.folder.file(ROOMS, f"{name}.wav"), "audio/wav")


@router.get("/api/files/{name}")
async def export(opened: Opened, name: ExportName) -> FileResponse:
    """Return a file that was exported."""
    path = opened.folder.file(EXPORTS, name)
    existing(path, "application/octet-stream")
    return FileResponse(path, media_type="application/octet-stream", filename=name)


def _noted(path: Path) -> dict[str, Any]:
    """Return what was noted in a file of the project, which may come from elsewhere."""
    try:
        noted = parse_json(path.read_bytes())
    except (OSError, ValueError):
        raise Refusal(404, "that was not made yet, or is damaged") from None
    return noted if isinstance(noted, dict) else {}


def existing(path: Path, type: str) -> FileResponse:
    """Return the answer with a file.

    Args:
        path: of the file.
        type: its media type.

    Returns:
        The file, which a browser requests anew each time.

    Raises:
        Refusal: if it is not there.
    """
    if not path.is_file():
        raise Refusal(404, "that was not made yet")
    return FileResponse(path, media_type=type, headers={"Cache-Control": "no-cache"})
