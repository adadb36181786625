"""The product: video in, onsets found, sound rendered on them; the one module that knows all stages.

::

    video ─ detect ─► OnsetTrack ─┐
                     (editable)   ├─ render ─► Waveform ─ mux ─► video with sound
    prompt ─────────► embedding ──┘
"""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

import syncfusion
from syncfusion.checkpoint import file_hash, load_diffusion, load_onset
from syncfusion.constants import FRAME_RATE, SAMPLE_RATE
from syncfusion.device import bfloat16_is_fast, find_device
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.errors import InputError
from syncfusion.media.atomic import temporary_sibling
from syncfusion.media.audio import Waveform, WavWriter, write_wav
from syncfusion.media.mux import mux
from syncfusion.media.video import frame_count, probe, read_frames
from syncfusion.onset.decode import Decoding, decode_onsets
from syncfusion.onset.detect import Scanning, onset_probabilities
from syncfusion.onset.net import VideoOnsetNet
from syncfusion.onset.track import OnsetTrack
from syncfusion.preset import Preset, find_preset
from syncfusion.prompt.compact import CompactPromptEncoder
from syncfusion.prompt.encoder import PromptEncoder
from syncfusion.rendering import RenderSettings, render_blocks
from syncfusion.timing import sample_index

Progress = Callable[[str, int, int], None]  # (stage, done, in all)


def _ignore(stage: str, done: int, total: int) -> None:
    pass


@dataclass(frozen=True)
class Generated:
    """What one call of ``generate`` wrote.

    Args:
        video: the input with the new sound.
        sound: the sound alone, 24-bit wav.
        onsets: the track it was rendered from, csv.
        settings: everything needed to make the same again, json.
        track: the onsets themselves.
    """

    video: Path
    sound: Path
    onsets: Path
    settings: Path
    track: OnsetTrack


