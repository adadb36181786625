import numpy as np
import pytest

from syncfusion.onset.motion.cells import (
    CHANNELS,
    COLUMNS,
    GRID,
    ROWS,
    cell_statistics,
    halved,
    largest_change,
)
from syncfusion.onset.motion.flow import HEIGHT, WIDTH, PairMotion


def pair(row=10, column=20, velocity=(0.02, -0.01)):
    flow = np.zeros((HEIGHT // 2, WIDTH // 2, 2), np.float32)
    flow[row * 4, column * 4] = velocity
    difference = np.zeros((HEIGHT, WIDTH), np.float32)
    difference[row * 8, column * 8] = 0.5
    return PairMotion(flow, difference, False)


def named(cells, name):
    return cells[CHANNELS.index(name)]


def test_one_vector_shows_in_its_cell_alone_and_per_second():
    cells = cell_statistics(pair(), 0.1)
    assert cells.shape == (len(CHANNELS), ROWS, COLUMNS)
    assert named(cells, "fastest_x")[10, 20] == pytest.approx(0.2)
    assert named(cells, "fastest_y")[10, 20] == pytest.approx(-0.1)
    assert named(cells, "mean_x")[10, 20] == pytest.approx(0.2 / 16)
    assert named(cells, "largest_difference")[10, 20] == pytest.approx(5)
    assert np.count_nonzero(named(cells, "largest_speed")) == 1


def test_halving_keeps_the_fastest_vector_and_the_largest_values():
    cells = halved(cell_statistics(pair(), 0.1))
    assert cells.shape == GRID
    assert named(cells, "fastest_x")[5, 10] == pytest.approx(0.2)
    assert named(cells, "largest_difference")[5, 10] == pytest.approx(5)
    assert named(cells, "mean_x")[5, 10] == pytest.approx(0.2 / 64)


def test_halving_treats_each_frame_alone():
    frames = np.random.default_rng(0).normal(size=(3, 9, 28, 48)).astype(np.float32)
    assert halved(frames)[1] == pytest.approx(halved(frames[1]))


def test_a_change_of_velocity_is_measured_cell_by_cell():
    after = pair().flow
    assert largest_change(after, np.zeros_like(after))[10, 20] == pytest.approx(
        np.hypot(0.02, 0.01)
    )
