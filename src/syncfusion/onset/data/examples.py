"""Training examples: frames of a clip and their targets."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.utils.data import Dataset
from torchvision.transforms import v2

from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip
from syncfusion.onset.data.sampling import Segment
from syncfusion.onset.data.transforms import transformed
from syncfusion.onset.loss import widened_targets
from syncfusion.timing import frame_index
from syncfusion.track import OnsetTrack


class OnsetExamples(Dataset):
    """Maps segments of clips to frames and labels; an example depends on its segment alone.

    Args:
        clips: the clips that segments refer to by index.
        n_frames: length of an example.
        target_widening_frames: standard deviation of the Gaussian targets in frames; 0 for one-hot
            labels.
        transforms: applied to all frames of an example at once.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        *,
        n_frames: int,
        target_widening_frames: float = 0.0,
        transforms: Sequence[v2.Transform] = (),
    ) -> None:
        self.clips = clips
        self.n_frames = n_frames
        self.target_widening_frames = target_widening_frames
        self.transforms = transforms

    def __getitem__(
        self, segment: Segment
    ) -> tuple[UInt8[Tensor, "frame height width 3"], Float[Tensor, " frame"]]:
        clip = self.clips[segment.clip]
        steps = np.rint(segment.start + segment.speed * np.arange(self.n_frames)).astype(int)
        frames = clip.frames(np.minimum(steps, len(clip) - 1))
        frames = transformed(frames, self.transforms, seed=segment.seed)
        labels = segment_labels(
            clip.track,
            segment,
            fps=clip.fps,
            n_frames=self.n_frames,
            target_widening_frames=self.target_widening_frames,
        )
        return frames, labels


def check_examples(examples: OnsetExamples) -> None:
    """Read one example of every size of frames before training begins.

    Args:
        examples: all training examples.

    Raises:
        InputError: if the transforms cannot be applied, or the frames of examples differ in size,
            so that they cannot be batched.
    """
    sizes = {}
    for number, clip in enumerate(examples.clips):
        if clip.pixels.shape[1:3] not in sizes:
            frames, _ = examples[Segment(number, 0, 1.0, 0)]
            sizes[clip.pixels.shape[1:3]] = frames.shape[1:3]
    if len(set(sizes.values())) > 1:
        raise InputError(
            f"training frames of {sorted(sizes)} rows and columns cannot be batched; set "
            "data.frame_size, or crop in data.transforms"
        )


def segment_labels(
    track: OnsetTrack, segment: Segment, *, fps: float, n_frames: int, target_widening_frames: float
) -> Float[Tensor, " frame"]:
    """Return the targets of a segment's frames.

    Args:
        track: onsets of the whole clip.
        segment: position and speed of the frames.
        fps: frames per second of the clip.
        n_frames: number of frames.
        target_widening_frames: standard deviation, see ``widened_targets``; 0 for 1 in the frame
            that holds the onset and 0 elsewhere (paper §3.1). A one-hot label of an onset just past
            the end is left out, a Gaussian reaches over the edge.

    Returns:
        0 to 1 for each frame.
    """
    if target_widening_frames:
        positions = (torch.tensor(track.times) * fps - segment.start) / segment.speed
        return widened_targets(positions.float(), n_frames=n_frames, sigma=target_widening_frames)
    labels = torch.zeros(n_frames)
    for time in track.times:
        frame = round((frame_index(time, fps) - segment.start) / segment.speed)
        if 0 <= frame < n_frames:
            labels[frame] = 1.0
    return labels
