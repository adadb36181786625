"""The detector of motion on frames in memory, as the detector of frames reads them."""

import cv2
import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import FRAME_RATE, IMAGENET_MEAN, IMAGENET_STD
from syncfusion.media import GreyPicture
from syncfusion.onset.motion.curve import onset_curve
from syncfusion.onset.motion.flow import HEIGHT, WIDTH
from syncfusion.onset.motion.inputs import MotionInput
from syncfusion.onset.motion.net import MotionOnsetNet
from syncfusion.onset.motion.stream import Motion, motion_of

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
LEAST = 1e-6  # probabilities are kept this far from 0 and 1


class FrameMotionNet(MotionOnsetNet):
    """The detector of motion, which also takes frames as ``VideoOnsetNet`` does."""

    def forward(  # type: ignore[override]
        self,
        motion: MotionInput | Float[Tensor, "batch 3 frame height width"],
        fps: float = FRAME_RATE,
    ) -> Float[Tensor, "batch frame"]:
        """Return the logit of an onset at each frame.

        Args:
            motion: what ``MotionOnsetNet`` reads, or frames, ImageNet-normalised.
            fps: frames per second, of frames.

        Returns:
            From frames, logits as ``onset_curve`` smooths and calibrates them; from motion, those
            before calibration.
        """
        if not isinstance(motion, Tensor):
            return super().forward(motion)
        return torch.stack([self._of_clip(clip, fps) for clip in motion])

    def _of_clip(
        self, clip: Float[Tensor, "3 frame height width"], fps: float
    ) -> Float[Tensor, " frame"]:
        times = np.arange(clip.shape[1]) / fps
        curve = onset_curve(self, motion_of_frames(clip, fps))
        here = np.interp(times, curve.times, curve.probabilities).clip(LEAST, 1 - LEAST)
        return torch.from_numpy(np.log(here / (1 - here))).to(clip)


def motion_of_frames(clip: Float[Tensor, "3 frame height width"], fps: float) -> Motion:
    """Return the motion of ImageNet-normalised frames at an even rate."""
    scale = torch.tensor(IMAGENET_STD)[:, None, None, None]
    shift = torch.tensor(IMAGENET_MEAN)[:, None, None, None]
    colours = clip.detach().cpu().float() * scale + shift
    grey = torch.einsum("cfhw,c->fhw", colours, torch.tensor(LUMA)).clamp(0, 1).mul(255)
    pictures = (
        GreyPicture(_scaled(pixels), number / fps)
        for number, pixels in enumerate(grey.byte().numpy())
    )
    return motion_of(pictures, clip.shape[1] / fps)


def _scaled(pixels: np.ndarray) -> np.ndarray:
    return cv2.resize(pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
