import csv

import pytest

from helpers.full_disk import contents, limited_files
from syncfusion.trainer.csv_logger import RunLogger


def log(folder, step, **metrics):
    logger = RunLogger(str(folder))
    logger.resume_at(step)
    for number in range(step, step + 2):
        logger.log_metrics(metrics, number)
    logger.finalize("success")


def test_a_resumed_run_goes_on_in_its_file(tmp_path):
    log(tmp_path, 0, loss=1.0)
    log(tmp_path, 2, loss=0.5, rate=0.1)  # a column more
    (path,) = tmp_path.rglob("metrics.csv")
    found = list(csv.DictReader(path.open()))
    assert [(row["step"], row["loss"], row["rate"]) for row in found] == [
        ("0", "1.0", ""),
        ("1", "1.0", ""),
        ("2", "0.5", "0.1"),
        ("3", "0.5", "0.1"),
    ]


def test_steps_that_are_taken_again_are_not_logged_twice(tmp_path):
    log(tmp_path, 0, loss=1.0)
    log(tmp_path, 1, loss=0.5)
    (path,) = tmp_path.rglob("metrics.csv")
    assert [(r["step"], r["loss"]) for r in csv.DictReader(path.open())] == [
        ("0", "1.0"),
        ("1", "0.5"),
        ("2", "0.5"),
    ]


def test_a_full_disk_is_an_error_that_names_the_folder(tmp_path):
    logger = RunLogger(str(tmp_path))
    logger.log_metrics({"loss": 1.0}, 0)
    with limited_files(tmp_path), pytest.raises(OSError, match="File too large") as full:
        logger.save()
    assert full.value.filename == logger.log_dir


def test_a_resumed_run_that_finds_a_full_disk_keeps_the_file(tmp_path):
    log(tmp_path, 0, loss=1.0)
    before = contents(tmp_path)
    with limited_files(tmp_path), pytest.raises(OSError, match="File too large"):
        RunLogger(str(tmp_path)).resume_at(1)
    assert contents(tmp_path) == before
