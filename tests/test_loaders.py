"""Every place that reads a file of others: known here, and tried with hostile ones.

A call that loads something is found in the syntax trees of the package; one that ``LOADERS`` does
not know fails a test. Nothing that came in a file runs, nothing leaves its folder, no few bytes
take much memory, and what is refused is refused in one sentence.
"""

import ast
import contextlib
import json
import resource
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save

from helpers.hostile_files import hostile, tar_file
from helpers.places import REPOSITORY
from syncfusion.errors import InputError

PACKAGE = REPOSITORY / "src" / "syncfusion"
MEMORY = 700  # MiB that a file of some kilobytes may take at most
ANY = "*"
CALLS: dict[str, tuple[str, ...]] = {  # by module: functions that load, or run something
    "": ("load_file", "safe_open", "read_pickle", "parse_json", "parse_yaml", "open_https", "gopen")
    + ("hf_hub_download", "decode_image", "eval", "exec", "compile", "__import__"),
    "torch": ("load",),
    "np": ("load", "memmap", "fromfile", "frombuffer", "loadtxt", "genfromtxt"),
    "yaml": ("load", "safe_load", "safe_load_all", "load_all", "full_load", "unsafe_load"),
    "json": ("load", "loads"),
    "tomllib": ("load", "loads"),
    "pickle": (ANY,),
    "marshal": (ANY,),
    "shelve": (ANY,),
    "tarfile": ("open",),
    "zipfile": ("ZipFile",),
    "gzip": (ANY,),
    "bz2": (ANY,),
    "lzma": (ANY,),
    "zlib": ("decompress", "decompressobj"),
    "av": ("open",),
    "soundfile": ("read", "info", "blocks", "SoundFile"),
    "wave": ("open",),
    "librosa": ("load",),
    "torchaudio": ("load",),
    "cv2": ("imread", "imdecode", "VideoCapture"),
    "Image": ("open",),
    "csv": ("reader", "DictReader"),
    "ElementTree": ("fromstring", "parse", "iterparse", "XML"),
    "mido": ("MidiFile",),
    "otio": ("adapters",),
    "OmegaConf": ("load",),
    "pd": (ANY,),
    "sqlite3": ("connect",),
    "shutil": ("unpack_archive",),
    "subprocess": ("run", "Popen", "call", "check_call", "check_output"),
    "asyncio": ("create_subprocess_exec", "create_subprocess_shell"),
    "os": ("system", "popen", "execv", "execve", "execvp", "spawnv"),
    "importlib": ("import_module",),
    "hub": (ANY,),
    "urllib": ("request",),
}
OWN = "own"  # reads what this program made, or runs a list of words that no file decides
LOADERS = {  # "module: call": the readers below that try it, or OWN with the reason
    "checkpoint/files.py: read_pickle": "checkpoint",
    "checkpoint/folders.py: load_file": "folder of weights",
    "checkpoint/folders.py: parse_yaml": "folder of weights",
    "checkpoint/https.py: open_https": "own: tests/checkpoint/test_download.py, a lying server",
    "checkpoint/https.py: parse_json": "own: tests/checkpoint/test_download.py, a lying server",
    "checkpoint/https.py: urllib.request.Request": "own: https alone",
    "checkpoint/https.py: urllib.request.build_opener": "own: https alone",
    "checkpoint/hub.py: hf_hub_download": "own: pinned by sha256, tests/checkpoint/test_hub.py",
    "checkpoint/transfer.py: open_https": "own: tests/checkpoint/test_download.py, a lying server",
    "cli/export.py: parse_json": "own: the record of the result that was just made",
    "cli/studio.py: parse_yaml": "preset",
    "cli/train_diffusion.py: yaml.safe_load": "own: words of the command line",
    "evaluation/frechet/vggish.py: read_pickle": "vggish",
    "evaluation/report/svg.py: ElementTree.fromstring": "own: a picture of matplotlib",
    "event_table.py: csv.reader": "events",
    "exchange/dawproject.py: ElementTree.fromstring": "events",
    "exchange/dawproject.py: zipfile.ZipFile": "events",
    "exchange/jsonfile.py: parse_json": "events",
    "exchange/midi.py: mido.MidiFile": "events",
    "exchange/opentimeline.py: otio.adapters.read_from_string": "events",
    "exchange/opentimeline.py: otio.adapters.write_to_string": "own: writes",
    "exchange/pops.py: wave.open": "own: a stem that was just made",
    "exchange/rows.py: csv.DictReader": "events",
    "experiments/render_set.py: json.loads": "own: what was dumped a line before",
    "experiments/render_set.py: parse_json": "own: settings of an earlier run, compared alone",
    "library/index.py: parse_json": "library index",
    "library/index.py: safetensors.safe_open": "library index",
    "library/index.py: soundfile.info": "recording",
    "media/container.py: av.open": "video",
    "media/encode.py: av.open": "own: writes",
    "media/isolation.py: subprocess.Popen": "own: this program again, words in a list",
    "media/muxing.py: av.open": "own: writes",
    "media/muxing.py: soundfile.SoundFile": "muxed sound",
    "media/outputs.py: av.open": "own: writes",
    "media/proxy.py: av.open": "own: writes",
    "media/sounds.py: soundfile.info": "sound",
    "media/sounds.py: soundfile.read": "sound",
    "media/wav.py: soundfile.SoundFile": "own: writes",
    "media/wire.py: parse_json": "own: answers of the process that decodes, plain values",
    "media/wire.py: pickle.dumps": "own: requests of this process",
    "media/wire.py: pickle.loads": "own: requests of the process that started this one",
    "onset/data/clips.py: parse_json": "processed video",
    "onset/data/frames.py: decode_image": "frames as JPEG",
    "onset/data/frames.py: np.load": "processed video",
    "onset/data/frames.py: np.memmap": "processed video",
    "onset/data/raw.py: parse_json": "processed video",
    "onset/motion/clips.py: np.load": "motion of clips",
    "onset/motion/own.py: np.load": "kept motion",
    "onset/motion/strength.py: parse_yaml": "strength",
    "onset/pretrained.py: read_pickle": "pretrained",
    "places.py: tomllib.loads": "own: pyproject.toml beside the package",
    "plain_values.py: json.loads": "plain json",
    "plain_values.py: yaml.load": "plain yaml",
    "plain_values.py: zipfile.ZipFile": "kept motion",
    "preprocess/annotations.py: parse_json": "own: metadata that preprocessing wrote",
    "preprocess/videos.py: parse_json": "own: metadata that preprocessing wrote",
    "product/in_room.py: soundfile.info": "own: a sound that was just made",
    "product/preset.py: parse_yaml": "preset",
    "product/sounds.py: soundfile.blocks": "own: a sound that was just made",
    "prompt/clap/weights.py: read_pickle": "clap",
    "prompt/compact/encoder.py: load_file": "prompt encoder",
    "prompt/compact/encoder.py: parse_json": "prompt encoder",
    "recipe/card.py: csv.DictReader": "own: the table of a training",
    "recipe/command.py: parse_json": "own: state of the recipe",
    "recipe/job.py: importlib.import_module": "own: a job of the recipe, by a list of its own",
    "recipe/job.py: parse_json": "own: a job that the recipe wrote",
    "recipe/size.py: parse_yaml": "own: sizes that come with the program",
    "recipe/steps.py: parse_json": "own: state of the recipe",
    "recipe/steps.py: subprocess.Popen": "own: this program again, words in a list",
    "rendering/events/cache.py: np.frombuffer": "take",
    "shards/access.py: gopen": "shard",
    "shards/embeddings.py: np.load": "shard",
    "shards/recording.py: soundfile.read": "shard",
    "shards/tars.py: tarfile.open": "shard",
    "studio/project.py: parse_json": "project",
    "studio/renders.py: asyncio.create_subprocess_exec": "own: words in a list",
    "studio/renders.py: json.loads": "own: requests that this server kept",
    "studio/routes/media.py: parse_json": "own: tests/studio/test_app.py, a project of others",
    "studio/work/loop.py: importlib.import_module": "own: kinds of jobs, by a list",
    "studio/work/messages.py: json.loads": "own: the server's pipe",
    "studio/work/opening.py: parse_json": "own: compared alone",
    "studio/work/store.py: parse_json": "take of a project",
    "studio/work/store.py: soundfile.info": "take of a project",
    "studio/work/store.py: soundfile.read": "take of a project",
    "studio/worker_process.py: asyncio.create_subprocess_exec": "own: words in a list",
    "studio/worker_process.py: json.loads": "own: the worker's pipe",
    "trainer/csv_logger.py: csv.DictReader": "own: the table of the same training",
    "trainer/slurm.py: subprocess.run": "own: words in a list",
    "training/cross_validation.py: np.load": "own: curves of the same command",
    "training/logged_media.py: Image.open": "own: a picture that was just drawn",
    "training/named_code.py: parse_yaml": "settings of a training",
    "training/onset.py: OmegaConf.load": "own: a file of cfg/",
    "training/onset_evaluation.py: read_pickle": "frame size",
    "training/onset_training.py: json.loads": "own: what was dumped a line before",
    "training/onset_training.py: read_pickle": "last checkpoint",
    "training/own_clips.py: parse_json": "own clip",
    "training/run_record.py: json.loads": "own: what was dumped a line before",
    "training/run_record.py: parse_json": "own: the record of the same run",
    "training/run_record.py: subprocess.run": "own: words in a list",
    "weights.py: torch.load": "checkpoint",
}


