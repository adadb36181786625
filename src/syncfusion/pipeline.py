"""The product: video in, onsets found, sound rendered; the one module that knows all stages.

::

    video ─ detect ─► OnsetTrack ─┐
                     (editable)   ├─ render ─► Waveform ─ mux ─► video with sound
    prompt ─────────► embedding ──┘
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from syncfusion.checkpoint import file_hash, load_diffusion, load_onset
from syncfusion.constants import FRAME_RATE, SAMPLE_RATE
from syncfusion.delivery import Delivery, deliver, peak_gain
from syncfusion.device import bfloat16_is_fast, find_device
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.errors import InputError
from syncfusion.media.audio import Waveform
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
    """What one call of ``generate`` made.

    Args:
        files: the names of what was written.
        track: the onsets it was rendered from.
    """

    files: Delivery
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
        frames = read_frames(video, fps=FRAME_RATE, width=size, height=size)
        probabilities = onset_probabilities(
            self.onset_net,
            _counted(frames, frame_count(duration, FRAME_RATE), progress),
            scanning=Scanning(bfloat16=bfloat16_is_fast(self.device)),
            device=self.device,
        )
        decoding = Decoding(threshold=threshold, minimum_gap_seconds=settings.minimum_gap)
        return decode_onsets(probabilities, fps=FRAME_RATE, duration=duration, decoding=decoding)

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
            track: the onsets; a track without a duration ends two seconds after its last onset.
            prompt: a text, or a reference sound.
            seed: the same seed gives the same sound.
            steps: noise levels walked through; None for the preset's.
            guidance: how strongly the prompt counts, 1 for plainly; None for the preset's.
            progress: told ("Rendering sound", steps done, steps in all).

        Returns:
            48 kHz mono, as long as the clip, its loudest sample at the preset's level.

        Raises:
            InputError: if the prompt or a setting cannot be used.
        """
        if track.duration is None:
            track = track.with_duration(track.times[-1] + 2.0 if len(track) else 0.0)
        settings = self._settings(seed, steps, guidance)
        sound = torch.cat(list(self._blocks(track, prompt, settings, progress)), dim=1)
        peak = sound.abs().max().item() if sound.numel() else 0.0
        return Waveform(sound * peak_gain(peak, self.preset.settings.peak_dbfs), SAMPLE_RATE)

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

        Returns:
            The names of the files, and the onsets.

        Raises:
            InputError: if anything given cannot be used.
        """
        video, files = Path(video), Delivery(Path(output))
        settings = self._settings(seed, steps, guidance)
        threshold = self.preset.settings.threshold if threshold is None else threshold
        if onsets is None:
            track = self.detect(video, threshold=threshold, progress=progress)
        else:
            track = onsets.with_duration(probe(video).duration)
        blocks = self._blocks(track, prompt, settings, progress)
        record = self._record(video, prompt, settings, track)
        record["threshold"] = None if onsets is not None else threshold
        deliver(files, video, blocks, track, record, peak_dbfs=self.preset.settings.peak_dbfs)
        return Generated(files, track)

    def _settings(self, seed: int, steps: int | None, guidance: float | None) -> RenderSettings:
        defaults = self.preset.settings
        return RenderSettings(
            steps=defaults.steps if steps is None else steps,
            guidance=defaults.guidance if guidance is None else guidance,
            solver=defaults.solver,
            seed=seed,
        )

    def _blocks(
        self,
        track: OnsetTrack,
        prompt: str | Waveform,
        settings: RenderSettings,
        progress: Progress,
    ) -> Iterator[Float[Tensor, "1 time"]]:
        return render_blocks(
            self.diffusion,
            track,
            self.prompts.embed(prompt)[None, None].to(self.device),
            sample_index(track.duration or 0.0, SAMPLE_RATE),
            settings,
            lambda done, total: progress("Rendering sound", done, total),
        )

    def _record(
        self, video: Path, prompt: str | Waveform, settings: RenderSettings, track: OnsetTrack
    ) -> dict[str, Any]:
        heard = prompt if isinstance(prompt, str) else f"{prompt.duration:.3f} s of sound"
        return {
            "syncfusion": version("syncfusion"),
            "video": {"name": video.name, "sha256": file_hash(video)},
            "prompt": heard,
            "onsets": len(track),
            "duration": track.duration,
            "render": asdict(settings),
            "preset": {"name": self.preset.name, **asdict(self.preset.settings)},
            "weights": self.preset.hashes(),
            "device": str(self.device),
        }


def _counted(
    batches: Iterable[UInt8[Tensor, "frame height width 3"]], n_frames: int, progress: Progress
) -> Iterator[UInt8[Tensor, "frame height width 3"]]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        progress("Looking for onsets", done, n_frames)


def load(preset: str | Path = "compact", *, device: str = "auto") -> Pipeline:
    """Load all models of a preset.

    Args:
        preset: a bundled preset's name, or a folder of your own.
        device: "auto", "cpu", "cuda" or "mps".

    Raises:
        InputError: if the preset or the device is not there.
    """
    found, where = find_preset(preset), find_device(device)
    return Pipeline(
        found,
        load_onset(found.folder).to(where),
        load_diffusion(found.folder).to(where),
        CompactPromptEncoder.load(found.folder),
        where,
    )
