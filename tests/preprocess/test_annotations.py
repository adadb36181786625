import json
import logging

import pytest

from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.preprocess.annotations import annotate, published_csv, read_annotation, trim
from syncfusion.track import OnsetTrack

TIMES = "0.5 wood hit\n1.0 None None\n3.0 wood hit\n"


@pytest.fixture
def times(tmp_path):
    path = tmp_path / "a_times.txt"
    path.write_text(TIMES)
    return path


@pytest.fixture
def files(tmp_path):
    return ClipFiles(tmp_path / "out" / "a", "a")


def say_duration(files, seconds):
    files.folder.mkdir(parents=True, exist_ok=True)
    files.metadata.write_text(json.dumps({"processed": {"video_duration": seconds}}))


def test_unlabelled_onsets_count_and_those_past_the_end_do_not(times):
    track = read_annotation(times, duration=2.0)
    assert track.times == (0.5, 1.0)
    assert track.labels == ("wood hit", "")


def test_an_annotation_is_written_in_the_published_form(times, files):
    annotate(times, files)
    assert files.times.read_text() == "0.500000,wood hit\n1.000000,\n3.000000,wood hit\n"


def test_onsets_past_the_end_of_a_processed_video_are_left_out_with_a_warning(times, files, caplog):
    say_duration(files, 2.0)
    with caplog.at_level(logging.WARNING):
        annotate(times, files)
    assert OnsetTrack.read(files.times).times == (0.5, 1.0)
    assert "left out 1 onsets past the end" in caplog.text


@pytest.mark.parametrize("metadata", ["", "[]", "{}"])
def test_metadata_that_is_cut_short_does_not_keep_an_annotation_from_being_written(
    times, files, metadata
):
    files.folder.mkdir(parents=True)
    files.metadata.write_text(metadata)
    annotate(times, files)
    assert len(OnsetTrack.read(files.times)) == 3


def test_trimming_leaves_a_file_without_late_onsets_as_it_is(files):
    files.folder.mkdir(parents=True)
    files.times.write_text("0.5,wood hit,0.9,1.5\n")
    trim(files, duration=2.0)
    assert files.times.read_text() == "0.5,wood hit,0.9,1.5\n"


def test_a_line_that_is_no_onset_is_an_error_that_names_it_and_nothing_is_written(tmp_path, files):
    (tmp_path / "a_times.txt").write_text("0.5 wood hit\nsoon wood hit\n")
    with pytest.raises(InputError, match="a_times.txt: line 2"):
        annotate(tmp_path / "a_times.txt", files)
    assert not files.folder.exists()


def test_published_lines_are_read_back_as_they_were():
    track = OnsetTrack([0.5, 1.25], labels=["wood hit", ""])
    assert published_csv(track) == "0.500000,wood hit\n1.250000,\n"
    assert OnsetTrack.from_csv(published_csv(track)) == track