@cache
def called(path: Path) -> list[tuple[str, ast.Call]]:
    """The calls of a module by their dotted names; methods of what a call returned have none."""
    nodes = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return [(name, node) for node in nodes if (name := dotted(node.func))]


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    before = dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{before}.{node.attr}" if before else ""


def calls(path: Path) -> Iterator[str]:
    """Yield the calls of a module that load something, as ``LOADERS`` names them."""
    for name, _ in called(path):
        module, _, rest = name.partition(".")
        known = CALLS.get(module, ()) if rest else CALLS[""]
        last = name.rpartition(".")[2]
        bare = last in CALLS[""] and last not in ("eval", "compile", "exec")
        if ANY in known or (rest or name).partition(".")[0] in known or bare:
            yield f"{path.relative_to(PACKAGE)}: {name}"


@pytest.fixture(scope="module", autouse=True)
def parsed() -> None:
    """Parse the package once, before the clocks of the tests run."""
    for path in PACKAGE.rglob("*.py"):
        called(path)


def test_every_call_that_loads_something_is_known_here():
    found = {call for path in PACKAGE.rglob("*.py") for call in calls(path)}
    assert sorted(found - LOADERS.keys()) == [], "name the reader that tries it, or why it is OWN"
    assert sorted(LOADERS.keys() - found) == [], "these are gone"


