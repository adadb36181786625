"""What one take is rendered from, and the hash by which it is found again."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion import PromptEmbedding
from syncfusion.errors import InputError
from syncfusion.rendering.render import RenderSettings
from syncfusion.rendering.windows import FADE, NOISE_BLOCK

ONSET = SAMPLE_RATE // 10  # samples of a window before its event; 0.1 s
WINDOW = 4 * NOISE_BLOCK  # samples (1.37 s) of the window of an event without an end
LONGEST = 64 * NOISE_BLOCK  # samples (21.8 s) of the longest window
STEP = SAMPLE_RATE // 1000  # an event's length counts in milliseconds
VERSION = 3  # of how takes are made; another one finds no take of an older one


@dataclass(frozen=True, eq=False)
class TakeRequest:
    """A take to render: one event by itself, ``ONSET`` samples into its window.

    Args:
        prompt: embedding of its text or reference, on the CPU.
        settings: how to sample, with the take's own seed; the gate ends its tail.
        model: hash of the weights, device and versions that the samples depend on.
        seconds: length of an event that has an end, 0 for one that rings by itself.

    Raises:
        InputError: if the event is too long to be rendered at once.
    """

    prompt: PromptEmbedding
    settings: RenderSettings
    model: str
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.n_samples > LONGEST:
            raise InputError(
                f"an event of {self.seconds:.1f} s is too long to be rendered at once; "
                f"end it within {(LONGEST - ONSET) // SAMPLE_RATE} s, or split it"
            )

    @property
    def held(self) -> int:
        """Samples from the event to its end; 0 where it has none."""
        return round(self.seconds * 1000) * STEP

    @property
    def n_samples(self) -> int:
        """Length of the window: ``WINDOW``, or more blocks of noise for a longer event."""
        return max(WINDOW, -(-(ONSET + self.held + FADE) // NOISE_BLOCK) * NOISE_BLOCK)

    @cached_property
    def key(self) -> str:
        """The sha256 of everything that the take's samples depend on, in hexadecimal."""
        prompt = self.prompt.detach().cpu().float().contiguous().numpy().tobytes()
        values = [VERSION, self.model, asdict(self.settings), self.held]
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode() + prompt).hexdigest()
