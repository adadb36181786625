import numpy as np
import torch
from PIL import Image

from syncfusion.evaluation.detector.picture import DrawnClip, draw_curves, draw_onsets
from syncfusion.onset import OnsetCurve
from syncfusion.track import Onset, OnsetTrack

REFERENCE = OnsetTrack([1.0, 2.5], 20.0)
ESTIMATE = OnsetTrack.from_onsets([Onset(1.02, confidence=0.8)], 20.0)
COLOURS = {"curve": (31, 119, 180), "estimate": (220, 20, 60), "reference": (153, 153, 153)}


def curve(duration=20.0):
    times = np.arange(0, duration, 1 / 30)
    return OnsetCurve(times, np.exp(-0.5 * ((times - 1.02) / 0.05) ** 2) * 0.8, duration)


def shown(path):
    """Which of the colours occur, and the picture's height."""
    pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
    seen = {
        name for name, colour in COLOURS.items() if (abs(pixels - colour).sum(-1) < 12).sum() > 5
    }
    return seen, len(pixels)


def test_curve_reference_and_estimate_are_drawn(tmp_path):
    draw_curves([DrawnClip("one", curve(), REFERENCE, ESTIMATE)], tmp_path / "a.png", threshold=0.3)
    assert shown(tmp_path / "a.png")[0] == set(COLOURS)


def test_more_clips_take_more_rows(tmp_path):
    one = DrawnClip("one", curve(), REFERENCE, ESTIMATE)
    short = DrawnClip("short", curve(5.0), REFERENCE, ESTIMATE)
    heights = []
    for number, clips in enumerate(([short], [one], [one, short])):
        draw_curves(clips, tmp_path / f"{number}.png", threshold=0.3)
        heights.append(shown(tmp_path / f"{number}.png")[1])
    assert heights == sorted(set(heights))


def test_frames_of_an_even_rate_are_drawn_as_well(tmp_path):
    probabilities = torch.from_numpy(curve().probabilities[::2])
    draw_onsets(
        probabilities,
        tmp_path / "a.png",
        fps=15,
        reference=REFERENCE,
        estimate=ESTIMATE,
        threshold=0.3,
    )
    assert shown(tmp_path / "a.png")[0] == set(COLOURS)
