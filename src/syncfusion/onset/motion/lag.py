"""How far a data set's pictures lie behind its sound, by the rate of its camera.

In Greatest Hits, hits seen at 25 pictures a second lie after the annotation and hits seen at 30 a
second before it, clip by clip: two cameras, each put together with its sound in its own way.
Training takes this out, so that equal motion has equal labels, and detection puts it back.
"""

import numpy as np
from jaxtyping import Float

LEAD = 0.008  # seconds by which annotations lie before the sound, on the median of Greatest Hits
RATES = (30.0, 25.0)  # pictures per second
LAGS = (-0.02, 0.02)  # seconds at these rates, chosen by cross-validation


def picture_lag(times: Float[np.ndarray, " frame"]) -> float:
    """Return by how many seconds pictures show a hit later than its sound.

    Args:
        times: of the frames, evenly spaced.

    Returns:
        -0.02 to 0.02 s, between the rates in proportion to the time from frame to frame; 0 for
        a single frame.
    """
    if len(times) < 2:
        return 0.0
    periods = [1 / rate for rate in RATES]
    return float(np.interp(np.median(np.diff(times)), periods, LAGS))
