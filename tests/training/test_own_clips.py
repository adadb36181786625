import json

import pytest

from helpers.moving_pictures import bouncing, write_video
from syncfusion.errors import InputError
from syncfusion.training.own_clips import find_own_clips

HEADER = "time,label,mute\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    return write_video(folder / "take.mp4", [each.pixels for each in bouncing(30)])


@pytest.fixture
def pair(tmp_path, written):
    """Write a video of a second and its event file."""

    def pair(name, rows="0.3,wood,\n0.7,wood,\n", events=True, video=True):
        if video:
            (tmp_path / f"{name}.mp4").write_bytes(written.read_bytes())
        if events:
            (tmp_path / f"{name}.onsets.csv").write_text(HEADER + rows)
        return tmp_path / f"{name}.mp4"

    return pair


@pytest.fixture
def project(tmp_path, pair):
    """Write a project of the studio beside its video."""

    def project(name, events):
        pair(name, events=False)
        folder = tmp_path / f"{name}.syncfusion"
        folder.mkdir()
        content = {"version": 1, "video": f"{name}.mp4", "events": events}
        (folder / "project.json").write_text(json.dumps(content))
        return folder

    return project


def times(clips):
    return {clip.video.path.stem: clip.track.times for clip in clips}


def test_videos_event_files_and_projects_name_clips(pair, project):
    pair("a"), pair("b", "0.5,wood,\n")
    events = [{"time": 0.6}, {"time": 0.2}, {"time": 0.4, "mute": True}]
    folder = project("c", events)
    found = times(find_own_clips([pair("a"), folder.parent / "b.onsets.csv", folder]))
    assert found == {"a": (0.3, 0.7), "b": (0.5,), "c": (0.2, 0.6)}


def test_a_folder_names_all_that_lies_in_it_each_once(pair, project, tmp_path):
    pair("a"), pair("b"), pair("without", events=False), project("c", [{"time": 0.5}])
    assert sorted(times(find_own_clips([tmp_path, tmp_path / "a.mp4"]))) == ["a", "b", "c"]


def test_muted_events_are_left_out(pair):
    pair("a", "0.3,wood,1\n0.6,wood,0\n"), pair("b")
    assert times(find_own_clips([pair("b").parent]))["b"] == (0.3, 0.7)
    pair("a", "0.3,wood,1\n0.6,wood,0\n")
    assert times(find_own_clips([pair("b").parent]))["a"] == (0.6,)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("0.3,wood,\n1.7,wood,\n", "b.onsets.csv.*1.7"),  # of another, longer clip
        ("", "b.onsets.csv holds no events"),
        ("0.3,wood,1\n", "holds no events"),
    ],
)
def test_events_of_another_clip_or_none_are_one_sentence(pair, rows, message):
    pair("b", rows)
    with pytest.raises(InputError, match=message):
        find_own_clips([pair("a"), pair("b", rows)])


def test_a_missing_part_is_one_sentence(pair, tmp_path):
    with pytest.raises(InputError, match="there is no .*gone.mp4"):
        find_own_clips([tmp_path / "gone.mp4"])
    with pytest.raises(InputError, match="there is no .*a.onsets.csv"):
        find_own_clips([pair("a", events=False)])
    pair("lone", video=False)
    with pytest.raises(InputError, match="there is no video .*lone.mp4"):
        find_own_clips([tmp_path / "lone.onsets.csv"])


def test_one_clip_alone_is_too_little(pair):
    with pytest.raises(InputError, match="a.mp4 is too little to learn from; give two"):
        find_own_clips([pair("a"), pair("a")])


@pytest.mark.parametrize("content", ["{", "{}", '{"video": "c.mp4", "events": [{}]}', "[]"])
def test_a_broken_project_is_one_sentence(project, content):
    folder = project("c", [])
    (folder / "project.json").write_text(content)
    with pytest.raises(InputError, match="no project of the studio"):
        find_own_clips([folder])


def test_a_project_with_events_past_the_end_is_one_sentence(project):
    with pytest.raises(InputError, match="does not fit its video"):
        find_own_clips([project("c", [{"time": 3.0}])])
