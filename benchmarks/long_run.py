"""A studio whose queue is full for a while: memory over time, and what is left when it ends.

``python benchmarks/long_run.py --minutes 120``: a server with its worker and the bundled models
gets jobs as fast as it takes them (detection, two events rendered anew, export of the mix), so that
its queue stays full. Printed: jobs, refusals, memory of server and worker after the first fifth and
at the end, the slope between, and processes and hidden files that are left after SIGTERM.
"""

import argparse
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import history
import numpy as np

from syncfusion.places import SAMPLE

GROUPS = [{"id": "g1", "name": "wood", "prompt": "wood hit"}]
EVENTS = [{"id": "e1", "time": 0.8, "group": "g1"}, {"id": "e2", "time": 2.0, "group": "g1"}]
JOBS = (
    {"kind": "detect"},
    {"kind": "render", "events": ["e1", "e2"], "new_take": True},
    {"kind": "export", "formats": ["csv"], "mix": True},
)
PAUSE = 0.5  # seconds between two tries on a full queue
WARM_UP = 0.2  # part of the time in which memory is not counted
MIB = 2**20


class Client:
    """A browser that has opened the address of a studio."""

    def __init__(self, address: str) -> None:
        self.root, page = re.match(r"(http://[^/]+)(/\w+/)", address).groups()
        self.page = f"{self.root}{page}"
        with urllib.request.urlopen(address) as answer:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def send(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
        """Send a request; return status and answer."""
        content = None if body is None else json.dumps(body).encode()
        own = {"Cookie": self.cookie, "Origin": self.root, "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{self.page}{path}", content, own | headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, {}


def processes(session: int) -> list[int]:
    """The processes of a session, and of those that they started in sessions of their own."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found = {session} & parents.keys()
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def memory(pids: list[int]) -> float:
    """MiB that processes hold together."""
    page, total = os.sysconf("SC_PAGE_SIZE"), 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page
        except OSError:
            continue
    return total / MIB


def prepare(client: Client) -> None:
    """Give the project two events, once it is open."""
    while True:
        _, state = client.send("GET", "api/project")
        project = state["project"] | {"groups": GROUPS, "events": EVENTS}
        etag = {"If-Match": f'"{state["revision"]}"'}
        if project["duration"] and client.send("PUT", "api/project", project, **etag)[0] == 200:
            return
        time.sleep(PAUSE)


def fill(client: Client, server: int, seconds: float) -> tuple[int, int, list[tuple[float, float]]]:
    """Post jobs until the time is up; return how many were taken and refused, and memory."""
    taken, refused, seen = 0, 0, []
    began, jobs = time.monotonic(), itertools.cycle(JOBS)
    job = next(jobs)
    while (now := time.monotonic() - began) < seconds:
        status, _ = client.send("POST", "api/jobs", job)
        if status == 202:
            taken, job = taken + 1, next(jobs)
            continue
        assert status == 429, f"status {status}"
        refused += 1
        seen.append((now, memory(processes(server))))
        time.sleep(PAUSE)
    return taken, refused, seen


def run(folder: Path, minutes: float) -> dict[str, float]:
    """Serve, fill the queue, end the server, print and return what was seen."""
    shutil.copy(SAMPLE, folder / "clip.mp4")
    own = {name: str(folder / name) for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME")}
    command = [sys.executable, "-m", "syncfusion", "studio", str(folder / "clip.mp4")]
    server = subprocess.Popen(
        [*command, "--port", "0", "--no-browser", "--device", "cpu"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | own | {"SYNCFUSION_TAKES": str(folder / "takes")},
    )
    assert server.stdout is not None
    client = Client(server.stdout.readline().strip())
    prepare(client)
    taken, refused, seen = fill(client, server.pid, minutes * 60)
    started = processes(server.pid)
    server.send_signal(signal.SIGTERM)
    server.wait(60)
    time.sleep(2)
    left = [pid for pid in started if Path(f"/proc/{pid}").exists()]
    hidden = [str(path) for path in folder.rglob(".syncfusion-*")]
    kept = [(at, mib) for at, mib in seen if at > WARM_UP * minutes * 60]
    times, held = np.array(kept).T
    slope, _ = np.polyfit(times / 60, held, 1)
    figures = {
        "jobs a minute": taken / minutes,
        "memory at the end, MiB": float(held[-5:].mean()),
        "slope, MiB a minute": float(slope),
        "processes left": float(len(left)),
        "hidden files left": float(len(hidden)),
    }
    sys.stdout.write(
        f"jobs taken: {taken}; refused, as the queue was full: {refused}\n"
        f"memory, MiB: {held[:5].mean():.0f} after the warm-up, {held[-5:].mean():.0f} at the end, "
        f"{held.min():.0f} to {held.max():.0f}; slope {slope:+.2f} a minute\n"
        f"processes left: {len(left)}; hidden files left: {len(hidden)}\n"
    )
    return figures


def main() -> None:
    """Run for the minutes that are given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=120.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        history.keep("long_run", run(Path(folder), options.minutes), options)


if __name__ == "__main__":
    main()
