"""Picture of a detector's probabilities with reference and estimated onsets."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from torch import Tensor

from syncfusion.media import temporary_sibling
from syncfusion.onset import OnsetCurve
from syncfusion.track import OnsetTrack

ROW_SECONDS = 15.0  # of a clip per row


class DrawnClip(NamedTuple):
    """A clip to draw.

    Args:
        title: text above its rows.
        curve: the detector's probabilities.
        reference: annotated onsets, drawn as grey lines.
        estimate: detected onsets, drawn as red triangles at their confidence.
    """

    title: str
    curve: OnsetCurve
    reference: OnsetTrack
    estimate: OnsetTrack

    @property
    def n_rows(self) -> int:
        """Rows of ``ROW_SECONDS`` that it takes."""
        return max(1, math.ceil(self.curve.duration / ROW_SECONDS))


def draw_onsets(
    probabilities: Float[Tensor, " frame"],
    path: str | Path,
    *,
    fps: float,
    reference: OnsetTrack,
    estimate: OnsetTrack,
    threshold: float,
    title: str = "",
) -> None:
    """Write a png of one clip whose frames are evenly spaced, see ``draw_curves``.

    Args:
        probabilities: one per frame, 0 to 1.
        path: png file to write.
        fps: frames per second.
        reference: annotated onsets.
        estimate: detected onsets.
        threshold: decision threshold.
        title: text above the picture.
    """
    curve = probabilities.double().cpu().numpy()
    duration = len(curve) / fps
    drawn = OnsetCurve(np.arange(len(curve)) / fps, curve, duration)
    draw_curves([DrawnClip(title, drawn, reference, estimate)], path, threshold=threshold)


def draw_curves(clips: Sequence[DrawnClip], path: str | Path, *, threshold: float) -> None:
    """Write a png of probabilities over time, 15 s a row, with reference onsets behind them.

    Args:
        clips: one or more, drawn below each other.
        path: png file to write.
        threshold: decision threshold, drawn as a dashed line.
    """
    from matplotlib.figure import Figure

    n_rows = sum(clip.n_rows for clip in clips)
    figure = Figure(figsize=(12, 0.6 + 1.3 * n_rows + 0.2 * len(clips)), layout="constrained")
    rows = iter(figure.subplots(n_rows, 1, squeeze=False)[:, 0])
    for clip in clips:
        for number in range(clip.n_rows):
            axes = next(rows)
            axes.vlines(clip.reference.times, 0, 1, color="0.6", linewidth=3, label="reference")
            curve = clip.curve
            axes.plot(curve.times, curve.probabilities, "tab:blue", lw=1, label="probability")
            onsets = (clip.estimate.times, clip.estimate.confidences)
            axes.plot(*onsets, "v", color="crimson", label="estimate")
            axes.axhline(threshold, color="0.3", linewidth=0.6, linestyle="--")
            left = number * ROW_SECONDS
            axes.set(xlim=(left, left + ROW_SECONDS), ylim=(0, 1.05), yticks=(0, 0.5, 1))
            if number == 0:
                axes.set_title(clip.title, loc="left", fontsize="medium")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right", ncols=3)
    figure.supxlabel("seconds")
    with temporary_sibling(path) as temporary:
        figure.savefig(temporary, dpi=100)
