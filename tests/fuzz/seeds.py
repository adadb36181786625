"""Real files to begin from, made on the spot; the shared clips where they are at hand."""

import io
import json
import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile

from helpers.exchange_files import session
from helpers.media_files import make_video, regular
from helpers.places import REPOSITORY

Seeds = dict[str, bytes]  # content by file name
CONTAINERS = (".mp4", ".mov", ".mkv", ".ts", ".avi")


def event_files(folder: Path) -> Seeds:
    """One file of every exchange format, and tables of other programs."""
    from syncfusion.exchange import CATALOGUE, write_events

    made = session(folder)
    found = {f"a{CATALOGUE[name].suffix}": write_events(made, name) for name in CATALOGUE}
    for number, text in enumerate(
        ("2.6667,ceramic hit\n3.5,wood hit\n", "0.5 wood hit\n", "time;label\n0,5;a\n1,25;b\n")
    ):
        found[f"table{number}.csv"] = text.encode()
    return found | _annotations()


def videos(folder: Path) -> Seeds:
    """Small videos with sound in several containers, and cuts of the shared clips."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 48_000).astype(np.float32)
    found = {}
    for suffix in CONTAINERS:
        path = folder / f"made{suffix}"
        codec = "mpeg4" if suffix == ".avi" else "libx264"
        clock = Fraction(1, 25) if suffix == ".avi" else Fraction(1, 60_000)
        sound = None if suffix == ".avi" else noise
        made = make_video(path, regular(25, 25), sound=sound, codec=codec, clock=clock, b_frames=1)
        found[path.name] = made.read_bytes()
    for clip in real_clips()[:2]:
        for suffix in (".mp4", ".mkv", ".ts"):
            path = folder / f"{clip.stem}{suffix}"
            _copy_seconds(clip, path, 1.0)
            found[path.name] = path.read_bytes()
    return found


def sounds() -> Seeds:
    """The same sound in several containers and encodings."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (4800, 2)).astype(np.float32)
    kinds = {
        "a16.wav": ("WAV", "PCM_16"),
        "a24.wav": ("WAV", "PCM_24"),
        "float.wav": ("WAV", "FLOAT"),
        "wide.wav": ("WAVEX", "PCM_16"),
        "a.rf64.wav": ("RF64", "PCM_16"),
        "adpcm.wav": ("WAV", "MS_ADPCM"),
        "a.flac": ("FLAC", "PCM_16"),
        "a.ogg": ("OGG", "VORBIS"),
        "a.mp3": ("MP3", "MPEG_LAYER_III"),
        "a.aiff": ("AIFF", "PCM_16"),
        "a.caf": ("CAF", "PCM_16"),
    }
    found = {}
    for name, (format, subtype) in kinds.items():
        written = io.BytesIO()
        soundfile.write(written, noise, 48_000, format=format, subtype=subtype)
        found[name] = written.getvalue()
    return found


def projects() -> Seeds:
    """Projects of the studio: an empty one, and one with everything in it."""
    event = {"id": "e1", "time": 0.5, "group": "g1", "label": "a", "seed": 3, "gain": 0.5}
    full = {
        "version": 1,
        "revision": 4,
        "name": "clip",
        "video": "clip.mp4",
        "duration": 2.0,
        "frame_rate": [25, 1],
        "groups": [{"id": "g1", "name": "hits", "prompt": "wood hit", "color": 2}],
        "events": [event, event | {"id": "e2", "time": 1.25, "take": "0" * 64, "end": 1.5}],
        "rejected": [0.25],
    }
    empty = {"version": 1, "name": "clip", "video": "clip.mp4"}
    return {
        "full.json": json.dumps(full).encode(),
        "empty.json": json.dumps(empty, indent=1).encode(),
    }


def real_clips() -> list[Path]:
    """The shared clips; none where they are not at hand."""
    places = [os.environ.get("SYNCFUSION_GREATEST_HITS"), os.environ.get("DIR_DATA")]
    places += [REPOSITORY.parent / "shared" / "greatest-hits"]
    places += [REPOSITORY.parents[1] / "shared" / "greatest-hits"]
    for place in filter(None, places):
        if (Path(place) / "videos").is_dir():
            return sorted((Path(place) / "videos").glob("*.mp4"))
    return []


def _annotations() -> Seeds:
    clips = real_clips()
    if not clips:
        return {}
    files = sorted((clips[0].parents[1] / "times").glob("*.txt"))[:2]
    return {file.name: file.read_bytes() for file in files}


def _copy_seconds(clip: Path, path: Path, seconds: float) -> None:
    """Copy the first packets of a clip's streams, undecoded."""
    with av.open(str(clip)) as source, av.open(str(path), "w") as target:
        pairs = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is None or packet.dts * packet.time_base > seconds:
                continue
            packet.stream = pairs[packet.stream.index]
            target.mux(packet)
