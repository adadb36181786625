import pytest

from syncfusion.errors import InputError
from syncfusion.onset.track import OnsetTrack
from syncfusion.preprocess.annotations import find_annotated, published_csv, read_annotation


def test_annotations_are_paired_with_their_videos_by_id(tmp_path):
    for name in ("b_times.txt", "a_times.txt", "a_mic.mp4", "b.mov", "notes.txt"):
        (tmp_path / name).touch()
    pairs = find_annotated(tmp_path, tmp_path)
    assert [(pair.name, pair.video.name) for pair in pairs] == [("a", "a_mic.mp4"), ("b", "b.mov")]


def test_an_annotation_without_a_video_is_named(tmp_path):
    (tmp_path / "lost_times.txt").touch()
    with pytest.raises(InputError, match="lost_mic.mp4"):
        find_annotated(tmp_path, tmp_path)


def test_a_folder_without_annotations_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no \*_times.txt"):
        find_annotated(tmp_path, tmp_path)


def test_unlabelled_onsets_count_and_those_past_the_end_do_not(tmp_path):
    file = tmp_path / "a_times.txt"
    file.write_text("0.5 wood hit\n1.0 None None\n3.0 wood hit\n")
    track = read_annotation(file, duration=2.0)
    assert track.times == (0.5, 1.0)
    assert track.labels == ("wood hit", "")


def test_published_lines_are_read_back_as_they_were():
    track = OnsetTrack([0.5, 1.25], labels=["wood hit", ""])
    assert published_csv(track) == "0.500000,wood hit\n1.250000,\n"
    assert OnsetTrack.from_csv(published_csv(track)) == track
