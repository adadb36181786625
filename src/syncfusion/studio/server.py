"""The HTTP server; its imports take longer than a browser takes to send its first request."""

import asyncio
import contextlib
import socket

import uvicorn
from starlette.types import ASGIApp

from syncfusion.studio.app import create_app
from syncfusion.studio.jobs import Jobs
from syncfusion.studio.proxy import Front
from syncfusion.studio.renders import Renders
from syncfusion.studio.workspace import Studio


def run_server(
    studio: Studio,
    jobs: Jobs,
    listening: socket.socket,
    host: str,
    *,
    front: Front,
    renders: Renders | None,
    token: str,
) -> None:
    """Answer requests until the process is stopped; see ``create_app``.

    Args:
        studio: the projects that are served.
        jobs: the queue.
        listening: the socket.
        host: what the server listens on.
        front: the proxy that stands before it.
        renders: the queue of videos that programs send; None where they are not served.
        token: that programs have to send, "" where they are not served.
    """
    app = create_app(studio, jobs, host, front=front, renders=renders, token=token)
    asyncio.run(_serve(app, studio, listening))


async def _serve(app: ASGIApp, studio: Studio, listening: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        lifespan="on",
        proxy_headers=False,
    )
    server = _Server(config, studio)
    with contextlib.suppress(asyncio.CancelledError):
        await server.serve([listening])


class _Server(uvicorn.Server):
    """A server that lets go of pages that listen before it waits for requests to end."""

    def __init__(self, config: uvicorn.Config, studio: Studio) -> None:
        super().__init__(config)
        self._studio = studio

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        for workspace in self._studio:
            workspace.pages.close()
        await super().shutdown(sockets)
