from collections import Counter

import pytest

from syncfusion.onset.motion.folds import fold_of

SESSIONS = ("2015-02-21-17-16-04", "2015-09-23-15-20-31", "2015-10-06-18-02-12")
NAMES = [f"{session}-{number}" for session in SESSIONS for number in (1, 97, 256)]
NAMES += ["2015-02-22-14-20-13", "2015-02-23-21-03-31", "2015-03-12-20-11-15"]


def test_a_session_is_never_split():
    folds = fold_of(NAMES, 3)
    for session in SESSIONS:
        assert len({folds[name] for name in NAMES if name.startswith(session)}) == 1


def test_every_clip_has_a_fold_and_folds_are_about_equal():
    folds = fold_of(NAMES, 3)
    assert folds.keys() == set(NAMES)
    assert sorted(Counter(folds.values()).values()) == [4, 4, 4]


def test_folds_do_not_depend_on_the_order_of_the_names():
    assert fold_of(NAMES[::-1], 4) == fold_of(NAMES, 4)


def test_the_seed_deals_out_sessions_of_equal_size():
    dealt = {tuple(fold_of(NAMES, 3, seed=seed)[name] for name in NAMES) for seed in range(6)}
    assert len(dealt) > 1


@pytest.mark.parametrize("n_folds", [1, 12])
def test_the_number_of_folds_is_kept(n_folds):
    assert set(fold_of(NAMES, n_folds).values()) <= set(range(n_folds))
