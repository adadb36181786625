"""A result: the names of its files, and what they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.exchange import ON_STEMS, OWN_LABEL, Pops, Timeline, distinct
from syncfusion.media import SOUND_CODECS, Waveform, read_audio
from syncfusion.product.names import NameTemplate
from syncfusion.track import OnsetTrack


@dataclass(frozen=True)
class Delivery:
    """The names of a result's files, and the form in which its sounds are handed over.

    Args:
        video: the video with the new sound: .mp4, .mov, .mkv or .webm.
        template: of the names of stems and exports.
        number: of the take, see ``take``.
        pops: given to the sound and its stems, not to the video; None for none.

    Raises:
        InputError: if the name ends otherwise.
    """

    video: Path
    template: NameTemplate = field(default_factory=NameTemplate)
    number: int = 1
    pops: Pops | None = None

    @classmethod
    def of(cls, output: "str | Path | Delivery") -> "Delivery":
        """Return the names of a result by that of its video; a delivery is returned as it is."""
        return output if isinstance(output, Delivery) else cls(Path(output))

    @classmethod
    def under(
        cls, video: Path, output: Path, timeline: Timeline, *, template: str | None, pops: bool
    ) -> "Delivery":
        """Return the names of a result whose sounds are laid under a picture elsewhere.

        Args:
            video: the source, whose name the template may hold.
            output: the video to write.
            timeline: of the picture.
            template: see ``NameTemplate``; None for plain names.
            pops: whether sound and stems have pops.

        Returns:
            The names of the first take.

        Raises:
            InputError: if a name or a pop cannot be.
        """
        names = NameTemplate(text=template or "plain", video=video.stem, timeline=timeline)
        return cls(output, names, pops=Pops(timeline) if pops else None)

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
        names = self.template.stems(groups, self.number)
        return {g: folder / f"{name}.wav" for g, name in zip(groups, names, strict=True)}

    def read_sound(self) -> Waveform:
        """Return the sound that was written, from the first picture on, without pops."""
        sound = read_audio(self.sound)
        if self.pops is None:
            return sound
        lead, pop = self.pops.lead_samples, self.pops.n_samples
        return replace(sound, samples=sound.samples[:, lead : -lead - pop])

    def exports(self, suffixes: Iterable[str]) -> list[Path]:
        """Return the files of the onsets in further formats, by their endings.

        They are ``out.onsets`` and the ending, or named by the template; what would be a file of
        the result itself is numbered.
        """
        if self.template.is_plain:
            return [self.onsets.with_suffix(suffix) for suffix in suffixes]
        name, own = self.template.export(self.number), [path.name for path in self.names]
        numbered = [
            distinct([*(each.removesuffix(suffix) for each in own if each.endswith(suffix)), name])
            for suffix in suffixes
        ]
        return [
            self.video.with_name(stems[-1] + suffix)
            for stems, suffix in zip(numbered, suffixes, strict=True)
        ]

    def take(self, number: int) -> "Delivery":
        """Return the names of the n-th take: out.mp4, out-2.mp4 and so on."""
        suffix = "" if number == 1 else f"-{number}"
        video = self.video.with_stem(f"{self.video.stem}{suffix}")
        return replace(self, video=video, number=number)


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

    def exported(self, format: str) -> OnsetTrack:
        """Return the onsets as a format gets them.

        Where there are stems, and the format has tracks with items on them, an event is named after
        its stem; what comes back has its own label again.
        """
        if not self.stems or format not in ON_STEMS:
            return self.track
        events = [
            event._replace(label=group, extra={**event.extra, OWN_LABEL: event.label})
            for event, group in zip(self.track, self.groups, strict=True)
        ]
        return OnsetTrack.from_onsets(events, self.track.duration)
