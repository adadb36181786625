"""What the first second is spent on: importing the product must not import what it never uses."""

import subprocess
import sys

import pytest

SLOW = (
    "torchvision",
    "torch._dynamo",
    "scipy.signal",
    "librosa",
    "pytorch_lightning",
    "sklearn",
    "sympy",
)


def test_the_command_lines_help_imports_no_torch():
    code = (
        "import contextlib, io, sys, syncfusion\n"
        "from syncfusion.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['--help'])\n"
        "print('torch' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert found.strip() == "False"


@pytest.mark.slow
def test_a_loaded_preset_has_imported_no_slow_package_that_it_does_not_need():
    code = (
        "import sys, syncfusion\n"
        "syncfusion.load('compact', device='cpu')\n"
        f"print([name for name in {SLOW} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert found.strip() == "[]"
