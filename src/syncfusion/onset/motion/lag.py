"""How far pictures lie behind their sound, by the rate of the camera.

In Greatest Hits, hits seen at 25 pictures a second lie after the annotation and hits seen at 30 a
second before it, clip by clip: two cameras, each put together with its sound in its own way.
Training takes this out, so that equal motion has equal labels, and detection puts it back. How much
it is belongs to the recordings, so to a net that was trained on them (``MotionNetConfig``).
"""

import numpy as np
from jaxtyping import Float

LEAD = 0.008  # seconds by which annotations lie before the sound, on the median of Greatest Hits
RATES = (30.0, 25.0)  # pictures per second


def picture_lag(times: Float[np.ndarray, " frame"], largest: float) -> float:
    """Return by how many seconds pictures show a hit later than its sound.

    Args:
        times: of the frames, evenly spaced.
        largest: the lag at 25 pictures a second or fewer, in seconds; at 30 or more pictures lie as
            much before the sound. 0 where pictures and sound meet.

    Returns:
        ``-largest`` to ``largest``, between the rates in proportion to the time from frame to
        frame; 0 for a single frame.
    """
    if len(times) < 2:
        return 0.0
    periods = [1 / rate for rate in RATES]
    return float(np.interp(np.median(np.diff(times)), periods, (-largest, largest)))
