"""Tasks on a real Ray cluster of two nodes, of which one is killed."""

import time
from functools import partial
from pathlib import Path

import pytest

from helpers.media_files import make_video, regular
from helpers.ray_cluster import die, fail, two_nodes, write_slowly
from helpers.shard_files import write_processed
from syncfusion.cli.app import main
from syncfusion.engines import RAY, do_all
from syncfusion.errors import InputError


def test_without_a_cluster_none_is_started(monkeypatch):
    pytest.importorskip("ray")
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(InputError, match="no Ray cluster"):
        do_all({"a": partial(int, 1)}, engine=RAY, n_workers=1, stage="tasks")


@pytest.mark.slow
def test_each_output_is_there_once_though_a_node_is_killed(tmp_path):
    pytest.importorskip("ray")
    names = [f"item{number}" for number in range(12)]
    tasks = {name: partial(write_slowly, tmp_path / f"{name}.txt", 1.0) for name in names}
    tasks |= {"bad": partial(fail, "bad is broken; mend it"), "dead": die}
    results: dict[str, object] = {}
    with two_nodes() as cluster:

        def kill(stage, n_done, n_tasks):
            if n_done == 4:
                wait_for_work(tmp_path, cluster.second.node_id)
                cluster.remove_node(cluster.second, allow_graceful=False)

        failures = do_all(
            tasks,
            engine=RAY,
            n_workers=1,
            stage="tasks",
            progress=kill,
            on_result=results.__setitem__,
        )
    assert failures.keys() == {"bad", "dead"}
    assert failures["bad"] == "bad is broken; mend it"
    assert "lost again and again" in failures["dead"]
    assert results.keys() == set(names)
    assert {path.stem: path.read_text() for path in tmp_path.glob("item*.txt")} == {
        name: name for name in names
    }
    assert len(set(results.values())) == 2, "both nodes took part"
    assert sum(len(p.read_text().splitlines()) for p in tmp_path.glob("*.log")) > len(names)


def wait_for_work(folder: Path, node: str, seconds: float = 20.0) -> None:
    """Wait until a node has begun a task and not ended it."""
    end = time.monotonic() + seconds
    begun = {path for path in folder.glob("*.log") if node in path.read_text()}
    while all(path.with_suffix(".txt").exists() for path in begun):
        assert time.monotonic() < end, "the node had nothing to do"
        time.sleep(0.01)
        begun = {path for path in folder.glob("*.log") if node in path.read_text()}


@pytest.mark.slow
def test_videos_and_shards_are_those_of_processes(tmp_path, tiny_preset, capsys):
    pytest.importorskip("ray")
    videos = tmp_path / "videos"
    videos.mkdir()
    for number in range(3):
        make_video(videos / f"clip{number}_mic.mp4", regular(25, 25 + 5 * number))
    command = ["preprocess", "videos", "-iv", str(videos), "-vw", "32", "-vh", "24", "-o"]
    main([*command, str(tmp_path / "processes")])
    detect = ["detect", *map(str, sorted(videos.iterdir())), "--preset", str(tiny_preset)]
    main([*detect, "-o", str(tmp_path / "here")])
    generate = ["generate", *detect[1:], "--prompt", "wood hit", "--seed", "3"]
    main([*generate, "-o", str(tmp_path / "made-here")])
    processed = write_processed(tmp_path / "packed", train="a b c", val="d")
    shards = ["shards", str(processed), "--embeddings", "compact", "-o"]
    main([*shards, str(tmp_path / "shards")])
    with two_nodes():
        main([*command, str(tmp_path / "ray"), "--engine", "ray"])
        main([*detect, "-o", str(tmp_path / "there"), "--engine", "ray"])
        main([*generate, "-o", str(tmp_path / "made-there"), "--engine", "ray"])
        main([*shards, str(tmp_path / "ray-shards"), "--engine", "ray"])
    assert "3 of 3 videos are done" in capsys.readouterr().out
    assert contents(tmp_path / "ray") == contents(tmp_path / "processes")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")
    assert contents(tmp_path / "made-there") == contents(tmp_path / "made-here")
    assert contents(tmp_path / "ray-shards") == contents(tmp_path / "shards")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    assert found
    return found
