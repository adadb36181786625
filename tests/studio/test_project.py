"""The project file: what it holds, what is refused, what a crash and a second page leave."""

import json
import os
import subprocess
import sys

import pytest

from syncfusion.errors import InputError
from syncfusion.studio.folder import Conflict, ProjectFolder
from syncfusion.studio.project import read_project

GROUP = {"id": "g1", "name": "wood", "prompt": "wood hit"}
EVENT = {"id": "e1", "time": 0.5, "group": "g1", "confidence": 0.9, "origin": "detected"}


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"pictures")
    return path


def project(**values):
    return {"name": "clip", "video": "clip.mp4", "duration": 2.0} | values


def test_a_project_is_made_beside_its_video_and_opened_again(video):
    made = ProjectFolder.for_video(video)
    assert made.path == video.with_suffix(".syncfusion")
    assert made.video == video
    again = ProjectFolder.for_video(video)
    assert (again.project, again.revision) == (made.project, 1)


def test_a_project_that_moves_with_its_video_still_finds_it(video, tmp_path):
    ProjectFolder.for_video(video)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for path in (video, video.with_suffix(".syncfusion")):
        path.rename(moved / path.name)
    assert ProjectFolder.open(moved / "clip.syncfusion").video.read_bytes() == b"pictures"


def test_every_value_returns_from_disk(video):
    folder = ProjectFolder.for_video(video)
    whole = read_project(
        project(groups=[GROUP], events=[EVENT, EVENT | {"id": "e2", "time": 1.25}])
    )
    assert folder.save(whole, 1) == 2
    assert ProjectFolder.open(folder.path).project == whole


def test_each_event_has_a_line_of_its_own(video):
    folder = ProjectFolder.for_video(video)
    events = [EVENT | {"id": f"e{n}", "time": n / 10} for n in range(9)]
    folder.save(read_project(project(groups=[GROUP], events=events)), 1)
    lines = (folder.path / "project.json").read_text().splitlines()
    assert sum('"id": "e' in line for line in lines) == 9


def test_a_second_page_does_not_overwrite_what_the_first_one_saved(video):
    folder = ProjectFolder.for_video(video)
    folder.save(read_project(project(threshold=0.4)), 1)
    with pytest.raises(Conflict):
        folder.save(read_project(project(threshold=0.7)), 1)
    assert ProjectFolder.open(folder.path).project.threshold == 0.4


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "no json"),
        (b"{", "no json"),
        (b"[]", "no json object"),
        (b"[" * 100_000, "no json"),
        (b'{"version": 2}', "install a newer one"),
        (b'{"revision": "1", "name": "", "video": ""}', "revision"),
        (b'{"name": "", "video": "", "colour": 1}', "colour"),
        (b'{"name": "", "video": "", "threshold": NaN}', "understood"),
        (b'{"name": "", "video": "", "threshold": 2}', "threshold"),
        (b'{"name": "", "video": "", "seed": -1}', "seed"),
        (b'{"video": ""}', "name"),
    ],
)
def test_a_damaged_project_is_refused_in_one_sentence_and_left_as_it_is(video, content, named):
    folder = ProjectFolder.for_video(video).path
    (folder / "project.json").write_bytes(content)
    with pytest.raises(InputError, match=named) as caught:
        ProjectFolder.open(folder)
    assert str(folder / "project.json") in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (folder / "project.json").read_bytes() == content


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"events": [EVENT]}, "group g1 that is missing"),
        ({"groups": [GROUP, GROUP]}, "one id"),
        ({"groups": [GROUP], "events": [EVENT | {"time": 2.0}]}, "past the end"),
        ({"groups": [GROUP], "events": [EVENT | {"take": "../../secret"}]}, "events.0.take"),
        ({"groups": [GROUP | {"reference": "../x.wav"}]}, "groups.0.reference"),
        ({"groups": [GROUP | {"id": "a/b"}]}, "groups.0.id"),
        ({"room": "../hall"}, "room"),
        ({"groups": [GROUP], "events": [EVENT] * 20_001}, "events"),
    ],
)
def test_values_that_could_do_harm_are_refused(changes, named):
    with pytest.raises(InputError, match=named.replace(".", r"\.")):
        read_project(project(**changes))


def test_a_missing_video_or_project_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="there is no video"):
        ProjectFolder.for_video(tmp_path / "none.mp4")
    with pytest.raises(InputError, match="cannot read the project"):
        ProjectFolder.open(tmp_path)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    video = tmp_path / "clip.mp4"
    video.write_bytes(b"pictures")
    (tmp_path / "clip.syncfusion").write_text("a file stands in the way")
    with pytest.raises(InputError, match="copy the clip into a folder of yours"):
        ProjectFolder.for_video(video)


def test_a_process_killed_while_it_saves_leaves_a_whole_project(video):
    folder = ProjectFolder.for_video(video)
    code = (
        "import sys\nfrom syncfusion.studio.folder import ProjectFolder\n"
        "folder = ProjectFolder.open(sys.argv[1])\nprint('ready', flush=True)\n"
        "while True: folder.save(folder.project, folder.revision)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, folder.path], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"ready\n"
    while json.loads((folder.path / "project.json").read_text())["revision"] < 20:
        pass
    os.kill(child.pid, 9)
    child.wait()
    child.stdout.close()
    assert ProjectFolder.open(folder.path).revision >= 20
