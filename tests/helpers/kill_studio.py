"""A session of the studio: ``python kill_studio.py CLIP FOLDER`` opens a clip and saves edits.

What the studio said it had saved before it was killed has to be there when it is opened again.
"""

import re
import shutil
import sys
import time
from pathlib import Path

import httpx2

from helpers.studio_server import command_served

N_EDITS = 20
PATIENCE = 60.0  # seconds in which the clip has to be read


def main(clip: Path, folder: Path) -> None:
    """Edit a copy of the clip, which lies in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "clip.mp4").exists():
        shutil.copy(clip, folder / "copied.mp4")
        (folder / "copied.mp4").rename(folder / "clip.mp4")
    with command_served(folder / "clip.mp4") as server:
        found = re.match(r"(http://[^/]+)(/\w+/)", server.address)
        if found is None:
            raise SystemExit(f"the studio gave no address, but {server.address!r}")
        root, page = found.groups()
        headers = {"Origin": root}
        with httpx2.Client(base_url=f"{root}{page}", headers=headers, timeout=60) as client:
            client.get(server.address)
            edit(client, folder / "saved.txt")


def edit(client: httpx2.Client, saved: Path) -> None:
    """Save the edits that an earlier session has not, the last one at least."""
    done = int(saved.read_text() or 0) if saved.exists() else 0
    there = project_of(client)["seed"]
    if there < done:
        raise SystemExit(f"edit {done} was saved, but {there} is there")
    for number in range(min(there + 1, N_EDITS), N_EDITS + 1):
        save(client, number)
        saved.write_text(str(number))
    deadline = time.monotonic() + PATIENCE
    while not project_of(client)["duration"]:
        if time.monotonic() > deadline:
            raise SystemExit("the clip has no duration")
        time.sleep(0.05)


def project_of(client: httpx2.Client) -> dict:
    """The project as the studio has it."""
    return client.get("api/project").raise_for_status().json()["project"]


def save(client: httpx2.Client, seed: int) -> None:
    """Change the project; where the studio has changed it meanwhile, once more."""
    answer = None
    while answer is None or answer.status_code == httpx2.codes.CONFLICT:
        state = client.get("api/project").json()
        headers = {"If-Match": f'"{state["revision"]}"'}
        project = state["project"] | {"seed": seed}
        answer = client.put("api/project", json=project, headers=headers)
    answer.raise_for_status()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
