"""Classes of input: what real files there are of each, and what reads them."""

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from fuzz import seeds
from fuzz.mutations import EDITS, mutated
from helpers.places import BUNDLED
from helpers.presets import make_preset
from helpers.shard_files import make_shard, write_video

Use = Callable[[Path], object]


class Case(NamedTuple):
    """A hostile file: which one of a folder of good ones it replaces, and its content."""

    name: str
    content: bytes


class Inputs(NamedTuple):
    """Files of a class with what reads them.

    ``good`` are written into the folder before ``use`` reads the folder, in which the case's file
    is the hostile one; ``use`` gets the path of that file.
    """

    seeds: dict[str, bytes]
    use: Use
    good: Callable[[Path], None] = lambda folder: None

    def cases(self) -> st.SearchStrategy[Case]:
        """Return edited files."""
        names = st.sampled_from(sorted(self.seeds))
        edited = st.tuples(names, EDITS)
        return edited.map(lambda pair: Case(pair[0], mutated(self.seeds[pair[0]], pair[1])))

    def run(self, case: Case, folder: Path) -> None:
        """Read a case in an empty folder."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.good(folder)
        path = folder / case.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # it may be a link to a good one
        path.write_bytes(case.content)
        self.use(path)


def _read_events(path: Path) -> None:
    from syncfusion.exchange import Timeline, read_events

    read_events(path, 3.0, Timeline.starting("01:00:00:00", Fraction(24_000, 1001)))


def _read_video(path: Path) -> None:
    from syncfusion.errors import InputError
    from syncfusion.exchange import picture_timeline
    from syncfusion.media import longest_seek, probe, read_audio, read_frames, read_grey

    info = probe(path)
    picture_timeline(path)
    longest_seek(info)
    for _ in read_grey(info, width=32, height=32, maximum_fps=30):
        pass
    for _ in read_frames(info, fps=15, width=32, height=32):
        pass
    try:
        read_audio(path, sample_rate=48_000, mono=True)
    except InputError:
        if info.has_audio and not path.stat().st_size:
            raise


def _read_sound(path: Path) -> None:
    from syncfusion.library.index import read_recording

    read_recording(path)


def _open_project(path: Path) -> None:
    from syncfusion.studio.folder import ProjectFolder

    path.rename(path.with_name("project.json"))
    ProjectFolder.open(path.parent)


def _open_clip(path: Path) -> None:
    import numpy as np

    from syncfusion.onset.data.clips import Clip

    folder = next(p for p in path.parents if p.name == "one")
    clip = Clip.open(folder)
    clip.frames(np.arange(min(2, len(clip))))


def _read_shard(path: Path) -> None:
    from syncfusion.shards import Faults, read_recordings

    for _ in read_recordings(str(path), Faults(100)):
        pass


def _read_preset(path: Path) -> None:
    from syncfusion.cli.studio import _decoding
    from syncfusion.onset import StrengthModel
    from syncfusion.product.preset import find_preset

    if path.name == "preset.yaml":
        _decoding(str(path.parent))
        find_preset(path.parent)
    else:
        StrengthModel.read(path)


def _read_kept(path: Path) -> None:
    from syncfusion.library.index import _read_kept
    from syncfusion.onset.motion.own import read_kept
    from syncfusion.rendering.events.cache import TakeCache

    if path.suffix == ".npz":
        read_kept(path)
    elif path.suffix == ".safetensors":
        _read_kept(path)
    else:
        TakeCache(path.parents[1]).get(path.stem)


def _load_models(path: Path) -> None:
    from syncfusion.checkpoint.kinds import verify

    verify(path if path.suffix == ".ckpt" else path.parent)


def processed_seeds(folder: Path) -> dict[str, bytes]:
    """The files of a processed video."""
    import json

    import numpy as np

    video = write_video(folder, "one")
    metadata = {"processed": {"video_frame_rate": 15, "video_duration": 0.32}}
    metadata["processed"] |= {"video_num_frames": 5, "width": 16, "height": 12}
    (video / "one.metadata.json").write_text(json.dumps(metadata))
    np.save(video / "one.frames.npy", np.zeros((5, 12, 16, 3), np.uint8))
    return {f"one/{p.relative_to(video)}": p.read_bytes() for p in video.rglob("*") if p.is_file()}


def kept_seeds(folder: Path) -> dict[str, bytes]:
    """What is kept beside results: motion, takes, the index of a library."""
    import json

    import numpy as np
    import safetensors.torch
    import torch

    from syncfusion.library.index import VERSION
    from syncfusion.onset.motion.own import KeptClip, write_kept
    from syncfusion.rendering.events.cache import TakeCache
    from syncfusion.rendering.events.takes import make_take

    onsets, labels = np.array([0.1]), np.array([0.1])
    cells = np.zeros((4, 14, 7, 12), np.int8)
    write_kept(
        [KeptClip("a", cells, np.ones(14, np.float32), 30.0, onsets, labels)], folder / "a.npz"
    )
    cache = TakeCache(folder)
    cache.put(make_take(torch.rand(1, 500) - 0.5, 100, "0" * 64))
    entries = {
        "a.wav": {"stamp": [1, 2], "words": "a", "hits": [{"cut": [0, 9, 1], "loudness_db": -9}]}
    }
    meta = {"version": VERSION, "entries": json.dumps(entries)}
    safetensors.torch.save_file({"0": torch.zeros(1, 512)}, folder / "i.safetensors", meta)
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def preset_seeds() -> dict[str, bytes]:
    """The settings of the bundled preset."""
    names = ("preset.yaml", "strength.yaml")
    return {name: (BUNDLED / name).read_bytes() for name in names if (BUNDLED / name).is_file()}


def model_seeds(folder: Path) -> dict[str, bytes]:
    """The files of a tiny preset, and its detector as a Lightning file."""
    import torch

    from syncfusion.checkpoint import load_onset

    made = make_preset(folder / "tiny")
    net = load_onset(made)
    onset = {f"model.{key}": tensor for key, tensor in net.state_dict().items()}
    settings = {name: getattr(net.config, name) for name in net.config.__dataclass_fields__}
    torch.save({"state_dict": onset, "onset_net": settings, "epoch": 3}, folder / "onset.ckpt")
    names = ("onset.safetensors", "onset.yaml", "diffusion.safetensors", "diffusion.yaml")
    found = {name: (made / name).read_bytes() for name in (*names, "prompt.json")}
    return found | {"onset.ckpt": (folder / "onset.ckpt").read_bytes()}


def all_inputs(folder: Path) -> dict[str, Callable[[], Inputs]]:
    """Return what makes the inputs of each class, by its name.

    Args:
        folder: for files that are made on the way.
    """

    def place(name: str) -> Path:
        made = folder / name
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        return made

    def shards() -> Inputs:
        path = Path(make_shard(place("shards") / "a.tar", "one two three"))
        return Inputs({path.name: path.read_bytes()}, _read_shard)

    def processed() -> Inputs:
        found = processed_seeds(place("processed"))

        def write(target: Path) -> None:
            for name, content in found.items():
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).write_bytes(content)

        return Inputs(found, _open_clip, write)

    def models() -> Inputs:
        made = place("models")
        found = model_seeds(made)
        return Inputs(found, _load_models, lambda target: _link_all(made / "tiny", target))

    return {
        "event files": lambda: Inputs(seeds.event_files(place("events")), _read_events),
        "projects": lambda: Inputs(seeds.projects(), _open_project),
        "processed videos": processed,
        "shards": shards,
        "sounds": lambda: Inputs(seeds.sounds(), _read_sound),
        "settings": lambda: Inputs(preset_seeds(), _read_preset),
        "kept data": lambda: Inputs(kept_seeds(place("kept")), _read_kept),
        "checkpoints, damaged": models,
        "videos": lambda: Inputs(seeds.videos(place("videos")), _read_video),
    }


def _link_all(source: Path, target: Path) -> None:
    for path in source.iterdir():
        (target / path.name).symlink_to(path)
