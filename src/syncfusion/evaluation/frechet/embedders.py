"""Embedders: sounds as points, for distances between sets of sounds.

A Fréchet distance means something only beside others of the same embedder, so each says who it is
and which weights it uses; both stand in every result.
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
FLOOR = 1e-6  # of mel power; about -90 dBFS
LIBRARIES = ("numpy", "torch", "torchaudio")  # whose arithmetic an embedding passes through


@runtime_checkable
class Embedder(Protocol):
    """Turns a sound into one or more vectors.

    ``name`` says which embedder it is, ``weights`` is the sha256 of its weights or "none".
    """

    @property
    def name(self) -> str:
        """What a table calls it."""
        ...

    @property
    def weights(self) -> str:
        """Sha256 of the weights; "none" where there are none."""
        ...

    def __call__(self, sound: Waveform) -> Float[Tensor, "frame feature"]:
        """Return the vectors of one sound; none if it is too short for one."""
        ...


@dataclass(frozen=True)
class Embeddings:
    """The vectors of a set of sounds, and where they come from.

    Args:
        sounds: one (frame, feature) block per sound; all with as many features.
        embedder: name.
        weights: sha256 of the embedder's weights, or "none".
        dtype: that the vectors came in; statistics are computed in float64 whatever it is.
        libraries: their versions, by name.
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
        """Return the vectors of some of the sounds."""
        chosen = tuple(self.sounds[index] for index in indices)
        return Embeddings(chosen, self.embedder, self.weights, self.dtype, self.libraries)


def embed_all(embedder: Embedder, sounds: Iterable[Waveform]) -> Embeddings:
    """Embed a set of sounds.

    Args:
        embedder: one of this module's, ``vggish``'s, or any other that keeps the protocol.
        sounds: any rate and channels.

    Returns:
        Their vectors.

    Raises:
        InputError: if there is no sound, or one is too short for a single vector.
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
    """Mean and spread of the log-mel spectrum over each second; needs no download.

    A rough stand-in where there are no weights: it hears spectrum, level and how steady a sound is,
    nothing of what it means. Never to be called FAD without its name.
    """

    name = "logmel"
    weights = NO_WEIGHTS

    def __call__(self, sound: Waveform) -> Float[Tensor, "frame 64"]:
        """Return one vector per second, of a last one that is begun too if over half or alone.

        Args:
            sound: any rate and channels, not empty.

        Returns:
            The mean over time of each of 32 bands (40 Hz to 20 kHz, natural logarithm of the
            power), then the standard deviation of each.
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
    """A prompt encoder's vectors of sounds, one per sound; with CLAP, the paper's own space.

    Args:
        encoder: CLAP or a preset's.
        name: what a table calls it ("clap").
        weights: sha256 of its weights.
    """

    encoder: PromptEncoder
    name: str
    weights: str

    def __call__(self, sound: Waveform) -> Float[Tensor, "1 512"]:
        """Return the vector of one sound; a silent one is an InputError."""
        return self.encoder.embed(sound)[None]
