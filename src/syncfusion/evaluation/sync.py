"""Synchrony: are the onsets one hears those one asked for?"""

from syncfusion.media.audio import Waveform
from syncfusion.onset.track import OnsetTrack

ONSET_RATE = 22_050  # Hz; the rate at which the paper's evaluation listens


def heard_onsets(sound: Waveform) -> OnsetTrack:
    """Return the onsets that librosa's detector, as it comes, hears in a sound.

    Args:
        sound: any rate and channels; a silent one has no onsets.

    Returns:
        Their times.
    """
    import librosa

    samples = sound.mono().resampled(ONSET_RATE).samples[0].numpy()
    if not samples.any():
        return OnsetTrack((), sound.duration)
    times = librosa.onset.onset_detect(y=samples, sr=ONSET_RATE, units="time")
    return OnsetTrack([float(time) for time in times if time < sound.duration], sound.duration)
