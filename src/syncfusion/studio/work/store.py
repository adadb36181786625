"""The takes of a project, as wav files that anything plays, to the very sample."""

import contextlib
import json
from pathlib import Path

import numpy as np
import soundfile
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.media import temporary_sibling
from syncfusion.plain_values import parse_json
from syncfusion.rendering import Take

FULL_SCALE = 2**23  # of 24 bits, whose grid the samples of a take lie on
SPARE = 2**8  # a sample of 24 bits as one of 32


LONGEST = 600 * SAMPLE_RATE  # samples of a take
DAMAGED = (ValueError, LookupError, TypeError, soundfile.LibsndfileError)  # of a take


class TakeStore:
    """Takes by their keys: ``KEY.wav``, and ``KEY.json`` with what a wav does not hold.

    Args:
        folder: of the files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str | None) -> Take | None:
        """Return a take; None where it is not kept, or damaged."""
        if key is None:
            return None
        with contextlib.suppress(OSError, *DAMAGED):
            facts = parse_json(self._path(key, ".json").read_bytes())
            path, attack = self._path(key, ".wav"), facts["attack"]
            if soundfile.info(path).frames > LONGEST or type(attack) is not int:
                return None
            samples, _ = soundfile.read(path, dtype="int32")
            if samples.ndim == 1 and len(samples) == facts["samples"]:
                floats = torch.from_numpy(samples // SPARE).float() / FULL_SCALE
                return Take(floats[None], attack, key)
        return None

    def put(self, take: Take) -> None:
        """Keep a take."""
        if self.get(take.key) is not None:
            return
        samples = (take.samples[0] * FULL_SCALE).round().to(torch.int32).numpy() * SPARE
        with temporary_sibling(self._path(take.key, ".wav")) as temporary:
            whole = samples.astype(np.int32)
            soundfile.write(temporary, whole, SAMPLE_RATE, "PCM_24", format="WAV")
        with temporary_sibling(self._path(take.key, ".json")) as temporary:
            facts = {"attack": take.attack, "samples": len(samples)}
            temporary.write_text(json.dumps(facts) + "\n")

    def _path(self, key: str, suffix: str) -> Path:
        return self.folder / f"{key}{suffix}"
