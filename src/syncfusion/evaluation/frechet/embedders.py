"""Embedders map sounds to vectors, for distances between sets of sounds.

Fréchet distances are comparable only between results of the same embedder, so every result names
its embedder and the hash of its weights.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor
from torchaudio.transforms import MelSpectrogram

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import Waveform
from syncfusion.prompt import PromptEncoder

NO_WEIGHTS = "none"
HOP = 480  # samples: 10 ms per column of the log-mel spectrum
FLOOR = 1e-6  # lower bound of mel power; about -90 dBFS
LIBRARIES = ("numpy", "torch", "torchaudio")  # their versions can change an embedding


@runtime_checkable
class Embedder(Protocol):
    """Maps a sound to one or more vectors."""

    @property
    def name(self) -> str:
        """Name of the embedder in tables."""
        ...

    @property
    def weights(self) -> str:
        """Sha256 of the weights; "none" for an embedder without weights."""
        ...

    def __call__(self, sound: Waveform) -> Float[Tensor, "frame feature"]:
        """Return the vectors of one sound; an empty tensor if it is too short for one."""
        ...


@dataclass(frozen=True)
class Embeddings:
    """The vectors of a set of sounds, and the embedder that computed them.

    Args:
        sounds: one (frame, feature) block per sound; all with the same number of features.
        embedder: name of the embedder.
        weights: sha256 of the embedder's weights, or "none".
        dtype: original dtype of the vectors; statistics are always computed in float64.
        libraries: versions by library name.
    """

    sounds: tuple[Float[Tensor, "_frame feature"], ...]
    embedder: str
    weights: str = NO_WEIGHTS
    dtype: str = "float32"
    libraries: dict[str, str] = field(default_factory=dict)

    def frames(self) -> Float[Tensor, "frame feature"]:
        """Return the vectors of all sounds, in float64."""
        return torch.cat(self.sounds).double()

    def of(self, indices: Iterable[int]) -> "Embeddings":
        """Return the vectors of a subset of the sounds."""
        chosen = tuple(self.sounds[index] for index in indices)
        return Embeddings(chosen, self.embedder, self.weights, self.dtype, self.libraries)


def embed_all(embedder: Embedder, sounds: Iterable[Waveform]) -> Embeddings:
    """Embed a set of sounds.

    Args:
        embedder: any object with the protocol ``Embedder``.
        sounds: sounds of any rate and number of channels.

    Returns:
        Their vectors.

    Raises:
        InputError: if there is no sound, or a sound is too short for a single vector.
    """
    blocks = []
    for number, sound in enumerate(sounds, 1):
        block = embedder(sound)
        if not len(block):
            raise InputError(
                f"sound {number} lasts {sound.duration:.2f} s, too short for {embedder.name}; "
                "leave it out or choose another embedder"
            )
        blocks.append(block)
    if not blocks:
        raise InputError("there are no sounds to embed; give at least one")
    dtype = str(blocks[0].dtype).removeprefix("torch.")
    libraries = {library: version(library) for library in LIBRARIES}
    return Embeddings(tuple(blocks), embedder.name, embedder.weights, dtype, libraries)


class LogMel:
    """Mean and standard deviation of the log-mel spectrum per second; needs no download.

    A substitute for embedders with weights: it represents spectrum, loudness and their variation,
    but no semantics. Distances in it must be reported with its name.
    """

    name = "logmel"
    weights = NO_WEIGHTS

    def __call__(self, sound: Waveform) -> Float[Tensor, "frame 64"]:
        """Return one vector per second.

        A final partial second counts if it is at least half a second, or the only one.

        Args:
            sound: a non-empty sound of any rate and number of channels.

        Returns:
            The mean over time of 32 bands (40 Hz to 20 kHz, natural logarithm of the power), then
            their standard deviations.
        """
        samples = sound.mono().resampled(SAMPLE_RATE).samples[0]
        bands = MelSpectrogram(
            SAMPLE_RATE,
            n_fft=2048,
            hop_length=HOP,
            f_min=40.0,
            f_max=20_000.0,
            n_mels=32,
            pad_mode="constant",
        )(samples)
        seconds = list((bands + FLOOR).log().split(SAMPLE_RATE // HOP, dim=1))
        if len(seconds) > 1 and 2 * seconds[-1].shape[1] < SAMPLE_RATE // HOP:
            seconds.pop()
        return torch.stack([torch.cat((s.mean(1), s.std(1, unbiased=False))) for s in seconds])


@dataclass(frozen=True)
class PromptSpace:
    """Embeds sounds with a prompt encoder, one vector per sound; the paper uses CLAP.

    Args:
        encoder: CLAP, or the prompt encoder of a preset.
        name: name of the embedder in tables ("clap").
        weights: sha256 of the encoder's weights.
    """

    encoder: PromptEncoder
    name: str
    weights: str

    def __call__(self, sound: Waveform) -> Float[Tensor, "1 512"]:
        """Return the vector of one sound; raise InputError for a silent one."""
        return self.encoder.embed(sound)[None]
