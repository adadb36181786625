"""Protocols: which part of a recording is a clip, and which part of its sound is scored."""

from dataclasses import dataclass

from syncfusion.constants import CLIP_SAMPLES, SAMPLE_RATE
from syncfusion.evaluation import EXCERPT_SECONDS, ONSET_RATE, Excerpt
from syncfusion.shards import Recording, Slicing
from syncfusion.timing import sample_index


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """How a test set is cut and scored.

    Args:
        kind: "published", the first chunk of each recording, or "whole", the whole recording.
        silence_prefix: whether the published excerpt is silent before the first onset (table 2).

    Raises:
        ValueError: if the kind is another.
    """

    kind: str = "whole"
    silence_prefix: bool = False

    def __post_init__(self) -> None:
        if self.kind not in ("published", "whole"):
            raise ValueError(f"the protocol is published or whole, not {self.kind!r}")

    @property
    def excerpt(self) -> Excerpt:
        """The part of a clip that the published metrics are computed from."""
        if self.kind == "whole":
            return "none"
        return "silenced start" if self.silence_prefix else "start"

    def slicing(self, recording: Recording, *, by_text: bool) -> Slicing:
        """Return the settings that cut the one clip of a recording.

        Args:
            recording: the recording.
            by_text: whether the prompt is the label of a hit instead of its sound.

        Returns:
            One published chunk, or the length of the recording.
        """
        published = self.kind == "published"
        return Slicing(
            chunk_size=CLIP_SAMPLES if published else recording.waveform.samples.shape[1],
            onset_check_length=sample_index(EXCERPT_SECONDS, SAMPLE_RATE) if published else None,
            shift_augment=False,
            cut_prefix=False,
            one_chunk_per_track=True,
            reference="clip",
            text_fraction=float(by_text),
        )

    def __str__(self) -> str:
        if self.kind == "whole":
            return "Whole clips; as published: the published arithmetic over whole clips."
        silenced = ", silent before the first onset" if self.silence_prefix else ""
        return (
            f"The first {CLIP_SAMPLES / SAMPLE_RATE:.2f} s of each recording with an onset in its "
            f"first {EXCERPT_SECONDS:g} s; as published and 'first 2 s': its first "
            f"{EXCERPT_SECONDS:g} s{silenced}, at {ONSET_RATE / 1000:g} kHz."
        )
