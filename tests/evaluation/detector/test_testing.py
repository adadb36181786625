import contextlib
import csv
import io
import json
import math
import shutil
from dataclasses import asdict

import pytest
import torch

from helpers.motion_clips import write_annotated
from helpers.onset_clips import FPS, write_clip, write_root
from helpers.onset_runs import REPOSITORY, configs, run_shell, training
from syncfusion.checkpoint.files import load_onset, save_onset
from syncfusion.cli.app import main
from syncfusion.errors import InputError
from syncfusion.evaluation.detector.predictions import ClipPrediction, predict_clip
from syncfusion.evaluation.detector.table import UNSCORED, onset_table
from syncfusion.onset.data.clips import Clip, open_split
from syncfusion.onset.data.raw import annotated_video
from syncfusion.onset.decode import Decoding
from syncfusion.onset.detect import SlidingWindow, normalised
from syncfusion.onset.motion.curve import onset_curve
from syncfusion.onset.motion.stream import read_motion
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.preprocess.processing import Processing
from syncfusion.preprocess.videos import Target, preprocess_video
from syncfusion.track import OnsetTrack
from syncfusion.training.onset import train_onset
from syncfusion.training.onset_evaluation import (
    BUNDLED,
    evaluate_onset,
    find_checkpoint,
    raw_roots,
    trained_frame_size,
)

