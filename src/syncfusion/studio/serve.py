"""Opens a project, and serves its page until the process is stopped."""

import os
import shutil
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from syncfusion.constants import PROJECT_SUFFIX
from syncfusion.errors import InputError
from syncfusion.places import SAMPLE, state_folder
from syncfusion.studio.folder import ProjectFolder, is_project
from syncfusion.studio.guard import is_loopback
from syncfusion.studio.jobs import Jobs
from syncfusion.studio.proxy import Front
from syncfusion.studio.renders import Renders
from syncfusion.studio.runner import MEMORY
from syncfusion.studio.workspace import Studio, Workspace

SAMPLE_NAME = "sample"
TOKEN, SHORTEST_TOKEN = "SYNCFUSION_TOKEN", 16  # variable of the environment; characters
REACHABLE = (
    "everybody who reaches this machine can try the address, and nothing between is encrypted; "
    "pass the address on as you would a password"
)


def open_workspace(path: Path | None, threshold: float, minimum_gap: float) -> Workspace:
    """Open a video's project, a project, or the sample.

    Args:
        path: a video, or the folder of a project; None for the sample.
        threshold: of new projects.
        minimum_gap: of new projects, in seconds.

    Returns:
        The project, held by this process.

    Raises:
        InputError: if it cannot be opened.
    """
    if path is None:
        folder = _sample()
    elif is_project(path):
        folder = ProjectFolder.open(path)
    else:
        folder = ProjectFolder.for_video(path)
    workspace = Workspace(folder, is_sample=path is None)
    if folder.revision == 1:
        workspace.learn({"threshold": threshold, "minimum_gap": minimum_gap})
    return workspace


def serve(
    workspace: Workspace,
    *,
    host: str,
    port: int,
    command: Sequence[str],
    browse: bool,
    front: Front | None = None,
    models: Sequence[str] = (),
    n_renders: int = 1,
) -> None:
    """Serve a project until the process is stopped.

    Args:
        workspace: the project.
        host: address to listen on.
        port: likewise; 0 for any that is free.
        command: starts a worker; see ``worker_command``.
        browse: whether to open the page in the user's browser.
        front: the proxy that stands before it; None for none.
        models: words of ``syncfusion generate`` that choose the models of programs' videos.
        n_renders: how many of those are rendered at a time.

    Raises:
        InputError: if the token of programs is short, or the address cannot be listened on.
    """
    token = _token()
    listening = _listen(host, port)
    front = front or Front()
    here = f"http://{_called(host)}:{listening.getsockname()[1]}"
    address = f"{(front.url or here).rstrip('/')}{workspace.address}"
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    is_private = is_loopback(host) and front.url is None
    workspace.has_folders = is_private
    if not is_private:
        sys.stderr.write(f"{REACHABLE}\n")
    if browse:  # a browser waits for the answer while the application is imported
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
    studio = Studio()
    studio.add(workspace)
    renders = None
    if token:
        home = state_folder() / "renders"
        renders = Renders(home, models, memory=MEMORY, n_workers=n_renders)
    from syncfusion.studio.server import run_server

    jobs = Jobs(studio, command)
    run_server(studio, jobs, listening, host, front=front, renders=renders, token=token)


def _token() -> str:
    """Return the token of programs, "" where the environment has none."""
    token = os.environ.get(TOKEN, "")
    if token and len(token) < SHORTEST_TOKEN:
        raise InputError(f"{TOKEN} is a password; give it {SHORTEST_TOKEN} characters or more")
    return token


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        raise InputError(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another --port, or 0 for "
            "any that is free"
        ) from error
    return listening


def _called(host: str) -> str:
    """Return how a browser calls a host."""
    name = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)
    return f"[{name}]" if ":" in name else name


def _sample() -> ProjectFolder:
    """Return the project of the sample, in the user's own folder; its video comes along."""
    home = state_folder() / "studio"
    home.mkdir(parents=True, exist_ok=True)
    video = home / SAMPLE.name
    if not video.is_file() or video.stat().st_size != SAMPLE.stat().st_size:
        shutil.copy(SAMPLE, video)
    return ProjectFolder.for_video(video, home / f"{SAMPLE_NAME}{PROJECT_SUFFIX}")