def test_every_loader_of_what_others_wrote_is_tried():
    tried = {reader for reader in LOADERS.values() if not reader.startswith(f"{OWN}: ")}
    assert tried == READERS.keys()


def test_a_new_loader_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    source = "import np, pickle\npickle.Unpickler(f).load()\nnp.load(f)\na.b.load_file(f)\neval(x)"
    (tmp_path / "new.py").write_text(source + "\nnet.eval()\nre.compile('a')\nself.load(f)")
    names = [call.removeprefix("new.py: ") for call in calls(tmp_path / "new.py")]
    assert sorted(names) == ["a.b.load_file", "eval", "np.load", "pickle.Unpickler"]


def test_no_shell_runs_and_no_pickle_is_trusted():
    for path in PACKAGE.rglob("*.py"):
        for name, node in called(path):
            given = {word.arg: ast.unparse(word.value) for word in node.keywords}
            place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
            assert given.get("shell", "False") == "False", place
            assert given.get("weights_only", "True") == "True", place
            assert given.get("allow_pickle", "False") == "False", place
            assert name != "torch.load" or "weights_only" in given, place
            assert name != "np.load" or "allow_pickle" in given, place
            assert name not in ("os.system", "os.popen", "subprocess.getoutput"), place


def _weights(path: Path) -> None:
    from syncfusion.checkpoint import load_diffusion, load_onset

    for name, load in (("onset", load_onset), ("diffusion", load_diffusion)):
        content, good = path.read_bytes(), save({"a": torch.zeros(2)})
        for weights, settings in ((content, b"width: 2"), (good, content)):
            (path.parent / f"{name}.safetensors").write_bytes(weights)
            (path.parent / f"{name}.yaml").write_bytes(settings)
            with pytest.raises(InputError):
                load(path.parent)


def _checkpoint(path: Path) -> None:
    from syncfusion.checkpoint import load_diffusion, load_onset, verify

    for load in (load_onset, load_diffusion, verify):
        with pytest.raises(InputError):
            load(_named(path, "a.ckpt"))


def _events(path: Path) -> None:
    from syncfusion.exchange import CATALOGUE, read_events

    for facts in CATALOGUE.values():
        _allowing_refusal(read_events, _named(path, f"a{facts.suffix}"))


def _preset(path: Path) -> None:
    from syncfusion.cli.studio import _decoding
    from syncfusion.product.preset import find_preset

    _named(path, "preset.yaml")
    _allowing_refusal(_decoding, str(path.parent))
    _allowing_refusal(find_preset, path.parent)


