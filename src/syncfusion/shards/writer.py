"""Writing shards: processed videos packed into a tar, with the same bytes every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.prompt import PromptEncoder
from syncfusion.shards.embeddings import EncoderIdentity, embed_hits
from syncfusion.shards.recording import decode
from syncfusion.shards.tars import EMBEDDINGS, PREDICTED, SOUND, TIMES, Sample


@dataclass(frozen=True)
class Extras:
    """Content of a shard beside sound and annotated onsets.

    Args:
        predictions: folder of ``<id>.times.pred.csv`` or ``<id>/<id>.times.pred.csv``.
        encoder: makes the prompt embeddings of every hit and label; None for no embeddings.
        identity: name and hash of that encoder.
    """

    predictions: Path | None = None
    encoder: PromptEncoder | None = None
    identity: EncoderIdentity = EncoderIdentity("", "")


def write_shard(videos: Sequence[Path], shard: Path, extras: Extras | None = None) -> None:
    """Pack processed videos into one tar, whole or not at all.

    Args:
        videos: folders ``<id>`` with ``<id>.times.csv`` and ``audio/<id>.resampled.wav``.
        shard: the tar to write.
        extras: further content; None for none.

    Raises:
        InputError: if a folder lacks a file or holds one that training cannot use.
    """
    from webdataset.writer import TarWriter

    with temporary_sibling(shard, is_result=True) as temporary:
        writer = TarWriter(str(temporary), encoder=False, mtime=0, user="", group="")
        with writer:
            for folder in sorted(videos, key=lambda video: video.name):
                writer.write(_sample(folder, extras or Extras()))


def _sample(folder: Path, extras: Extras) -> Sample:
    files = ClipFiles(folder, folder.name)
    sample = {
        "__key__": folder.name,
        SOUND: _content(files.audio),
        TIMES: _content(files.times),
    }
    if extras.predictions is not None:
        sample[PREDICTED] = _content(_prediction(extras.predictions, folder.name))
    try:
        recording = decode(sample)
    except InputError as error:
        raise InputError(f"{folder} {error}; preprocess this video again") from error
    if extras.encoder is not None:
        embeddings = embed_hits(
            recording.waveform, recording.track, extras.encoder, extras.identity
        )
        sample[EMBEDDINGS] = embeddings.to_bytes()
    return sample


def _prediction(folder: Path, name: str) -> Path:
    own = folder / name / f"{name}.{PREDICTED}"
    return own if own.is_file() else folder / f"{name}.{PREDICTED}"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} is missing; make it first, or take its video out") from error
