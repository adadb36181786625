"""The whole method: detects the onsets of a video, renders their sound, and writes the result.

::

    video ─ detect ─► OnsetTrack ─┐
                     (editable)   ├─ render ─► Waveform ─ mux ─► video with sound
    prompt ─────────► embedding ──┘
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from syncfusion.constants import FRAME_RATE, SAMPLE_RATE
from syncfusion.diffusion import DiffusionModel, PromptEmbedding
from syncfusion.media import VideoInfo, Waveform, check_container, probe, read_frames
from syncfusion.onset import (
    Decoding,
    MotionOnsetNet,
    OnsetCurve,
    SlidingWindow,
    VideoOnsetNet,
    onset_curve,
    onset_probabilities,
    read_motion,
)
from syncfusion.product.delivery import Delivery, Generated, check_outputs, deliver, peak_gain
from syncfusion.product.preset import Preset
from syncfusion.product.record import record
from syncfusion.progress import Progress, counted, ignore
from syncfusion.prompt import PromptEncoder
from syncfusion.rendering import Block, RenderSettings, render_blocks, with_edge_fades
from syncfusion.timing import frame_count, sample_index
from syncfusion.track import OnsetTrack


@dataclass(frozen=True)
class Pipeline:
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
        progress: Progress = ignore,
    ) -> OnsetTrack:
        """Detect the onsets of a video.

        Args:
            video: any video FFmpeg decodes, of any length, or what ``media.probe`` returned for it.
            threshold: lowest probability of an onset, 0 to 1; None for the preset's.
            progress: called with ("Looking for onsets", frames read, frames in all).

        Returns:
            Onsets with confidences; the track's duration is the video's.

        Raises:
            InputError: if the video cannot be read or the threshold is not a probability.
        """
        threshold = self.preset.threshold(threshold)
        gap = self.preset.settings.minimum_gap
        decoding = Decoding(threshold=threshold, minimum_gap_seconds=gap)
        return self.curve(video, progress=progress).onsets(decoding)

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
        info, size = probe(video), self.preset.settings.frame_size
        if isinstance(self.onset_net, MotionOnsetNet):
            return onset_curve(self.onset_net, read_motion(info, progress))
        frames = read_frames(info, fps=FRAME_RATE, width=size, height=size)
        probabilities = onset_probabilities(
            self.onset_net,
            counted(frames, "Looking for onsets", frame_count(info.duration, FRAME_RATE), progress),
            sliding_window=SlidingWindow.fast_on(self.device),
            device=self.device,
        )
        return OnsetCurve.at_rate(probabilities, FRAME_RATE, info.duration)

    def render(
        self,
        track: OnsetTrack,
        prompt: str | Waveform,
        *,
        seed: int = 0,
        steps: int | None = None,
        guidance: float | None = None,
        progress: Progress = ignore,
    ) -> Waveform:
        """Render the sound of a track.

        Args:
            track: the onsets; a track without a duration ends two seconds after its last onset.
            prompt: a text, or a reference sound.
            seed: the same seed gives the same sound.
            steps: sampling steps; None for the preset's.
            guidance: scale of classifier-free guidance, 1 for none; None for the preset's.
            progress: called with ("Rendering sound", steps done, steps in all).

        Returns:
            48 kHz mono, as long as the clip, with the preset's peak.

        Raises:
            InputError: if the prompt or a setting cannot be used.
        """
        if track.duration is None:
            track = track.with_duration(track.times[-1] + 2.0 if len(track) else 0.0)
        settings = self.preset.render_settings(seed, steps, guidance)
        embedded = self._embedded(prompt)
        sound = torch.cat(list(self._blocks(track, embedded, settings, progress)), dim=1)
        peak = sound.abs().max().item() if sound.numel() else 0.0
        return Waveform(sound * peak_gain(peak, self.preset.settings.peak_dbfs), SAMPLE_RATE)

    def generate(
        self,
        video: str | Path | VideoInfo,
        prompt: str | Waveform,
        output: str | Path,
        *,
        onsets: OnsetTrack | None = None,
        threshold: float | None = None,
        seed: int = 0,
        steps: int | None = None,
        guidance: float | None = None,
        reencode: bool = False,
        overwrite: bool = False,
        progress: Progress = ignore,
    ) -> Generated:
        """Render the sound of a video and write the video with it.

        Writes ``output`` and, beside it, ``.wav``, ``.onsets.csv`` and ``.json`` of the same name:
        all four files or none. Memory does not grow with the length of the video.

        Args:
            video: any video FFmpeg decodes, or what ``media.probe`` returned for it; never changed.
            prompt: a text, or a reference sound.
            output: the video to write: .mp4, .mov, .mkv or .webm.
            onsets: the track to render; None to detect it.
            threshold: of the detection, see ``detect``.
            seed: the same seed gives the same sound.
            steps: sampling steps; None for the preset's.
            guidance: scale of classifier-free guidance; None for the preset's.
            reencode: whether to encode the pictures anew as H.264 instead of copying them.
            overwrite: whether files that others made, or that were changed since, may be replaced.
            progress: called with (stage, done, in all).

        Returns:
            The names of the files, and the onsets.

        Raises:
            InputError: if an input or a setting cannot be used, or a name is taken.
        """
        info, files = probe(video), Delivery(Path(output))
        check_outputs(files, [info.path], onsets=onsets, overwrite=overwrite)
        check_container(info, files.video, reencode=reencode)
        settings = self.preset.render_settings(seed, steps, guidance)
        embedded = self._embedded(prompt)
        threshold = self.preset.threshold(threshold) if onsets is None else None
        if onsets is None:
            track = self.detect(info, threshold=threshold, progress=progress)
        else:
            track = onsets.with_duration(info.duration)
        made_from = self._record(info.path, prompt, track, threshold, settings)
        blocks = self._blocks(track, embedded, settings, progress)
        deliver(
            files,
            info,
            blocks,
            track,
            made_from,
            peak_dbfs=self.preset.settings.peak_dbfs,
            reencode=reencode,
            overwrite=overwrite,
        )
        return Generated(files, track)

    def _record(
        self,
        video: Path,
        prompt: str | Waveform,
        track: OnsetTrack,
        threshold: float | None,
        render: RenderSettings,
    ) -> dict[str, Any]:
        preset, device = self.preset, self.device
        return record(
            video, prompt, track, threshold=threshold, render=render, preset=preset, device=device
        )

    def _embedded(self, prompt: str | Waveform) -> PromptEmbedding:
        return self.prompts.embed(prompt)[None, None].to(self.device)

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