def _processed(path: Path) -> None:
    from syncfusion.onset import Clip, source_video

    name = path.parent.name
    metadata = {"processed": {"video_frame_rate": 15, "video_duration": 0.3}}
    for content in (path.read_bytes(), json.dumps(metadata).encode()):
        (path.parent / f"{name}.metadata.json").write_bytes(content)
        (path.parent / f"{name}.frames.npy").write_bytes(path.read_bytes())
        (path.parent / f"{name}.times.csv").write_bytes(b"0.1,a\n")
        _allowing_refusal(Clip.open, path.parent)
        assert source_video(path.parent, 0.3) is None


def _jpegs(path: Path) -> None:
    from syncfusion.onset.data.frames import JpegFrames

    _named(path, "a.frame_000001.jpg")
    path.unlink()
    with pytest.raises(InputError):
        JpegFrames.open(path.parent, "a")


def _video(path: Path) -> None:
    from syncfusion.exchange import picture_timeline
    from syncfusion.media import probe

    for suffix in (".mp4", ".mkv", ".ts", ".avi"):
        for read in (probe, picture_timeline):
            with pytest.raises(InputError):
                read(_named(path, f"a{suffix}"))


def _sound(path: Path) -> None:
    from syncfusion.media import read_audio

    _allowing_refusal(read_audio, _named(path, "a.wav"))


def _recording(path: Path) -> None:
    from syncfusion.library.index import read_recording

    _allowing_refusal(read_recording, _named(path, "a.flac"))


def _muxed(path: Path) -> None:
    from syncfusion.media.muxing import _open_sound

    with pytest.raises(InputError):
        _open_sound(_named(path, "a.wav"))


def _index(path: Path) -> None:
    from syncfusion.library.index import VERSION, _read_kept

    assert _read_kept(path) == ({}, {})
    meta = {"version": VERSION, "entries": path.read_bytes().decode("latin-1")}
    path.write_bytes(save({"0": torch.zeros(1, 3)}, meta))
    assert _read_kept(path) == ({}, {})


def _motion(path: Path) -> None:
    from syncfusion.onset.motion import clips

    computed = clips.Motion(np.zeros(1), np.zeros((1, 9, 14, 24), np.float32), 1.0)
    key = clips._key(path)
    (path.parent / f"{key}.motion.npz").write_bytes(path.read_bytes())
    assert clips.kept_motion(path.parent, path, 0, lambda: computed) is computed


def _kept(path: Path) -> None:
    from syncfusion.onset import read_kept

    with pytest.raises(InputError):
        read_kept(path)


def _strength(path: Path) -> None:
    from syncfusion.onset import StrengthModel

    with pytest.raises(InputError):
        StrengthModel.read(path)


def _pretrained(path: Path) -> None:
    from syncfusion.onset.pretrained import _read

    _allowing_refusal(_read, path)


def _json(path: Path) -> None:
    from syncfusion.plain_values import parse_json

    with pytest.raises(ValueError, match="[^\n]"):
        parse_json(path.read_bytes() + b"[")


def _yaml(path: Path) -> None:
    from syncfusion.plain_values import parse_yaml

    try:
        values = parse_yaml(path.read_bytes().decode("latin-1"))
    except ValueError as error:
        values = str(error).splitlines()[1:]
    assert isinstance(values, str | list | dict | None)


def _clap(path: Path) -> None:
    from syncfusion.prompt.clap.weights import read_clap

    with pytest.raises(InputError):
        read_clap(path)


def _prompt(path: Path) -> None:
    from syncfusion.prompt.compact import CompactPromptEncoder

    for name, other in (("prompt.json", "safetensors"), ("prompt.safetensors", "json")):
        _named(path, name)
        kept = REPOSITORY / "checkpoints" / "compact" / f"prompt.{other}"
        (path.parent / kept.name).write_bytes(kept.read_bytes())
        with pytest.raises(InputError):
            CompactPromptEncoder.load(path.parent)


def _take(path: Path) -> None:
    from syncfusion.rendering.events.cache import TakeCache

    (path.parent / "aa").mkdir()
    (path.parent / "aa" / "aab.take").write_bytes(path.read_bytes())
    assert TakeCache(path.parent).get("aab") is None


def _project_take(path: Path) -> None:
    from syncfusion.studio.work.store import TakeStore

    _named(path, "a.wav")
    for facts in (path.read_bytes(), b'{"attack": 1, "samples": 10}'):
        (path.parent / "a.json").write_bytes(facts)
        assert TakeStore(path.parent).get("a") is None


