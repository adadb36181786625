"""A codec that crashes, hangs or swells in a command: one sentence, nothing half-written."""

import pytest

from helpers import bad_decoders
from syncfusion.cli.app import main
from syncfusion.media import isolation
from syncfusion.media.limits import usual_limits

FUNCTIONS = {  # of media, which decode in a process of their own
    "probing": ("probing", "described"),
    "pictures": ("video", "frame_batches"),
    "copying": ("muxing", "_written"),
}
COMMANDS = {
    "detect": ["clip.mp4", "-o", "out.csv"],
    "generate": ["clip.mp4", "-o", "out.mp4", "--prompt", "metal hit"],
    "export": ["onsets.csv", "--video", "clip.mp4", "--format", "midi", "-o", "out.mid"],
}


CRASH = "clip.mp4 makes its decoder crash (SIGABRT); export it again, or convert it"
HANG = "clip.mp4 makes its decoder hang (0.5 s without a result)"
MEMORY = "clip.mp4 takes more memory to decode than it may"


@pytest.mark.parametrize(
    ("command", "moment", "fault", "reason"),
    [
        ("detect", "probing", "abort", CRASH),
        pytest.param("detect", "pictures", "abort", CRASH, marks=pytest.mark.slow),
        pytest.param(
            "detect",
            "pictures",
            "hang",
            HANG,
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "detect",
            "pictures",
            "swell",
            MEMORY,
            marks=pytest.mark.slow,
        ),
        pytest.param("generate", "pictures", "abort", CRASH, marks=pytest.mark.slow),
        pytest.param("generate", "copying", "abort", CRASH, marks=pytest.mark.slow),
        ("export", "probing", "abort", CRASH),
    ],
)
def test_a_fault_of_a_codec_is_a_sentence(
    command, moment, fault, reason, tiny_preset, clip, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clip.mp4").symlink_to(clip)
    (tmp_path / "onsets.csv").write_text("0.5\n")
    module, name = FUNCTIONS[moment]
    monkeypatch.setattr(f"syncfusion.media.{module}.{name}", getattr(bad_decoders, fault))
    limits = usual_limits()._replace(seconds=0.5)
    monkeypatch.setattr(isolation, "usual_limits", lambda: limits)
    preset = [] if command == "export" else ["--preset", str(tiny_preset)]
    with pytest.raises(SystemExit) as end:
        main([command, *COMMANDS[command], *preset])
    assert end.value.code == 2
    *_, sentence = capsys.readouterr().err.strip().splitlines()
    assert reason in sentence
    sound = {"out.wav"} if moment == "copying" else set()  # is whole before it is put to pictures
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "onsets.csv"} | sound
