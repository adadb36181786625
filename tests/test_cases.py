"""Inputs that real users have, one file each; what is right for them.

They lie outside the repository, in the folder that SYNCFUSION_CASES names or ``../shared/cases``.
The same kinds of files, made on the spot, are tested beside the modules that read them.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from helpers.places import REPOSITORY
from syncfusion.cli.app import main
from syncfusion.media.audio import read_audio
from syncfusion.media.probing import probe
from syncfusion.shards.recording import read_recordings
from syncfusion.track import OnsetTrack

EVENTS = {  # times, labels, gains
    "onsets-decimal-comma-times-only.csv": ((0.533, 1.25, 2.75), "", 1),
    "onsets-decimal-comma-tab.txt": (
        (0.533333, 1.25, 2.75),
        ("metal hit", "wood hit", "scratch"),
        1,
    ),
    "onsets-audacity-labels-locale-comma.txt": ((0.533333, 1.25, 2.75), "", 1),
    "onsets-audacity-labels.txt": ((0.533333, 1.25), ("metal hit", "wood, soft"), 1),
    "onsets-columns-time-gain.csv": ((0.533, 1.25), "", (0.25, 2.0)),
    "onsets-semicolon-dot.csv": ((0.533, 1.25), ("metal hit", "wood"), (0.25, 2.0)),
    "onsets-quoted-all.csv": ((0.533,), ('metal, "loud" hit',), 1),
    "onsets-trailing-empty-rows.csv": ((0.533,), ("hit",), 1),
    "onsets-excel-unicode-utf16.txt": ((0.533, 1.25), ("metal hit", "wood"), 1),
    "onsets-excel-ansi-umlaut.csv": ((0.533,), ("Schlägel",), 1),
    "onsets-unsorted.csv": ((0.533, 1.25, 2.75), ("a", "missed one added at the end", "b"), 1),
}
CONTAINERS = (".mp4", ".mov", ".webm", ".mkv")
SPANS = {  # seconds of pictures that a result shows
    "steady-30fps.mp4": 8.0,
    "phone-uneven-30fps.mp4": 8.0,
    "raw-stream-30fps.h264": 8.0,
    "two-recordings-joined.ts": 8.0,
    "browser-recording-vp8.webm": 8.0,
    "apple-prores.mov": 2.0,
    "pictures-begin-late.mp4": 8.0,
}


@pytest.fixture(scope="module")
def cases():
    named = os.environ.get("SYNCFUSION_CASES")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "cases"
    if not folder.is_dir():
        pytest.skip("no cases: set SYNCFUSION_CASES to their folder")
    return folder


@pytest.fixture
def case(cases, tmp_path):
    """Copy a case to where results may lie beside it."""

    def copy(name):
        return Path(shutil.copyfile(cases / name, tmp_path / name))

    return copy


@pytest.fixture
def generate(tiny_preset):
    return lambda video, *options: main(
        ["generate", str(video), "--prompt", "hit", "--preset", str(tiny_preset), *options]
    )


@pytest.mark.parametrize("name", EVENTS)
def test_event_files_are_read(cases, name):
    times, labels, gains = EVENTS[name]
    track = OnsetTrack.read(cases / name)
    assert track.times == pytest.approx(times)
    assert track.labels == (labels or ("",) * len(times))
    assert track.gains == (gains if isinstance(gains, tuple) else (1.0,) * len(times))
    assert all(0 <= confidence <= 1 for confidence in track.confidences)


def test_every_event_file_is_tested(cases):
    assert {path.name for path in cases.glob("onsets-*")} == EVENTS.keys()


def test_a_mark_in_a_shard_is_no_part_of_its_times(cases):
    (recording,) = read_recordings(str(cases / "shard-csv-with-bom.tar"))
    assert len(recording.track) > 0
    assert not any("\ufeff" in label for label in recording.track.labels)


def test_companions_of_a_mac_are_no_samples(cases):
    shard = str(cases / "shard-packed-on-mac.tar")
    names = [recording.name for recording in read_recordings(shard)]
    assert len(names) == 2
    assert not any(name.startswith(".") for name in names)


def test_a_reference_whose_channels_cancel_is_used(cases, clip, tiny_preset, tmp_path):
    reference = cases / "reference-antiphase-stereo.wav"
    assert read_audio(reference).mono().samples.abs().max() > 0.01
    words = ["--reference", str(reference), "--preset", str(tiny_preset)]
    main(["generate", str(clip), *words, "-o", str(tmp_path / "out.mp4")])
    assert (tmp_path / "out.mp4").is_file()


@pytest.mark.parametrize("name", SPANS)
def test_the_default_result_shows_all_pictures(case, generate, name, tmp_path):
    video = case(name)
    (tmp_path / "own.csv").write_text("0.25,hit\n1.5,hit\n")
    generate(video, "--onsets", str(tmp_path / "own.csv"))
    (result,) = (path for path in tmp_path.glob("*.sync.*") if path.suffix in CONTAINERS)
    assert probe(result).duration == pytest.approx(SPANS[name], abs=0.05)
    assert probe(result).n_frames == probe(video).n_frames
    assert read_audio(result).duration == pytest.approx(SPANS[name], abs=0.05)


def test_a_gif_is_refused_before_the_work_with_advice_that_works(case, generate, capsys, tmp_path):
    video = case("animation.gif")
    with pytest.raises(SystemExit) as refused:
        generate(video)
    assert refused.value.code == 2
    assert "add --reencode" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["animation.gif"]
    generate(video, "--reencode")
    assert probe(tmp_path / "animation.sync.mp4").duration == pytest.approx(4.0, abs=0.1)


def test_onsets_and_sound_count_from_the_first_picture_where_pictures_begin_late(
    case, generate, tmp_path
):
    """Given 2 s after the first picture, an event is heard there in the result, too."""
    video = case("pictures-begin-late.mp4")
    (tmp_path / "own.csv").write_text("2.0,hit\n")
    generate(video, "--onsets", str(tmp_path / "own.csv"), "-o", str(tmp_path / "out.mp4"))
    sound = read_audio(tmp_path / "out.mp4").mono().samples[0].abs()
    assert sound[: round(1.9 * 48_000)].max() < 0.02 * sound.max()
    assert json.loads((tmp_path / "out.json").read_text())["video"]
    assert OnsetTrack.read(tmp_path / "out.onsets.csv").times == (2.0,)


@pytest.mark.slow
def test_both_halves_of_joined_recordings_are_detected(case, tmp_path):
    main(["detect", str(case("two-recordings-joined.ts"))])
    track = OnsetTrack.read(tmp_path / "two-recordings-joined.onsets.csv")
    halves = [[t % 4.0 for t in track.times if low <= t < low + 4] for low in (0.0, 4.0)]
    assert min(map(len, halves)) >= 3
    assert track.times[-1] < 8.0


@pytest.mark.slow
def test_onsets_of_a_raw_stream_lie_within_the_video(case, tmp_path):
    main(["detect", str(case("raw-stream-30fps.h264"))])
    times = OnsetTrack.read(tmp_path / "raw-stream-30fps.onsets.csv").times
    assert 3 <= len(times) <= 20
    assert 0 <= times[0] <= times[-1] < 8.0
