"""Picture of a detector's probabilities with reference and estimated onsets."""

import math
from pathlib import Path

from jaxtyping import Float
from torch import Tensor

from syncfusion.media import temporary_sibling
from syncfusion.track import OnsetTrack

ROW_SECONDS = 15.0  # of a clip per row


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
    """Write a png of the probability over time, 15 s a row, with reference onsets behind it.

    Args:
        probabilities: one per frame, 0 to 1.
        path: png file to write.
        fps: frames per second.
        reference: annotated onsets, drawn as grey lines.
        estimate: detected onsets, drawn as red triangles at their confidence.
        threshold: decision threshold, drawn as a dashed line.
        title: text above the picture.
    """
    from matplotlib.figure import Figure

    seconds = [frame / fps for frame in range(len(probabilities))]
    n_rows = max(1, math.ceil(len(probabilities) / fps / ROW_SECONDS))
    figure = Figure(figsize=(12, 0.6 + 1.3 * n_rows), layout="constrained")
    figure.suptitle(title, x=0.02, horizontalalignment="left")
    for number, axes in enumerate(figure.subplots(n_rows, 1, squeeze=False)[:, 0]):
        axes.vlines(reference.times, 0, 1, color="0.6", linewidth=3, label="reference")
        axes.plot(seconds, probabilities, color="tab:blue", linewidth=1, label="probability")
        axes.plot(estimate.times, estimate.confidences, "v", color="crimson", label="estimate")
        axes.axhline(threshold, color="0.3", linewidth=0.6, linestyle="--")
        left = number * ROW_SECONDS
        axes.set(xlim=(left, left + ROW_SECONDS), ylim=(0, 1.05), yticks=(0, 0.5, 1))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right", ncols=3)
    figure.supxlabel("seconds")
    with temporary_sibling(path) as temporary:
        figure.savefig(temporary, dpi=100)
