"""A cluster of SLURM on this machine: the controller and two nodes, as who runs the tests."""

import getpass
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

DAEMONS = ("munged", "slurmctld", "slurmd")
INSTALL = "apt-get install slurmctld slurmd slurm-client munge"
PATH = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"
CONFIGURATION = """\
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmdSpoolDir={folder}/%n
StateSaveLocation={folder}/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
KillWait=5
NodeName={host} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=2
NodeName={host}-b NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=2
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:2
"""


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens at."""
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in found:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in found]


@contextmanager
def slurm_cluster(patch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the folder of a cluster's logs; the environment names the cluster to all commands.

    Tests skip where the daemons are not installed.
    """
    missing = [name for name in DAEMONS if shutil.which(name, path=PATH) is None]
    if missing:
        pytest.skip(f"no {', '.join(missing)}: {INSTALL}")
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))  # a short name, for the socket
    folder.chmod(0o711)
    host = socket.gethostname().partition(".")[0]
    (folder / "slurm.conf").write_text(
        CONFIGURATION.format(folder=folder, host=host, user=getpass.getuser(), ports=free_ports(3))
    )
    (folder / "key").write_bytes(secrets.token_bytes(1024))
    (folder / "key").chmod(0o400)
    for name in ("state", host, f"{host}-b"):
        (folder / name).mkdir()
    patch.setenv("SLURM_CONF", str(folder / "slurm.conf"))
    files = ["key-file", "socket", "pid-file", "log-file", "seed-file"]
    names = ["key", "munge.socket", "munged.pid", "munged.log", "seed"]
    munged = [f"--{file}={folder}/{name}" for file, name in zip(files, names, strict=True)]
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        for words in (
            ["munged", "--foreground", "--force", *munged],
            ["slurmctld", "-D", "-i"],
            *(["slurmd", "-D", "-N", name] for name in (host, f"{host}-b")),
        ):
            stack.enter_context(daemon(words, folder))
        wait_for(lambda: asked("sinfo", "--noheader", "--Node", "--format=%T") == ["idle"] * 2)
        stack.callback(asked, "scancel", "--quiet", "--user", getpass.getuser())
        yield folder


@contextmanager
def daemon(words: list[str], folder: Path) -> Iterator[None]:
    """Let a program run, with its output in a log."""
    with (folder / f"{words[0]}.out").open("ab") as log:
        path = os.environ | {"PATH": PATH}
        program = shutil.which(words[0], path=PATH) or words[0]
        started = subprocess.Popen([program, *words[1:]], env=path, stdout=log, stderr=log)
    try:
        yield
    finally:
        started.terminate()
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def asked(*words: str) -> list[str]:
    """Return the lines that a command of SLURM prints."""
    return subprocess.run(words, capture_output=True, text=True).stdout.split("\n")[:-1]


def wait_for(condition, seconds: float = 60.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to be so"
        time.sleep(0.1)
