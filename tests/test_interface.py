"""What a program that imports the package meets: names, types, and no weight until it is used."""

import json
import re
import subprocess
import sys

import pytest

import syncfusion
from helpers.places import REPOSITORY

PROGRAM = """\
import syncfusion
from syncfusion import OnsetTrack, Waveform

pipe = syncfusion.load("compact", device="cpu")
track = pipe.detect("clip.mp4")
sound = pipe.render(OnsetTrack([0.5, 1.5], 3.0), prompt="metal hit", seed=0)
made = pipe.generate("clip.mp4", Waveform(sound.samples, 48_000), "out.mp4", onsets=track)
reveal_type(syncfusion.load)
reveal_type(OnsetTrack)
reveal_type(pipe)
reveal_type(track)
reveal_type(sound)
reveal_type(made)
reveal_type(made.files.video)
"""
TYPES = [
    '(preset: str | Path = "compact", *, device: str = "auto") -> Pipeline',
    "type[OnsetTrack]",
    "Pipeline",
    "OnsetTrack",
    "Waveform",
    "Generated",
    "Path",
]
IMPORT_SECONDS = 0.05


@pytest.mark.slow
def test_pyright_knows_the_types_of_a_users_program(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    settings = {"extraPaths": [str(REPOSITORY / "src")], "typeCheckingMode": "strict"}
    settings |= {"reportPrivateUsage": False}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "-p", str(tmp_path)]
    ended = subprocess.run(
        [*command, "--pythonpath", sys.executable], cwd=tmp_path, capture_output=True, text=True
    )
    found = json.loads(ended.stdout)["generalDiagnostics"]
    revealed = [re.findall(r'is "(.*)"$', each["message"]) for each in found]
    assert [kind for kinds in revealed for kind in kinds] == TYPES, found
    assert {each["severity"] for each in found} == {"information"}


def test_importing_the_package_imports_no_torch_and_takes_no_time():
    code = "import time; start = time.perf_counter(); import syncfusion, sys; "
    code += "print(time.perf_counter() - start, 'torch' in sys.modules, 'numpy' in sys.modules)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True) for _ in range(3)]
    shown = [run.stdout.decode().split() for run in runs]
    assert {tuple(modules) for _, *modules in shown} == {("False", "False")}
    assert min(float(seconds) for seconds, *_ in shown) < IMPORT_SECONDS


def test_every_name_of_the_front_door_is_there():
    assert set(syncfusion.__all__) <= set(dir(syncfusion))
    assert all(hasattr(syncfusion, name) for name in syncfusion.__all__)