SLIDING_WINDOW = SlidingWindow(window_frames=48, overlap_frames=16)
TEST = ("data/data-onset-greatesthit", "test-onset")
EVENTS = ("F ±100 ms", "precision ±100 ms", "recall ±100 ms", "F ±50 ms")


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return VideoOnsetNet(OnsetNetConfig(width=2, hidden=4)).eval()


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Three test clips, one of them shorter than a chunk."""
    root = write_root(tmp_path_factory.mktemp("data"))
    write_clip(root, "long", n_frames=100, times=(1.0, 2.0, 5.0))
    write_clip(root, "short", n_frames=20, times=(0.4,))
    (root / "test.txt").write_text("tested\nlong\nshort")
    return root


def options(root, output, checkpoint, *more, stage="test"):
    return [
        stage,
        *configs(*TEST),
        *("--checkpoint", str(checkpoint), "--output", str(output), "--logger", "csv"),
        *("--data.roots", json.dumps([{"folder": str(root)}]), "--data.keep_resized", "false"),
        *("--data.frame_size", "[16,16]", "--trainer.accelerator", "cpu"),
        *("--trainer.precision", "32-true", "--trainer.enable_progress_bar", "false", *more),
    ]


@pytest.fixture(scope="module")
def tested(root, net, tmp_path_factory):
    """The report on a net that knows nothing and finds all its peaks, and what was printed."""
    folder = tmp_path_factory.mktemp("report")
    save_onset(net, folder / "net")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        chosen = options(root, folder, folder / "net", "--model.decoding.threshold", "0.0")
        main(["evaluate", "onset", *chosen])
    return folder, printed.getvalue()


def metrics(folder):
    return {row["name"]: row for row in json.loads((folder / "table.json").read_text())["metrics"]}


def predicted(folder, name, found, *, sure=0.9):
    """A clip of 4 s with onsets at 1 s and 3 s, and a detector that finds these."""
    clip = Clip.open(write_clip(folder, name, n_frames=60, times=(1.0, 3.0)))
    curve = torch.full((60,), 0.1)
    curve[[round(time * FPS) for time in found]] = sure
    return ClipPrediction(
        clip, curve, curve.logit().reshape(2, 30), OnsetTrack(found, clip.duration)
    )


def test_a_detector_that_is_right_scores_full_marks_in_both_arithmetics(tmp_path):
    rows = onset_table([predicted(tmp_path, "right", (1.0, 3.0))], Decoding())
    table = {row.name: row for row in rows}
    for name in ("average precision", "accuracy", "number of onsets"):
        assert (table[name].value, table[name].published) == (1, 1)
    assert all(table[name].value == 1 for name in EVENTS)
    assert table["mean offset (ms)"].value == pytest.approx(0)


def test_scores_of_events_are_means_over_videos_with_an_interval(tmp_path):
    clips = [predicted(tmp_path, f"all {n}", (1.0, 3.0)) for n in range(2)]
    clips += [predicted(tmp_path, f"half {n}", (1.0,)) for n in range(2)]
    table = {row.name: row for row in onset_table(clips, Decoding())}
    recall = table["recall ±100 ms"]
    assert (recall.value, recall.n, recall.unit) == (0.75, 4, "videos")
    assert recall.interval == (0.5, 1.0)
    assert table["precision ±100 ms"].interval is None  # of equal videos


def test_an_onset_70_ms_late_is_right_within_100_ms_alone(tmp_path):
    clip = predicted(tmp_path, "late", (1.07, 3.07))
    table = {row.name: row.value for row in onset_table([clip], Decoding())}
    assert (table["F ±100 ms"], table["F ±50 ms"]) == (1, 0)
    assert table["mean offset (ms)"] == pytest.approx(70)


def test_thresholds_differ_between_the_arithmetics(tmp_path):
    rows = onset_table(
        [predicted(tmp_path, "unsure", (1.0, 3.0), sure=0.7)], Decoding(threshold=0.6)
    )
    table = {row.name: row for row in rows}
    assert (table["accuracy"].value, table["accuracy"].published) == (1, 0.5)


def test_a_batch_without_onsets_is_said_to_be_left_out_of_the_published_metrics(tmp_path):
    blank = [predicted(tmp_path, f"{n}", (1.0, 3.0)) for n in range(16)]
    for n, clip in enumerate(blank[8:]):
        quiet = Clip.open(write_clip(tmp_path, f"quiet{n}", n_frames=60, times=()))
        blank[8 + n] = ClipPrediction(quiet, clip.probabilities, clip.chunk_logits, clip.estimate)
    row = next(row for row in onset_table(blank, Decoding()) if row.name == UNSCORED)
    assert (row.value, row.n, row.unit) == (1, 2, "batches")


def test_a_chunk_is_scored_by_itself_as_published(tmp_path, net):
    clip = Clip.open(write_clip(tmp_path, "clip", n_frames=80, times=(1.0, 2.0)))
    chunks = predict_clip(
        net, clip, decoding=Decoding(), sliding_window=SLIDING_WINDOW
    ).chunk_logits
    with torch.no_grad():
        alone = net(normalised(clip.frames(slice(30, 60))[None]))[0]
    assert chunks.shape == (2, 30)
    torch.testing.assert_close(chunks[1], alone, atol=1e-4, rtol=1e-4)


def test_a_clip_shorter_than_a_chunk_has_none(tmp_path, net):
    clip = Clip.open(write_clip(tmp_path, "short", n_frames=20, times=(0.4,)))
    prediction = predict_clip(net, clip, decoding=Decoding(), sliding_window=SLIDING_WINDOW)
    assert prediction.chunk_logits.shape == (0, 30)
    table = {row.name: row for row in onset_table([prediction], Decoding())}
    assert math.isnan(table["average precision"].published)
    assert table["number of onsets"].n == 0


def test_one_table_is_printed_with_every_metric_that_is_written(tested):
    folder, printed = tested
    written = metrics(folder)
    assert {"weighted cross-entropy", "regular grid F ±100 ms", *EVENTS} <= set(written)
    assert all(sum(line.startswith(name) for line in printed.splitlines()) for name in written)
    assert printed.count("as published") == 1 + (UNSCORED in written)
    with (folder / "table.csv").open() as file:
        assert [row["name"] for row in csv.DictReader(file)] == list(written)


def test_the_table_says_what_was_tested(tested):
    about = json.loads((tested[0] / "table.json").read_text())
    assert about["checkpoint"].endswith("net")
    assert about["split"] == "test"
    assert about["frame_size"] == [16, 16]
    assert about["decoding"]["threshold"] == 0.0


def test_every_video_has_its_onsets_and_scores_in_files(tested):
    folder, _ = tested
    with (folder / "videos.csv").open() as file:
        videos = {row["name"]: row for row in csv.DictReader(file)}
    assert list(videos) == ["tested", "long", "short"]
    for name, row in videos.items():
        track = OnsetTrack.read(folder / name / f"{name}.times.pred.csv")
        assert len(track) == int(row["n_estimate"]) > 0
        assert (folder / "published-rule" / name / f"{name}.times.pred.csv").is_file()


def test_predicted_onsets_have_two_columns_as_the_published_ones(tested):
    lines = (tested[0] / "long" / "long.times.pred.csv").read_text().splitlines()
    assert all(line.split(",")[1:] == [""] for line in lines)


def test_predicted_onsets_can_be_written_beside_the_annotation(net, tmp_path):
    root = write_root(tmp_path / "data")
    save_onset(net, tmp_path / "net")
    arguments = options(root, tmp_path / "out", tmp_path / "net", "--model.predictions", str(root))
    evaluate_onset(arguments)
    assert (root / "tested" / "tested.times.pred.csv").is_file()


def test_pictures_are_drawn_of_the_first_clips(net, root, tmp_path):
    save_onset(net, tmp_path / "net")
    evaluate_onset(options(root, tmp_path, tmp_path / "net", "--model.n_pictures", "2"))
    pictures = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert pictures == ["long.png", "tested.png"]
    assert (tmp_path / "pictures" / "long.png").read_bytes().startswith(b"\x89PNG")


def test_the_validation_split_can_be_scored_instead(net, root, tmp_path):
    save_onset(net, tmp_path / "net")
    evaluate_onset(options(root, tmp_path, tmp_path / "net", stage="validate"))
    assert json.loads((tmp_path / "table.json").read_text())["split"] == "val"
    assert (tmp_path / "validated" / "validated.times.pred.csv").is_file()


def test_metrics_reach_the_logger(tested):
    (metrics,) = (tested[0] / "csv").rglob("metrics.csv")
    assert "test/F ±100 ms" in metrics.read_text().splitlines()[0]


def test_the_latest_run_is_tested_and_without_any_the_bundled_preset(tmp_path, monkeypatch):
    find = find_checkpoint
    monkeypatch.setenv("DIR_LOGS", str(tmp_path))
    assert find(None) == BUNDLED
    for run in ("onset", "onset-augment"):
        best = tmp_path / run / "checkpoints" / "best.ckpt"
        best.parent.mkdir(parents=True)
        best.touch()
    assert find(None) == str(best)
    assert find("given.ckpt") == "given.ckpt"


@pytest.fixture
def trained_run(root, net, tmp_path, monkeypatch):
    """A folder of logs with one run, and the words that evaluate it without naming it."""
    monkeypatch.setenv("DIR_LOGS", str(tmp_path))
    best = tmp_path / "onset" / "checkpoints" / "best.ckpt"
    save_onset(net, tmp_path / "net")
    best.parent.mkdir(parents=True)
    weights = {f"model.{name}": value for name, value in net.state_dict().items()}
    torch.save({"state_dict": weights, "onset_net": asdict(net.config)}, best)
    words = options(root, tmp_path / "out", "x")
    place = words.index("--checkpoint")
    return tmp_path, words[:place] + words[place + 2 :]


def test_which_run_was_taken_is_said(root, trained_run, caplog):
    logs, words = trained_run
    evaluate_onset(words)
    best = logs / "onset" / "checkpoints" / "best.ckpt"
    assert f"no --checkpoint is given: {best} is evaluated, the best checkpoint of the run" in (
        caplog.text
    )


def test_frames_have_the_size_that_a_checkpoint_was_trained_on(root, tmp_path):
    train_onset([*training(root, tmp_path, "--trainer.max_steps", "1")])
    size = trained_frame_size
    assert list(size(tmp_path / "checkpoints" / "best.ckpt")) == [16, 16]
    assert size(REPOSITORY / "checkpoints/compact") is None  # motion: any size
    assert size(tmp_path) == [112, 112]


@pytest.fixture(scope="module")
def motion():
    return load_onset(BUNDLED)


@pytest.fixture(scope="module")
def knocks(tmp_path_factory):
    """A raw folder with one clip of 25 pictures a second, and the same processed to 15."""
    root = tmp_path_factory.mktemp("knocks")
    write_annotated(root, "clip")
    (root / "test.txt").write_text("clip\n")
    (video,) = (root / "videos").iterdir()
    processed = root / "mic-mp4-processed"
    files = preprocess_video("clip", video, Target(processed, False, None), Processing())
    shutil.copy(root / "times" / "clip_times.txt", files.times)
    return root, processed


def test_motion_is_that_of_the_raw_video_at_its_own_rate(motion, knocks):
    root, processed = knocks
    video, _ = annotated_video(root, "clip")
    expected = onset_curve(motion, read_motion(video)).onsets(Decoding())
    settings = {"decoding": Decoding(), "sliding_window": SLIDING_WINDOW}
    for clip in (open_split(root, "test", raw=True)[0], Clip.open(processed / "clip")):
        found = predict_clip(motion, clip, **settings)
        assert not found.of_frames
        assert found.estimate.times == expected.times
        assert len(found.probabilities) == 30


def test_motion_of_frames_is_said_to_be_of_15_a_second(root, tmp_path, capsys):
    main(["evaluate", "onset", *options(root, tmp_path, BUNDLED, "--data.frame_size", "null")])
    note = "3 of 3 clips, tested the first, have no raw video at hand"
    assert note in capsys.readouterr().out
    written = json.loads((tmp_path / "table.json").read_text())
    assert written["note"].startswith(note)
    assert "15 a second" in written["note"]


def test_raw_videos_are_read_where_there_are_no_processed_ones(knocks, tmp_path):
    root, _ = knocks
    missing = {"folder": str(root / "not-there")}
    assert raw_roots([missing]) == [{"folder": str(root)}]
    assert raw_roots([{"folder": str(root)}]) is None
    assert raw_roots([{"folder": str(tmp_path / "nothing")}]) is None


def test_the_published_name_of_the_checkpoint_option_is_understood(root, tmp_path):
    arguments = options(root, tmp_path, "x")
    arguments[arguments.index("--checkpoint")] = "--ckpt_path"
    with pytest.raises(InputError, match="there is no x"):
        evaluate_onset(arguments)


def test_a_file_that_is_no_checkpoint_is_named(root, tmp_path):
    (tmp_path / "x.ckpt").write_text("nothing")
    arguments = options(root, tmp_path, tmp_path / "x.ckpt")
    arguments[arguments.index("[16,16]")] = "null"
    with pytest.raises(InputError, match="x.ckpt is no checkpoint"):
        evaluate_onset(arguments)


def test_a_mistyped_setting_of_the_test_is_refused(root, tmp_path):
    with pytest.raises(SystemExit):
        evaluate_onset(options(root, tmp_path, "x", "--model.threshold", "1"))


@pytest.mark.slow
def test_the_published_command_tests(net, root, tmp_path):
    save_onset(net, tmp_path / "net")
    words = options(root, tmp_path, tmp_path / "net")[1 + len(configs(*TEST)) :]
    ended = run_shell("test-onset", tmp_path, *words)
    assert ended.returncode == 0, ended.stderr
    assert "F ±100 ms" in ended.stdout
    assert (tmp_path / "table.json").is_file()