@dataclass(frozen=True)
class Pipeline:
    """All models of a preset, ready to use.

    Args:
        preset: where they come from, and their defaults.
        onset_net: finds onsets.
        diffusion: renders sound.
        prompts: embeds text and reference sounds.
        device: where the nets compute.
    """

    preset: Preset
    onset_net: VideoOnsetNet
    diffusion: DiffusionModel
    prompts: PromptEncoder
    device: torch.device

    def detect(
        self, video: str | Path, *, threshold: float | None = None, progress: Progress = _ignore
    ) -> OnsetTrack:
        """Find the onsets of a video.

        Args:
            video: any video FFmpeg decodes, of any length.
            threshold: lowest probability of an onset, 0 to 1; None for the preset's.
            progress: told ("Looking for onsets", frames read, frames in all).

        Returns:
            Onsets with confidences; the track's duration is the video's.

        Raises:
            InputError: if the video cannot be read or the threshold is not a probability.
        """
        settings = self.preset.settings
        threshold = settings.threshold if threshold is None else threshold
        if not 0 <= threshold <= 1:
            raise InputError(f"the threshold {threshold:g} is no probability; give 0 to 1")
        duration, size = probe(video).duration, settings.frame_size
        n_frames, seen = frame_count(duration, FRAME_RATE), 0

        def counted(frames):  # noqa: ANN001, ANN202
            nonlocal seen
            for batch in frames:
                yield batch
                seen += len(batch)
                progress("Looking for onsets", seen, n_frames)

        probabilities = onset_probabilities(
            self.onset_net,
            counted(read_frames(video, fps=FRAME_RATE, width=size, height=size)),
            scanning=Scanning(bfloat16=bfloat16_is_fast(self.device)),
            device=self.device,
        )
        decoding = Decoding(threshold=threshold, minimum_gap_seconds=settings.minimum_gap)
        return decode_onsets(
            probabilities, fps=FRAME_RATE, duration=duration, decoding=decoding
        )

    def embed(self, prompt: str | Waveform) -> Float[Tensor, "1 1 prompt_feature"]:
        """Return the embedding of a text or a reference sound, on the device."""
        return self.prompts.embed(prompt)[None, None].to(self.device)

    def render_settings(
        self, *, seed: int = 0, steps: int | None = None, guidance: float | None = None
    ) -> RenderSettings:
        """Return the preset's settings with some of them changed; None keeps the preset's."""
        defaults = self.preset.settings
        return RenderSettings(
            steps=defaults.steps if steps is None else steps,
            guidance=defaults.guidance if guidance is None else guidance,
            solver=defaults.solver,
            seed=seed,
        )

    def render(
        self,
        track: OnsetTrack,
        prompt: str | Waveform,
        *,
        seed: int = 0,
        steps: int | None = None,
        guidance: float | None = None,
        progress: Progress = _ignore,
    ) -> Waveform:
        """Render the sound of a track.

        Args:
            track: the onsets, with the clip's duration; without one, the clip ends two seconds
                after the last onset.
            prompt: a text, or a reference sound.
            seed: the same seed gives the same sound.
            steps: noise levels walked through; None for the preset's.
            guidance: how strongly the prompt counts, 1 for plainly; None for the preset's.
            progress: told ("Rendering sound", steps done, steps in all).

        Returns:
            48 kHz mono, as long as the clip, its loudest sample at the preset's level.
        """
        duration = track.duration
        if duration is None:
            duration = track.times[-1] + 2.0 if len(track) else 0.0
        settings = self.render_settings(seed=seed, steps=steps, guidance=guidance)
        blocks = list(self._blocks(track, prompt, duration, settings, progress))
        sound = torch.cat(blocks, dim=1)
        return Waveform(sound * self._gain(sound.abs().max().item()), SAMPLE_RATE)

    def generate(
        self,
        video: str | Path,
        prompt: str | Waveform,
        output: str | Path,
        *,
        onsets: OnsetTrack | None = None,
        threshold: float | None = None,
        seed: int = 0,
        steps: int | None = None,
        guidance: float | None = None,
        progress: Progress = _ignore,
    ) -> Generated:
        """Make the sound of a video and put it under its pictures.

        Writes ``output`` and, beside it, ``.wav``, ``.onsets.csv`` and ``.json`` of the same name;
        either all four appear or none. Memory does not grow with the length of the video.

        Args:
            video: any video FFmpeg decodes; it is not changed.
            prompt: a text, or a reference sound.
            output: the video to write: .mp4, .mov, .mkv or .webm.
            onsets: the track to render; None to detect it.
            threshold: for detection, see ``detect``.
            seed: the same seed gives the same sound.
            steps: noise levels walked through; None for the preset's.
            guidance: how strongly the prompt counts; None for the preset's.
            progress: told (stage, done, in all).

        Raises:
            InputError: if anything given cannot be used.
        """
        video, output = Path(video), Path(output)
        duration = probe(video).duration
        if onsets is not None:
            track = onsets.with_duration(duration)
        else:
            track = self.detect(video, threshold=threshold, progress=progress)
        settings = self.render_settings(seed=seed, steps=steps, guidance=guidance)
        result = Generated(
            output,
            output.with_suffix(".wav"),
            output.with_suffix(".onsets.csv"),
            output.with_suffix(".json"),
            track,
        )
        with ExitStack() as whole:
            sound, csv, record, picture = (
                whole.enter_context(temporary_sibling(path))
                for path in (result.sound, result.onsets, result.settings, result.video)
            )
            self._write_sound(sound, track, prompt, duration, settings, progress)
            csv.write_text(track.to_csv())
            record.write_text(json.dumps(self._record(video, prompt, settings, track), indent=2))
            progress("Writing the video", 0, 1)
            mux(video, sound, picture)
            progress("Writing the video", 1, 1)
        return result

    def _blocks(self, track, prompt, duration, settings, progress):  # noqa: ANN001, ANN202
        n_samples = sample_index(duration, SAMPLE_RATE)
        return render_blocks(
            self.diffusion,
            track,
            self.embed(prompt),
            n_samples,
            settings,
            lambda done, total: progress("Rendering sound", done, total),
        )
