"""The bundled prompt encoder: small, offline, the same for text and reference sounds."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import torch
from jaxtyping import Float
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from torchaudio.functional import resample

from syncfusion.constants import PROMPT_FEATURES, SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import Waveform, temporary_sibling
from syncfusion.plain_values import parse_json
from syncfusion.prompt.compact.sound import SoundNet, log_mel, mel_transform, prepare
from syncfusion.prompt.compact.text import TextNet, text_batch

WEIGHTS, CONFIG = "prompt.safetensors", "prompt.json"
FORMAT = "compact-prompt-1"  # changes whenever older weights no longer fit


class CompactPromptEncoder:
    """Two small nets onto one unit sphere; implements ``prompt.PromptEncoder``.

    Attributes:
        text: the text net.
        sound: the sound net.
    """

    def __init__(self) -> None:
        self.text, self.sound = TextNet().eval(), SoundNet().eval()
        self.transform = mel_transform()

    def embed(self, prompt: str | Waveform) -> Float[Tensor, "512"]:
        """Return the vector of one prompt.

        Args:
            prompt: a text of at most 1000 characters, or a sound at any rate and level.

        Returns:
            A vector of length 1.

        Raises:
            InputError: if the text has no words or is too long, or the sound is empty or silent.
        """
        if isinstance(prompt, str):
            return self.embed_texts([prompt])[0]
        return self.embed_sounds([prompt])[0]

    @torch.no_grad()
    def embed_texts(self, texts: Sequence[str]) -> Float[Tensor, "batch 512"]:
        """Return one vector per text."""
        if not texts:
            return torch.zeros(0, PROMPT_FEATURES)
        return self.text(text_batch(texts))

    @torch.no_grad()
    def embed_sounds(self, sounds: Sequence[Waveform]) -> Float[Tensor, "batch 512"]:
        """Return one vector per sound, which the other sounds of the batch do not influence."""
        vectors = [self.sound(self._spectrum(sound))[0] for sound in sounds]
        return torch.stack(vectors) if vectors else torch.zeros(0, PROMPT_FEATURES)

    def _spectrum(self, sound: Waveform) -> Float[Tensor, "1 mel frame"]:
        mono = sound.samples.float().mean(0)
        common = math.gcd(sound.sample_rate, SAMPLE_RATE)
        mono = resample(mono, sound.sample_rate // common, SAMPLE_RATE // common)
        return log_mel(prepare(mono)[None], self.transform)

    def save(self, folder: str | Path) -> None:
        """Write ``prompt.safetensors`` (half precision) and ``prompt.json``, both or neither.

        Args:
            folder: made where it is missing.

        Raises:
            InputError: if the folder cannot be written to.
        """
        config = {"format": FORMAT, "features": PROMPT_FEATURES, "sample_rate": SAMPLE_RATE}
        with (
            temporary_sibling(Path(folder) / WEIGHTS) as weights,
            temporary_sibling(Path(folder) / CONFIG) as settings,
        ):
            save_file({name: _stored(tensor) for name, tensor in self._tensors()}, weights)
            settings.write_text(json.dumps(config, indent=2) + "\n")

    @classmethod
    def load(cls, folder: str | Path) -> "CompactPromptEncoder":
        """Read what ``save`` wrote.

        Args:
            folder: holds ``prompt.safetensors`` and ``prompt.json``.

        Returns:
            The encoder, ready to use.

        Raises:
            InputError: if the files are missing or of another format.
        """
        folder, encoder = Path(folder), cls()
        try:
            written = parse_json((folder / CONFIG).read_text()).get("format")
            tensors = load_file(folder / WEIGHTS)
        except (OSError, ValueError, AttributeError, SafetensorError) as error:
            raise InputError(
                f"cannot read the prompt encoder in {folder}: {error}; "
                f"it needs {WEIGHTS} and {CONFIG}"
            ) from error
        if written != FORMAT:
            raise InputError(
                f"the prompt encoder in {folder} has format {written}, not {FORMAT}; "
                "use the files that came with this version"
            )
        for part, net in (("text", encoder.text), ("sound", encoder.sound)):
            own = {k.removeprefix(f"{part}."): v for k, v in tensors.items() if k.startswith(part)}
            try:
                net.load_state_dict(own)
            except RuntimeError as error:
                raise InputError(
                    f"{folder / WEIGHTS} holds another {part} net; "
                    "use the files that came with this version"
                ) from error
        return encoder

    def _tensors(self) -> list[tuple[str, Tensor]]:
        parts = (("text", self.text), ("sound", self.sound))
        return [(f"{part}.{k}", v) for part, net in parts for k, v in net.state_dict().items()]


def _stored(tensor: Tensor) -> Tensor:
    return tensor.half().contiguous() if tensor.is_floating_point() else tensor
