"""Training examples: frames of a clip as the net sees them, and what it should say about each."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.utils.data import Dataset
from torchvision.transforms import v2

from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip
from syncfusion.onset.data.sampling import Stretch
from syncfusion.onset.data.transforms import transformed
from syncfusion.onset.loss import smeared_labels
from syncfusion.timing import frame_index
from syncfusion.track import OnsetTrack


class OnsetExamples(Dataset):
    """Stretches of clips as frames and labels; everything random about one is in the stretch.

    Args:
        clips: what stretches are of.
        n_frames: length of an example.
        smear_frames: width of the labels' humps in frames; 0 for one-hot labels.
        transforms: applied to all frames of an example at once.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        *,
        n_frames: int,
        smear_frames: float = 0.0,
        transforms: Sequence[v2.Transform] = (),
    ) -> None:
        self.clips = clips
        self.n_frames = n_frames
        self.smear_frames = smear_frames
        self.transforms = transforms

    def __getitem__(
        self, stretch: Stretch
    ) -> tuple[UInt8[Tensor, "frame height width 3"], Float[Tensor, " frame"]]:
        clip = self.clips[stretch.clip]
        steps = np.rint(stretch.start + stretch.speed * np.arange(self.n_frames)).astype(int)
        frames = clip.frames(np.minimum(steps, len(clip) - 1))
        frames = transformed(frames, self.transforms, seed=stretch.seed)
        labels = stretch_labels(
            clip.track,
            stretch,
            fps=clip.fps,
            n_frames=self.n_frames,
            smear_frames=self.smear_frames,
        )
        return frames, labels


def check_examples(examples: OnsetExamples) -> None:
    """Read one example of every size of frames, before an hour of training is lost.

    Args:
        examples: all that is trained on.

    Raises:
        InputError: if the transforms cannot be applied, or leave frames of several sizes, which no
            batch holds.
    """
    sizes = {}
    for number, clip in enumerate(examples.clips):
        if clip.pixels.shape[1:3] not in sizes:
            frames, _ = examples[Stretch(number, 0, 1.0, 0)]
            sizes[clip.pixels.shape[1:3]] = frames.shape[1:3]
    if len(set(sizes.values())) > 1:
        raise InputError(
            f"training frames of {sorted(sizes)} rows and columns fit into no batch; set "
            "data.frame_size, or crop in data.transforms"
        )


def stretch_labels(
    track: OnsetTrack, stretch: Stretch, *, fps: float, n_frames: int, smear_frames: float
) -> Float[Tensor, " frame"]:
    """Label the frames of a stretch.

    Args:
        track: onsets of the whole clip.
        stretch: where the frames are from.
        fps: frames per second of the clip.
        n_frames: how many are labelled.
        smear_frames: see ``smeared_labels``; 0 for 1 in the frame an onset falls in, 0 elsewhere
            (paper §3.1). An onset just past the end then belongs to what follows, whereas a hump
            reaches over.

    Returns:
        0 to 1 for each frame.
    """
    if smear_frames:
        positions = (torch.tensor(track.times) * fps - stretch.start) / stretch.speed
        return smeared_labels(positions.float(), n_frames=n_frames, sigma=smear_frames)
    labels = torch.zeros(n_frames)
    for time in track.times:
        frame = round((frame_index(time, fps) - stretch.start) / stretch.speed)
        if 0 <= frame < n_frames:
            labels[frame] = 1.0
    return labels
