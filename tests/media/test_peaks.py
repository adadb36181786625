"""Peaks from which a sound is drawn."""

import numpy as np

from syncfusion.media import sound_peaks


def test_each_stretch_has_its_lowest_and_its_highest_sample():
    sound = np.zeros(512)
    sound[10], sound[300] = 1.0, -0.5
    assert sound_peaks(sound, 256).tolist() == [[0, 127], [-64, 0]]


def test_a_soft_sound_is_not_drawn_as_silence():
    sound = np.zeros(256)
    sound[100] = 1e-3
    assert sound_peaks(sound, 256).tolist() == [[0, 1]]


def test_the_last_stretch_may_be_short_and_what_is_too_loud_is_clipped():
    assert sound_peaks(np.full(300, 3.0), 256).tolist() == [[127, 127], [0, 127]]


def test_no_sound_has_no_peaks():
    assert sound_peaks(np.zeros(0)).shape == (0, 2)
