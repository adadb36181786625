"""The models of a preset: they detect the onsets of a video, and make the sound of a track."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import torch

from syncfusion.constants import GAINS, SAMPLE_RATE
from syncfusion.diffusion import DiffusionModel, PromptEmbedding
from syncfusion.errors import InputError
from syncfusion.library import SoundLibrary
from syncfusion.media import VideoInfo, Waveform, probe
from syncfusion.onset import (
    STRENGTH,
    Decoding,
    MotionOnsetNet,
    OnsetCurve,
    StrengthModel,
    VideoOnsetNet,
)
from syncfusion.product.detecting import detect_curve
from syncfusion.product.event_mode import EventMode
from syncfusion.product.event_plan import EventOptions, PlannedEvent, Prompt
from syncfusion.product.preset import Preset
from syncfusion.product.preset_settings import EVENTS
from syncfusion.product.prompt_memo import PromptMemo
from syncfusion.product.sounds import Normalised, Sound
from syncfusion.progress import Progress, ignore
from syncfusion.prompt import PromptEncoder
from syncfusion.rendering import Block, RenderSettings, TakeCache, render_blocks, with_edge_fades
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack


class Rendition(NamedTuple):
    """A track and its sound, which is yet to be rendered.

    Args:
        track: the events as they are delivered: in event mode with seeds and ids.
        sound: rendered while it is written.
        events: what each event is made from, in event mode.
    """

    track: OnsetTrack
    sound: Sound
    events: Sequence[PlannedEvent] = ()


@dataclass(frozen=True)
class Models:
    """All models of a preset, ready to use.

    Args:
        preset: the folder of the weights, and the defaults.
        onset_net: detects onsets.
        diffusion: renders sound.
        prompts: embeds texts and reference sounds.
        device: of all nets.
    """

    preset: Preset
    onset_net: VideoOnsetNet | MotionOnsetNet
    diffusion: DiffusionModel
    prompts: PromptEncoder
    device: torch.device

    def detect(
        self,
        video: str | Path | VideoInfo,
        *,
        threshold: float | None = None,
        gains: str = GAINS[0],
        progress: Progress = ignore,
    ) -> OnsetTrack:
        """Detect the onsets of a video.

        Args:
            video: any video FFmpeg decodes, of any length, or what ``media.probe`` returned for it.
            threshold: lowest probability of an onset, 0 to 1; None for the preset's.
            gains: "motion" for those of the preset's model of strength, 0.25 to 2 around 1, where
                it has one; "flat" for 1 each.
            progress: called with ("Looking for onsets", frames read, frames in all).

        Returns:
            Onsets with confidences and gains; the track's duration is the video's.

        Raises:
            InputError: if the video cannot be read, the threshold is not a probability, or gains
                are chosen otherwise.
        """
        if gains not in GAINS:
            raise InputError(f"gains are {' or '.join(GAINS)}, not {gains!r}")
        threshold = self.preset.threshold(threshold)
        gap = self.preset.settings.minimum_gap
        decoding = Decoding(threshold=threshold, minimum_gap_seconds=gap)
        curve = self.curve(video, progress=progress)
        return (curve if gains == GAINS[0] else replace(curve, strengths=None)).onsets(decoding)

    def curve(self, video: str | Path | VideoInfo, *, progress: Progress = ignore) -> OnsetCurve:
        """Return the probability of an onset over time, from which ``detect`` takes its peaks.

        Args:
            video: as for ``detect``.
            progress: likewise.

        Returns:
            The curve at its frames' times.

        Raises:
            InputError: if the video cannot be read.
        """
        size = self.preset.settings.frame_size
        return detect_curve(
            self.onset_net,
            probe(video),
            frame_size=size,
            device=self.device,
            progress=progress,
            strength=StrengthModel.read(self.preset.folder / STRENGTH),
        )

    def open_library(self, folder: str | Path, *, progress: Progress = ignore) -> SoundLibrary:
        """Read a folder of recordings, for ``EventOptions``; see ``SoundLibrary.open``."""
        return SoundLibrary.open(folder, self.prompts, progress=progress)

    @cached_property
    def event_mode(self) -> EventMode:
        """The source of takes."""
        return EventMode(self.diffusion, self._memo.embed, self.device)

    def rendition(
        self,
        track: OnsetTrack,
        prompt: Prompt,
        mode: str,
        settings: RenderSettings,
        *,
        options: EventOptions,
        cache: TakeCache,
        progress: Progress,
    ) -> Rendition:
        """Return the sound of a track, yet to be rendered.

        Args:
            track: the onsets; its duration is the sound's.
            prompt: of the whole track; None where all events have their own.
            mode: "events" or "track".
            settings: how to sample.
            options: where prompts of events come from.
            cache: of takes.
            progress: called with ("Rendering sound", steps done, steps in all).

        Returns:
            The sound with the track as it is delivered.

        Raises:
            InputError: if a prompt or a cell cannot be used.
        """
        duration, peak_dbfs = track.duration or 0.0, self.preset.settings.peak_dbfs
        if mode == EVENTS:
            events = self.event_mode.plan(track, prompt, settings, options)
            if options.variations > 1:
                self.event_mode.render_ahead(
                    track, prompt, settings, options, cache=cache, progress=progress
                )
            mix = self.event_mode.mix(
                events, duration, peak_dbfs=peak_dbfs, cache=cache, progress=progress
            )
            planned = OnsetTrack.from_onsets([event.onset for event in events], track.duration)
            return Rendition(planned, mix, events)
        if prompt is None:
            raise InputError("a track that is rendered as a whole needs a prompt; give one")
        blocks = self._blocks(track, self.embedded(prompt), settings, progress)
        return Rendition(track, Normalised(blocks, peak_dbfs))

    def embedded(self, prompt: str | Waveform) -> PromptEmbedding:
        """Return a prompt's embedding, on the device; an InputError if it cannot be used."""
        return self._memo.embed(prompt).to(self.device)

    @cached_property
    def _memo(self) -> PromptMemo:
        return PromptMemo(self.prompts)

    def _blocks(
        self,
        track: OnsetTrack,
        prompt: PromptEmbedding,
        settings: RenderSettings,
        progress: Progress,
    ) -> Iterator[Block]:
        n_samples = sample_index(track.duration or 0.0, SAMPLE_RATE)
        blocks = render_blocks(
            self.diffusion,
            track,
            prompt,
            n_samples,
            settings,
            lambda done, total: progress("Rendering sound", done, total),
        )
        return with_edge_fades(blocks, n_samples)