def _shard(path: Path) -> None:
    from syncfusion.shards import Faults, read_recordings

    wav = (b"RIFF", path.read_bytes())
    for content in (
        path.read_bytes(),
        *(_sample(path.read_bytes(), wav[0] + part) for part in wav),
    ):
        _named(path, "a.tar").write_bytes(content)
        _allowing_refusal(
            lambda shard: list(read_recordings(shard, Faults(9))), str(path.parent / "a.tar")
        )


def _sample(content: bytes, wav: bytes) -> bytes:
    """A shard whose members are hostile."""
    members = [
        ("s.resampled.wav", wav),
        ("s.times.csv", b"0.01,a\n"),
        ("s.embeddings.npz", content),
    ]
    return tar_file(*members)


def _project(path: Path) -> None:
    from syncfusion.studio.folder import ProjectFolder

    _named(path, "project.json")
    with pytest.raises(InputError):
        ProjectFolder.open(path.parent)


def _vggish(path: Path) -> None:
    from syncfusion.evaluation.frechet.vggish import VGGish

    with pytest.raises(InputError):
        VGGish.from_file(path)


def _frame_size(path: Path) -> None:
    from syncfusion.training.onset_evaluation import PUBLISHED_SIZE, trained_frame_size

    assert trained_frame_size(_named(path, "a.ckpt")) == PUBLISHED_SIZE


def _own_clip(path: Path) -> None:
    from syncfusion.training.own_clips import _of_project

    _named(path, "project.json")
    with pytest.raises(InputError):
        _of_project(path.parent)


def _training_settings(path: Path) -> None:
    from syncfusion.training.named_code import read_settings

    with contextlib.suppress(InputError):  # a name alone is plain yaml
        read_settings(_named(path, "a.yaml"))


def _last_checkpoint(path: Path) -> None:
    from syncfusion.training.onset_training import _step

    assert _step(_named(path, "last.ckpt")) == -1


READERS: dict[str, Callable[[Path], None]] = {
    "checkpoint": _checkpoint,
    "clap": _clap,
    "events": _events,
    "folder of weights": _weights,
    "frame size": _frame_size,
    "frames as JPEG": _jpegs,
    "kept motion": _kept,
    "last checkpoint": _last_checkpoint,
    "library index": _index,
    "motion of clips": _motion,
    "muxed sound": _muxed,
    "own clip": _own_clip,
    "plain json": _json,
    "plain yaml": _yaml,
    "preset": _preset,
    "pretrained": _pretrained,
    "processed video": _processed,
    "project": _project,
    "prompt encoder": _prompt,
    "recording": _recording,
    "settings of a training": _training_settings,
    "shard": _shard,
    "sound": _sound,
    "strength": _strength,
    "take": _take,
    "take of a project": _project_take,
    "vggish": _vggish,
    "video": _video,
}


@pytest.fixture(scope="module")
def contents(tmp_path_factory) -> tuple[Path, dict[str, bytes]]:
    """The hostile contents, and the file that is there once one of them has run."""
    canary = tmp_path_factory.mktemp("canary") / "it-ran"
    return canary, hostile(canary)


@pytest.mark.slow
@pytest.mark.parametrize("reader", sorted(READERS))
def test_no_hostile_file_runs_escapes_or_takes_much_memory(contents, tmp_path, reader, monkeypatch):
    canary, files = contents
    READERS[reader](_written(tmp_path / "first", b"warm"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, (name, content) in enumerate(files.items()):
        folder = tmp_path / f"n{number}" / "in" / "ner"
        try:
            READERS[reader](_written(folder, content))
        except BaseException as error:
            raise AssertionError(f"{reader} is not safe from {name}") from error
        outside = [p for p in folder.parents[1].iterdir() if p.name != "in"]
        assert not canary.exists(), f"{reader} ran what came as {name}"
        assert outside + [p for p in folder.parent.iterdir() if p != folder] == []
    taken = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    assert taken < MEMORY


def _written(folder: Path, content: bytes) -> Path:
    folder.mkdir(parents=True)
    path = folder / "file"
    path.write_bytes(content)
    return path


def _named(path: Path, name: str) -> Path:
    """Write the same content under another name beside it."""
    other = path.with_name(name)
    other.write_bytes(path.read_bytes())
    return other


def _allowing_refusal(read: Callable, given: object) -> None:
    """Read something that may hold nothing bad; a refusal is one sentence."""
    try:
        read(given)
    except InputError as error:
        sentence = str(error)
        assert sentence.strip() and "\n" not in sentence, sentence  # noqa: PT017, PT018
