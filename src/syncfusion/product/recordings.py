"""The user's own recordings as takes: which events they suit, and their sound."""

from collections.abc import Sequence
from dataclasses import dataclass

from syncfusion.event_columns import EventColumns
from syncfusion.library import Choice, SoundLibrary, Wish
from syncfusion.media import Waveform
from syncfusion.rendering import Take, TakeCache, make_take
from syncfusion.track import Onset

LIBRARY = "library"  # the group of events at which any recording may stand
COLUMN = "recording"  # of an event file: the hit of a library that stands at the event


@dataclass(frozen=True)
class Recording:
    """A hit of a library at an event.

    Args:
        library: which it comes from.
        choice: the hit, and how it is detuned.
        key: hash of its samples.
    """

    library: SoundLibrary
    choice: Choice
    key: str

    def take(self, cache: TakeCache) -> Take:
        """Return its take, at the level of all takes; read once, then found in the cache.

        Args:
            cache: of takes.

        Returns:
            The take, whose key is that of this recording.

        Raises:
            InputError: if the recording is gone or can no longer be read.
        """
        take = cache.get(self.key)
        if take is None:
            samples, attack = self.library.read(self.choice)
            take = make_take(samples[None], attack, self.key)
            cache.put(take)
        return take

    def described(self) -> dict[str, object]:
        """Return which file stands at the event, as json values."""
        hit = self.choice.hit
        return {
            "file": str(self.library.index.folder / hit.file),
            "samples": [hit.cut.start, hit.cut.end],
            "cents": self.choice.cents,
        }


def find_recordings(
    library: SoundLibrary, onsets: Sequence[Onset], texts: Sequence[str | None], seed: int
) -> list[Recording | None]:
    """Choose a hit of a library for every event.

    Args:
        library: of recordings.
        onsets: the events, in order of time; one that has a recording keeps it.
        texts: what each event is to sound like; empty for anything, None where no recording may
            stand.
        seed: see ``library.choose``.

    Returns:
        One per event; None where nothing suits.
    """
    wishes = [
        Wish(text, onset.gain, onset.extra.get(COLUMN, ""))
        for onset, text in zip(onsets, texts, strict=True)
        if text is not None
    ]
    chosen = iter(library.choose(wishes, seed))
    choices = [None if text is None else next(chosen) for text in texts]
    hashes = {choice.name: library.hash(choice) for choice in choices if choice is not None}
    return [choice and Recording(library, choice, hashes[choice.name]) for choice in choices]


def library_text(onset: Onset, columns: EventColumns, prompt: str | Waveform | None) -> str | None:
    """Return what a recording for an event is looked for by.

    Its prompt, else its label, else the prompt of the whole track. Empty if it has none of them, so
    that any recording suits; None for a muted event and where a reference is to be imitated.
    """
    if columns.reference or columns.mute:
        return None
    text = columns.prompt or " ".join(onset.label.split())
    if isinstance(prompt, Waveform):
        return text or None
    return text or prompt or ""
