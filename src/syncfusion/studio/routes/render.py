"""The interface for programs: a video and a prompt in, the files of its result out."""

import shutil
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel

from syncfusion.errors import InputError
from syncfusion.studio.guard import Refusal
from syncfusion.studio.render import Render
from syncfusion.studio.renders import Renders, TooMany
from syncfusion.studio.routes.uploads import received

RENDERS = "/render"
TITLE = "SyncFusion: sound for videos"
BODY: dict[str, Any] = {  # of the upload, as OpenAPI describes it
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Shown(BaseModel):
    """A render, as it is shown.

    Args:
        id: its name.
        state: "queued", "running", "done" or "failed".
        message: why it failed; "" otherwise.
        files: names of the result's files, once it is done.
    """

    id: str
    state: str
    message: str
    files: list[str]


Prompt = Annotated[str, Query(min_length=1, max_length=200, description="what it sounds like")]
Name = Annotated[str, Query(max_length=500, description="name of the video, for its ending")]
Seed = Annotated[int, Query(ge=0, lt=2**31, description="another seed gives another take")]
Steps = Annotated[int | None, Query(ge=1, le=1000, description="sampling steps")]
Threshold = Annotated[float | None, Query(ge=0, le=1, description="lowest probability of an onset")]


def render_app(renders: Renders) -> FastAPI:
    """Return the interface, with its description under ``/openapi.json``.

    Args:
        renders: the queue.

    Returns:
        An application whose paths begin with ``/render``.
    """
    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(InputError, _refused)
    _add_submit(app, renders)
    _add_results(app, renders)
    return app


def _add_submit(app: FastAPI, renders: Renders) -> None:
    @app.post(RENDERS, status_code=202, response_model=Shown, openapi_extra=BODY)
    async def submit(
        request: Request,
        prompt: Prompt,
        name: Name = "video.mp4",
        seed: Seed = 0,
        steps: Steps = None,
        threshold: Threshold = None,
    ) -> Any:
        """Queue a video, which is the body of the request."""
        words = [f"--prompt={prompt}", f"--seed={seed}"]
        words += [] if steps is None else [f"--steps={steps}"]
        words += [] if threshold is None else [f"--threshold={threshold}"]
        try:
            folder = renders.new_folder()
        except TooMany as error:
            raise Refusal(429, "too many videos are waiting; try again later") from error
        try:
            video = await received(request, folder, name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return (await renders.submit(folder, video.name, words)).shown()


def _add_results(app: FastAPI, renders: Renders) -> None:
    @app.get(f"{RENDERS}/{{id}}", response_model=Shown)
    async def show(id: str) -> Any:
        """Return how far a video is."""
        return _found(renders, id).shown()

    @app.get(f"{RENDERS}/{{id}}/{{file}}")
    async def fetch(id: str, file: str) -> FileResponse:
        """Return a file of a result."""
        render = _found(renders, id)
        if file not in render.files:
            raise Refusal(404, f"there is no file {file} of this video")
        return FileResponse(render.folder / file, filename=file)

    @app.delete(f"{RENDERS}/{{id}}", status_code=204)
    async def remove(id: str) -> Response:
        """Stop a video, and remove its files."""
        renders.remove(_found(renders, id))
        return Response(status_code=204)


def _found(renders: Renders, id: str) -> Render:
    render = renders.find(id)
    if render is None:
        raise Refusal(404, "there is no such video; it may have been removed")
    return render


async def _refused(request: Request, error: Exception) -> JSONResponse:
    status = error.status if isinstance(error, Refusal) else 422
    return JSONResponse({"message": str(error)}, status)
