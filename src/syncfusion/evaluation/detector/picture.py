"""A detector's probabilities as a picture, with the onsets it found and those annotated."""

import math
from pathlib import Path

from jaxtyping import Float
from torch import Tensor

from syncfusion.media import temporary_sibling
from syncfusion.track import OnsetTrack

ROW_SECONDS = 15.0  # of a clip, side by side


def draw_onsets(
    probabilities: Float[Tensor, " frame"],
    path: str | Path,
    *,
    fps: float,
    annotated: OnsetTrack,
    found: OnsetTrack,
    threshold: float,
    title: str = "",
) -> None:
    """Write a png: the probability over time in rows of 15 s, the truth behind it.

    Args:
        probabilities: one per frame, 0 to 1.
        path: the png.
        fps: frames per second.
        annotated: grey lines.
        found: red triangles at the probability of the frame.
        threshold: the dashed line an onset has to reach.
        title: what stands above it.
    """
    from matplotlib.figure import Figure

    seconds = [frame / fps for frame in range(len(probabilities))]
    n_rows = max(1, math.ceil(len(probabilities) / fps / ROW_SECONDS))
    figure = Figure(figsize=(12, 0.6 + 1.3 * n_rows), layout="constrained")
    figure.suptitle(title, x=0.02, horizontalalignment="left")
    for number, axes in enumerate(figure.subplots(n_rows, 1, squeeze=False)[:, 0]):
        axes.vlines(annotated.times, 0, 1, color="0.6", linewidth=3, label="annotated")
        axes.plot(seconds, probabilities, color="tab:blue", linewidth=1, label="probability")
        axes.plot(found.times, found.confidences, "v", color="crimson", label="found")
        axes.axhline(threshold, color="0.3", linewidth=0.6, linestyle="--")
        left = number * ROW_SECONDS
        axes.set(xlim=(left, left + ROW_SECONDS), ylim=(0, 1.05), yticks=(0, 0.5, 1))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right", ncols=3)
    figure.supxlabel("seconds")
    with temporary_sibling(path) as temporary:
        figure.savefig(temporary, dpi=100)
