"""The strength of hits, learned from how loud they are in recordings.

Every clip's gains are measured with a model that was fitted on other sessions.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from syncfusion.checkpoint import load_onset
from syncfusion.errors import InputError
from syncfusion.evaluation import bootstrap_interval
from syncfusion.media import read_audio
from syncfusion.onset import (
    STRENGTH,
    Decoding,
    MotionClip,
    MotionOnsetNet,
    StrengthModel,
    annotated_video,
    clip_names,
    curve_of,
    fit_strength,
    fold_of,
    matched_onsets,
    open_motion_clips,
    strength_quantities,
)
from syncfusion.places import logs_folder

SAMPLE_RATE = 48_000  # Hz
LEAD, LENGTH = 0.005, 0.05  # seconds before the onset, and of the hit, whose energy counts
SILENCE = 1e-5  # amplitude; below it, hits are equally quiet
LEAST_HITS = 5  # of a clip that correlation is measured on


class Hits(NamedTuple):
    """Events of a clip whose loudness is known.

    Args:
        times: in seconds.
        loudness: natural logarithm, relative to the clip's median hit.
    """

    times: Sequence[float]
    loudness: Float[np.ndarray, " hit"]


class StruckClip(NamedTuple):
    """A clip and its annotated hits."""

    motion: MotionClip
    quantities: Float[np.ndarray, "frame quantity"]
    hits: Hits

    def at(self, times: Sequence[float]) -> list[int]:
        """Return the frames of some times."""
        frames = np.arange(len(self.motion.times))
        return np.interp(times, self.motion.times, frames).round().astype(int).tolist()


def train_strength(
    data: Path,
    *,
    splits: Sequence[str] = ("train", "val"),
    others: Sequence[str] = (),
    n_folds: int = 6,
    checkpoint: Path | None = None,
    threshold: float = 0.5,
    cache: Path | None = None,
    output: Path | None = None,
) -> dict[str, Any]:
    """Fit the model of strength, and measure it by cross-validation.

    Args:
        data: folder of raw videos with sound, laid out as Greatest Hits.
        splits: lists of the clips to fit to, and to cross-validate on.
        others: further splits to measure the final model on.
        n_folds: of the cross-validation, by recording session.
        checkpoint: detector at whose onsets gains are measured as well; None for none.
        threshold: of that detector.
        cache: folder in which motion is kept; None for the usual one.
        output: folder of a preset that gets the model's file; None writes nothing.

    Returns:
        Correlation of gains with the loudness of the recorded hits: means over clips, with
        bootstrap intervals (95 %).

    Raises:
        InputError: if a clip is missing, silent or cannot be read.
    """
    folder = cache or logs_folder() / "motion"
    names = clip_names(data, splits)
    clips = [_struck(data, name, folder) for name in names]
    folds = fold_of(names, n_folds)
    models = [
        _fitted([clip for clip, name in zip(clips, names, strict=True) if folds[name] != fold])
        for fold in range(n_folds)
    ]
    held = [(clip, models[folds[name]]) for clip, name in zip(clips, names, strict=True)]
    found: dict[str, Any] = {"hits": sum(len(clip.hits.times) for clip in clips)}
    found["cross-validation"] = _measured([(clip, clip.hits, model) for clip, model in held])
    if checkpoint is not None:
        net, decoding = _motion_net(checkpoint), Decoding(threshold=threshold)
        detected = [(clip, _detected(net, decoding, clip), model) for clip, model in held]
        found["cross-validation, detected onsets"] = _measured(detected)
    model = _fitted(clips)
    for split in others:
        further = [_struck(data, name, folder) for name in clip_names(data, [split])]
        found[split] = _measured([(clip, clip.hits, model) for clip in further])
    if output is not None:
        model.write(output / STRENGTH, found)
    return found


def hit_loudness(video: Path, times: Sequence[float]) -> Float[np.ndarray, " hit"]:
    """Return how loud hits are in a recording.

    Args:
        video: file with sound.
        times: onsets of the hits in seconds.

    Returns:
        Natural logarithm of the effective amplitude over 50 ms, relative to the median hit.

    Raises:
        InputError: if there is no sound.
    """
    sound = read_audio(video, sample_rate=SAMPLE_RATE, mono=True).samples[0].double().numpy()
    starts = [max(round((time - LEAD) * SAMPLE_RATE), 0) for time in times]
    parts = [sound[start : start + round((LEAD + LENGTH) * SAMPLE_RATE)] for start in starts]
    amplitudes = [float(np.sqrt(np.mean(part**2))) if len(part) else 0.0 for part in parts]
    loudness = np.log(np.maximum(amplitudes, SILENCE))
    return loudness - np.median(loudness) if len(loudness) else loudness


def _struck(data: Path, name: str, cache: Path) -> StruckClip:
    info, track = annotated_video(data, name)
    (clip,) = open_motion_clips(data, [name], cache=cache)
    hits = Hits(track.times, hit_loudness(info.path, clip.labels.tolist()))
    return StruckClip(clip, strength_quantities(clip.grid, clip.times), hits)


def _fitted(clips: Sequence[StruckClip]) -> StrengthModel:
    rows = [clip.quantities[clip.at(clip.hits.times)] for clip in clips]
    return fit_strength(rows, [clip.hits.loudness for clip in clips])


def _motion_net(checkpoint: Path) -> MotionOnsetNet:
    net = load_onset(checkpoint)
    if not isinstance(net, MotionOnsetNet):
        raise InputError(f"{checkpoint} holds a detector of frames; give a detector of motion")
    return net


def _detected(net: MotionOnsetNet, decoding: Decoding, clip: StruckClip) -> Hits:
    """Return the annotated hits that a detector finds, at its times."""
    motion = clip.motion
    found = curve_of(net, motion.inputs, motion.times, motion.duration).onsets(decoding)
    pairs = matched_onsets(motion.track, found)
    loudness = clip.hits.loudness[[hit for hit, _ in pairs]]
    return Hits([found.times[event] for _, event in pairs], loudness)


def _measured(clips: Sequence[tuple[StruckClip, Hits, StrengthModel]]) -> dict[str, Any]:
    """Return correlations, means over clips, and how far gains go."""
    from scipy.stats import pearsonr, spearmanr

    spearman, pearson, gains, loudness = [], [], [], []
    for clip, hits, model in clips:
        if len(hits.times) < LEAST_HITS:
            continue
        gain = model.curve(clip.motion.grid, clip.motion.times)[clip.at(hits.times)]
        spearman.append(float(np.nan_to_num(np.asarray(spearmanr(gain, hits.loudness))[0])))
        pearson.append(float(np.nan_to_num(np.asarray(pearsonr(gain, hits.loudness))[0])))
        gains.append(gain - np.median(gain))
        loudness.append(hits.loudness - np.median(hits.loudness))
    if not gains:
        return {"clips": 0}
    return {
        "clips": len(gains),
        "Spearman": _with_interval(spearman),
        "Pearson": _with_interval(pearson),
        **_spread(np.concatenate(gains), np.concatenate(loudness)),
    }


def _spread(
    gains: Float[np.ndarray, " hit"], loudness: Float[np.ndarray, " hit"]
) -> dict[str, float]:
    """Return the deviations in dB, and by how much loudness rises with the gain; 1 is right."""
    decibel = 20 / np.log(10)
    return {
        "slope": round(float(gains @ loudness / max(gains @ gains, 1e-12)), 3),
        "deviation of gains in dB": round(float(decibel * gains.std()), 2),
        "deviation of recordings in dB": round(float(decibel * loudness.std()), 2),
    }


def _with_interval(values: Sequence[float]) -> str:
    ends = bootstrap_interval(values)
    shown = f" [{ends.low:.2f}, {ends.high:.2f}]" if ends else ""
    return f"{np.mean(values):.3f}{shown}"
