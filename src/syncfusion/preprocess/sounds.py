"""Writing the sound of a video: as it is, without noise, and its onsets as a sound."""

from pathlib import Path

import torch

from syncfusion.clip_files import ClipFiles
from syncfusion.hits import reduce_noise
from syncfusion.media import Waveform, write_wav
from syncfusion.preprocess.processing import SUBTYPES, Processing
from syncfusion.track import OnsetTrack


def denoised_path(files: ClipFiles) -> Path:
    """Return where the sound without noise lies."""
    return files.audio.with_stem(f"{files.audio.stem}_denoised")


def onsets_path(files: ClipFiles) -> Path:
    """Return where the onsets lie as a sound."""
    return files.audio.with_stem(f"{files.audio.stem}_onset")


def write_sounds(
    sound: Waveform, track: OnsetTrack | None, files: ClipFiles, processing: Processing
) -> None:
    """Write the sounds that are configured, all of one length, rate and depth.

    Args:
        sound: mono, at any rate.
        track: the video's onsets, for ``processing.audio_onsets``.
        files: of the processed video.
        processing: rate, depth, and which sounds.
    """
    sound = sound.resampled(processing.audio_sample_rate)
    sounds = {files.audio: sound}
    if processing.audio_denoise:
        sounds[denoised_path(files)] = without_noise(sound)
    if processing.audio_onsets and track is not None:
        impulses = track.impulses(sound.sample_rate, sound.samples.shape[1])
        sounds[onsets_path(files)] = Waveform(impulses, sound.sample_rate)
    for path, waveform in sounds.items():
        write_wav(waveform, path, subtype=SUBTYPES[processing.audio_bitdepth])


def without_noise(sound: Waveform) -> Waveform:
    """Return a sound with what is steady in it turned down, as hits are before they are cut."""
    channels = [reduce_noise(channel) for channel in sound.samples]
    return Waveform(torch.stack(channels), sound.sample_rate)
