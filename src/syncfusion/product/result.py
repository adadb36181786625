"""A result: the names of its files, and what they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.exchange import distinct, file_name
from syncfusion.media import SOUND_CODECS
from syncfusion.track import OnsetTrack


@dataclass(frozen=True)
class Delivery:
    """The names of a result's four files.

    Args:
        video: the video with the new sound: .mp4, .mov, .mkv or .webm.

    Raises:
        InputError: if the name ends otherwise.
    """

    video: Path

    def __post_init__(self) -> None:
        if self.video.suffix.lower() not in SOUND_CODECS:
            kinds = ", ".join(SOUND_CODECS)
            raise InputError(f"the output {self.video} must end in one of {kinds}")

    @property
    def sound(self) -> Path:
        """The sound alone: 48 kHz mono, 24 bit."""
        return self.video.with_suffix(".wav")

    @property
    def onsets(self) -> Path:
        """The onsets of the sound."""
        return self.video.with_suffix(".onsets.csv")

    @property
    def settings(self) -> Path:
        """Everything that is needed to make the same result again."""
        return self.video.with_suffix(".json")

    @property
    def names(self) -> tuple[Path, Path, Path, Path]:
        """Video, sound, onsets, settings."""
        return self.video, self.sound, self.onsets, self.settings

    def stems(self, groups: Iterable[str]) -> dict[str, Path]:
        """Return the file of each group, in ``out.stems``; names that would be one are numbered."""
        folder, groups = self.video.with_suffix(".stems"), list(groups)
        names = distinct(map(file_name, groups))
        return {g: folder / f"{name}.wav" for g, name in zip(groups, names, strict=True)}

    def take(self, number: int) -> "Delivery":
        """Return the names of the n-th take: out.mp4, out-2.mp4 and so on."""
        suffix = "" if number == 1 else f"-{number}"
        return Delivery(self.video.with_stem(f"{self.video.stem}{suffix}"))


@dataclass(frozen=True)
class Generated:
    """The result of one call of ``generate``.

    Args:
        files: the names of the files written.
        track: the onsets of the sound.
        stems: file of each group of events, where stems were requested.
        groups: the group of each event, in event mode.
    """

    files: Delivery
    track: OnsetTrack
    stems: Mapping[str, Path] = field(default_factory=dict)
    groups: Sequence[str] = ()

    @property
    def exported(self) -> OnsetTrack:
        """The onsets as a workstation gets them: labelled by their stems, where there are any."""
        return replace(self.track, labels=self.groups) if self.stems else self.track
