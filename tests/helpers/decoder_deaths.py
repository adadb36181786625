"""The process that decodes, killed as a system kills for lack of memory."""

import os
import signal
import time
from pathlib import Path


def decoders(parent: int) -> list[int]:
    """Return the processes that decode for a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            is_child = int(stat.read_text().rpartition(")")[2].split()[1]) == parent
            if is_child and b"media.decoder" in (stat.parent / "cmdline").read_bytes():
                found.append(int(stat.parent.name))
        except (OSError, IndexError):
            continue
    return found


def kill_decoders(parent: int) -> int:
    """Kill the processes that decode for a process, and see them dead; return how many."""
    found = decoders(parent)
    for process in found:
        os.kill(process, signal.SIGKILL)
    for process in found:
        while _lives(process):
            time.sleep(0.01)
    return len(found)


def _lives(process: int) -> bool:
    """Whether a process is neither gone nor a zombie, which nobody has waited for."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def count_pictures(video: Path, *, dies: bool) -> int:
    """Decode a video, as a task of an engine; the process that does so may be killed half-way."""
    from syncfusion.media import read_frames

    n_pictures = 0
    for frames in read_frames(video, fps=25, width=64, height=48, batch=4):
        if dies and n_pictures == 0:
            assert kill_decoders(os.getpid()) == 1
        n_pictures += len(frames)
    return n_pictures
