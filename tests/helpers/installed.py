"""The package as a stranger has it: a wheel, installed into an environment without the checkout."""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from helpers.places import REPOSITORY

# keeps modules from being imported, as if their packages were not installed
BLOCKER = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
from syncfusion.cli import main

main(sys.argv[1:])
"""


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, and a folder to work in.

    Args:
        environment: the virtual environment; it sees the packages of the one that runs the tests.
        home: the user's home folder, empty at first.
        folder: the working folder, empty at first.
    """

    environment: Path
    home: Path
    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter."""
        return self.environment / "bin" / "python"

    @property
    def package(self) -> Path:
        """The installed package."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.environment / "lib" / version / "site-packages" / "syncfusion"

    @property
    def variables(self) -> dict[str, str]:
        """The variables of the environment that its programs see."""
        names = [name for name in ("PATH", "OMP_NUM_THREADS") if name in os.environ]
        return {name: os.environ[name] for name in names} | {"HOME": str(self.home)}

    def run(self, *words: object, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run an installed program, or the interpreter, in the working folder."""
        program, *arguments = map(str, words)
        return subprocess.run(
            [self.environment / "bin" / program, *arguments],
            cwd=self.folder,
            env=self.variables | variables,
            capture_output=True,
            text=True,
        )

    def start(self, *words: object) -> subprocess.Popen[str]:
        """Start an installed program in the working folder; its output can be read."""
        program, *arguments = map(str, words)
        return subprocess.Popen(
            [self.environment / "bin" / program, *arguments],
            cwd=self.folder,
            env=self.variables,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run_without(self, blocked: set[str], *words: object) -> subprocess.CompletedProcess[str]:
        """Run a command as if some modules were not installed."""
        return self.run("python", "-c", BLOCKER.format(blocked=blocked), *words)


def build_wheel(folder: Path, source: Path = REPOSITORY) -> Path:
    """Build the wheel of a checkout, or of a copy of its parts, without network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path) -> Installed:
    """Install a wheel into a fresh environment, without network and without its dependencies."""
    found = Installed(folder / "environment", folder / "home", folder / "empty")
    found.home.mkdir()
    found.folder.mkdir()
    create = [sys.executable, "-m", "venv", "--without-pip", str(found.environment)]
    subprocess.run(create, check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(found.python)]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", str(wheel)], check=True)
    # a .pth file adds the folder itself, and not the checkout that a .pth file in it names
    packages = sysconfig.get_path("purelib")
    found.package.with_name("packages.pth").write_text(f"{packages}\n")
    return found
