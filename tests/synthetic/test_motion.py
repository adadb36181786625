import numpy as np
import pytest

from syncfusion.synthetic.motion import Key, Path


def test_path_passes_through_its_keys():
    path = Path([Key(0.0, (0, 0, 1)), Key(0.5, (1, 0, 0), (2, 0, -3)), Key(2.0, (1, 1, 1))])
    found = path.at(np.array([0.0, 0.5, 2.0]))
    np.testing.assert_allclose(found, [(0, 0, 1), (1, 0, 0), (1, 1, 1)], atol=1e-12)


def test_path_rests_before_its_first_and_after_its_last_key():
    path = Path([Key(1.0, (0, 0, 1)), Key(2.0, (3, 2, 0), (9, 9, 9))])
    np.testing.assert_allclose(path.at(np.array([0.0, 5.0])), [(0, 0, 1), (3, 2, 0)])


def test_path_turns_at_once_where_velocities_differ():
    path = Path(
        [Key(0.0, (0, 0, 1)), Key(1.0, (0, 0, 0), (0, 0, -2), (0, 0, 1)), Key(2.0, (0, 0, 1))]
    )
    before, touch, after = path.at(np.array([0.999, 1.0, 1.001]))[:, 2]
    assert (touch - before) / 0.001 == pytest.approx(-2, abs=0.02)
    assert (after - touch) / 0.001 == pytest.approx(1, abs=0.02)


def test_a_falling_path_is_a_parabola():
    path = Path([Key(0.0, (0, 0, 1)), Key(1.0, (0, 0, 0), (0, 0, -2))])
    assert path.at(np.array([0.5]))[0, 2] == pytest.approx(0.75)


@pytest.mark.parametrize("times", [(), (1.0, 1.0), (2.0, 1.0)])
def test_keys_out_of_order_are_refused(times):
    with pytest.raises(ValueError, match="ascending"):
        Path([Key(time, (0, 0, 0)) for time in times])
