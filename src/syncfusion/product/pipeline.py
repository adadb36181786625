"""The whole method: detects the onsets of a video, renders their sound, and writes the result.

::

    video ─ detect ─► OnsetTrack ─┐
                     (editable)   ├─ render ─► Waveform ─ mux ─► video with sound
    prompt ─────────► embedding ──┘
"""

from dataclasses import asdict, dataclass
from pathlib import Path

from syncfusion.constants import GAINS, SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import VideoInfo, Waveform, check_container, probe
from syncfusion.product.delivery import check_outputs, deliver
from syncfusion.product.event_plan import EventOptions, Prompt, groups_of, references_of
from syncfusion.product.event_tracks import with_references_from
from syncfusion.product.in_room import Surroundings
from syncfusion.product.models import Models
from syncfusion.product.preset_settings import EVENTS
from syncfusion.product.record import record
from syncfusion.product.result import Delivery, Generated
from syncfusion.progress import Progress, ignore
from syncfusion.rendering import Take, TakeCache, default_cache
from syncfusion.track import OnsetTrack

BY_PROMPT = EventOptions()  # prompts of events are their own, or the whole track's
ALONE = Surroundings()  # no room, no room tone


@dataclass(frozen=True)
class Pipeline(Models):
    """All models of a preset, ready to use; its fields are those of ``Models``."""

    def takes(
        self,
        track: OnsetTrack,
        prompt: Prompt,
        *,
        seed: int = 0,
        steps: int | None = None,
        guidance: float | None = None,
        options: EventOptions = BY_PROMPT,
        cache: TakeCache | None = None,
        progress: Progress = ignore,
    ) -> list[Take]:
        """Render every event of a track by itself.

        Args:
            track: the onsets; columns of theirs choose prompt, reference, seed and length.
            prompt: of events without their own: a text, a reference sound, or None.
            seed: from which events without a seed of their own count on.
            steps: sampling steps; None for the preset's.
            guidance: scale of classifier-free guidance, 1 for none; None for the preset's.
            options: where prompts come from.
            cache: of takes; None for the user's.
            progress: called with ("Rendering sound", steps done, steps in all); it may raise to
                cancel, and what is finished is not rendered again.

        Returns:
            One take per event; a muted one's is silent.

        Raises:
            InputError: if a prompt, a setting or a cell cannot be used.
        """
        settings = self.preset.render_settings(seed, steps, guidance, EVENTS)
        events = self.event_mode.plan(track, prompt, settings, options)
        cache = default_cache() if cache is None else cache
        takes = list(self.event_mode.takes(events, cache, progress))
        cache.trim()
        return takes

    def render(
        self,
        track: OnsetTrack,
        prompt: Prompt,
        *,
        mode: str | None = None,
        seed: int = 0,
        steps: int | None = None,
        guidance: float | None = None,
        options: EventOptions = BY_PROMPT,
        surroundings: Surroundings = ALONE,
        cache: TakeCache | None = None,
        progress: Progress = ignore,
    ) -> Waveform:
        """Render the sound of a track.

        Args:
            track: the onsets; a track without a duration ends two seconds after its last onset.
            prompt: a text, or a reference sound; None where all events have their own.
            mode: "events" or "track"; None for the preset's.
            seed: the same seed gives the same sound.
            steps: sampling steps; None for the preset's.
            guidance: scale of classifier-free guidance, 1 for none; None for the preset's.
            options: where prompts of events come from.
            surroundings: room and room tone.
            cache: of takes; None for the user's.
            progress: called with ("Rendering sound", steps done, steps in all).

        Returns:
            48 kHz mono, as long as the clip. Its peak is the preset's; in event mode takes have a
            level of their own, and the preset's peak is the highest.

        Raises:
            InputError: if the prompt or a setting cannot be used.
        """
        if track.duration is None:
            track = track.with_duration(track.times[-1] + 2.0 if len(track) else 0.0)
        mode = self.preset.mode(mode)
        settings = self.preset.render_settings(seed, steps, guidance, mode)
        cache = default_cache() if cache is None else cache
        made = self.rendition(
            track, prompt, mode, settings, options=options, cache=cache, progress=progress
        )
        peak_dbfs = self.preset.settings.peak_dbfs
        sound = surroundings.around(made.sound, peak_dbfs, seed).render()
        cache.trim()
        return Waveform(sound, SAMPLE_RATE)

    def generate(
        self,
        video: str | Path | VideoInfo,
        prompt: Prompt,
        output: str | Path | Delivery,
        *,
        onsets: OnsetTrack | None = None,
        threshold: float | None = None,
        gains: str = GAINS[0],
        mode: str | None = None,
        seed: int = 0,
        steps: int | None = None,
        guidance: float | None = None,
        options: EventOptions = BY_PROMPT,
        stems: bool = False,
        surroundings: Surroundings = ALONE,
        cache: TakeCache | None = None,
        reencode: bool = False,
        overwrite: bool = False,
        progress: Progress = ignore,
    ) -> Generated:
        """Render the sound of a video and write the video with it.

        Writes ``output`` and, beside it, ``.wav``, ``.onsets.csv`` and ``.json`` of the same name,
        and stems where they are requested: all files or none. Memory does not grow with the length
        of the video.

        Args:
            video: any video FFmpeg decodes, or what ``media.probe`` returned for it; never changed.
            prompt: a text, or a reference sound; None where all events have their own.
            output: the video to write: .mp4, .mov, .mkv or .webm; or all names, and pops.
            onsets: the track to render; None to detect it.
            threshold: of the detection, see ``detect``.
            gains: of detected onsets, see there.
            mode: "events" or "track"; None for the preset's.
            seed: the same seed gives the same sound.
            steps: sampling steps; None for the preset's.
            guidance: scale of classifier-free guidance; None for the preset's.
            options: where prompts of events come from.
            stems: whether to write a file for each group of events, of which the sound is the sum.
            surroundings: room and room tone of the sound; its stems stay dry.
            cache: of takes; None for the user's.
            reencode: whether to encode the pictures anew as H.264 instead of copying them.
            overwrite: whether files that others made, or that were changed since, may be replaced.
            progress: called with (stage, done, in all).

        Returns:
            The names of the files, and the onsets.

        Raises:
            InputError: if an input or a setting cannot be used, or a name is taken.
        """
        info, files = probe(video), Delivery.of(output)
        mode = self.preset.mode(mode)
        if stems and mode != EVENTS:
            raise InputError("a track that is rendered as a whole has no stems; render events")
        check_outputs(files, [info.path], onsets=onsets, overwrite=overwrite)
        check_container(info, files.video, reencode=reencode)
        settings = self.preset.render_settings(seed, steps, guidance, mode)
        threshold = self.preset.threshold(threshold) if onsets is None else None
        cache = default_cache() if cache is None else cache
        surroundings.check()  # refused before any work, as the prompt
        if prompt is not None:
            self.embedded(prompt)
        if onsets is None:
            track = self.detect(info, threshold=threshold, gains=gains, progress=progress)
        else:
            track = onsets.with_duration(info.duration)
        made = self.rendition(
            track, prompt, mode, settings, options=options, cache=cache, progress=progress
        )
        track = with_references_from(made.track, options.folder, files.video.parent)
        named = files.stems(groups_of(made.events)) if stems else {}
        about = record(
            info.path,
            prompt,
            track,
            threshold=threshold,
            gains=gains if onsets is None else None,
            mode=mode,
            render=settings,
            preset=self.preset,
            device=self.device,
            events=made.events,
            round_robin=options.round_robin,
        ) | {"surroundings": asdict(surroundings)}
        deliver(
            files,
            info,
            surroundings.around(made.sound, self.preset.settings.peak_dbfs, seed),
            track,
            about,
            inputs=references_of(made.events),
            stems=named,
            reencode=reencode,
            overwrite=overwrite,
        )
        cache.trim()
        return Generated(files, track, named, [event.group for event in made.events])
