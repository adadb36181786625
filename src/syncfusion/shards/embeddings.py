"""Prompt embeddings inside a shard: one per hit, one per label, and the encoder they are from."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import PROMPT_FEATURES
from syncfusion.errors import InputError
from syncfusion.media import Waveform
from syncfusion.plain_values import BROKEN_ARRAYS, check_archive
from syncfusion.prompt import PromptEncoder
from syncfusion.shards.references import hit_spans
from syncfusion.track import OnsetTrack

UNKNOWN = "None"  # Greatest Hits' word for a material or action that was not annotated


class EncoderIdentity(NamedTuple):
    """Name of a prompt encoder, and the sha256 of its weights."""

    name: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:8]})"


@dataclass(frozen=True)
class HitEmbeddings:
    """Embeddings of the hits and labels of one recording.

    Args:
        encoder: which encoder.
        hits: a unit vector per onset; zeros for an inaudible one.
        texts: a unit vector per label that can be a prompt.
    """

    encoder: EncoderIdentity
    hits: Float[Tensor, "onset 512"]
    texts: Mapping[str, Float[Tensor, "512"]]

    def to_bytes(self) -> bytes:
        """Return the content of an npz file; equal embeddings give equal bytes."""
        content = io.BytesIO()
        labels = sorted(self.texts)
        np.savez(
            content,
            encoder=np.array(self.encoder),
            hits=self.hits.numpy(),
            labels=np.array(labels, dtype=np.str_),
            texts=np.array([self.texts[label].numpy() for label in labels], np.float32),
        )
        return content.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes, track: OnsetTrack) -> "HitEmbeddings":
        """Read what ``to_bytes`` returned.

        Args:
            content: of the file.
            track: the annotated onsets of the recording.

        Returns:
            The embeddings.

        Raises:
            InputError: if it is no such file or belongs to other onsets; the message is a clause.
        """
        try:
            check_archive(packed := io.BytesIO(content))
            with np.load(packed, allow_pickle=False) as stored:
                name, sha256 = stored["encoder"].tolist()
                hits = torch.from_numpy(stored["hits"].astype(np.float32))
                vectors = torch.from_numpy(stored["texts"].astype(np.float32))
                texts = dict(zip(stored["labels"].tolist(), vectors, strict=True))
        except (OSError, *BROKEN_ARRAYS) as error:
            raise InputError(f"has embeddings that cannot be read: {error}") from error
        if hits.shape != (len(track), PROMPT_FEATURES) or _texts(track) - texts.keys():
            raise InputError(f"has embeddings of other onsets than its {len(track)}")
        return cls(EncoderIdentity(name, sha256), hits, texts)


def as_text(label: str) -> str:
    """Return a label as a text prompt, or "" if part of it was not annotated."""
    return "" if UNKNOWN in label.split() else label


def _texts(track: OnsetTrack) -> set[str]:
    return {as_text(label) for label in track.labels} - {""}


def embed_hits(
    waveform: Waveform, track: OnsetTrack, encoder: PromptEncoder, identity: EncoderIdentity
) -> HitEmbeddings:
    """Embed every hit of a recording, each on its own, and every text of its labels.

    Args:
        waveform: the recording.
        track: its annotated onsets.
        encoder: the prompt encoder.
        identity: its name and hash.

    Returns:
        The embeddings.
    """
    spans = hit_spans(waveform, track)
    audible = [index for index, span in enumerate(spans) if span.audible]
    hits = torch.zeros(len(spans), PROMPT_FEATURES)
    sounds = [spans[index].within(waveform) for index in audible]
    hits[audible] = encoder.embed_sounds(sounds).float().cpu()
    texts = sorted(_texts(track))
    vectors = encoder.embed_texts(texts).float().cpu()
    return HitEmbeddings(identity, hits, dict(zip(texts, vectors, strict=True)))
