import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.errors import InputError
from syncfusion.preprocess.split import draw_split, read_lists, write_lists

RATIOS = (0.7, 0.1, 0.2)
NAMES = [f"2015-02-{day:02d}" for day in range(1, 25)]


@given(order=st.permutations(NAMES), seed=st.integers(0, 2**31))
def test_the_order_in_which_files_are_found_does_not_matter(order, seed):
    assert draw_split(order, RATIOS, seed=seed) == draw_split(NAMES, RATIOS, seed=seed)


@given(n=st.integers(20, 200), seed=st.integers(0, 100))
def test_every_video_is_in_one_split_and_the_shares_are_as_asked_for(n, seed):
    names = [str(number) for number in range(n)]
    split = draw_split(names, RATIOS, seed=seed)
    assert sorted(name for part in split.values() for name in part) == sorted(names)
    for ratio, part in zip(RATIOS, split.values(), strict=True):
        assert abs(len(part) - ratio * n) < 1


def test_shares_that_are_whole_numbers_are_met_exactly():
    sizes = [len(part) for part in draw_split(NAMES[:10], RATIOS, seed=42).values()]
    assert sizes == [7, 1, 2]


def test_another_seed_gives_another_split():
    assert draw_split(NAMES, RATIOS, seed=1) != draw_split(NAMES, RATIOS, seed=2)


@pytest.mark.parametrize("ratios", [(0.7, 0.1, 0.1), (1.2, -0.1, -0.1)])
def test_ratios_that_are_no_shares_are_an_error(ratios):
    with pytest.raises(InputError, match="1 in sum"):
        draw_split(NAMES, ratios, seed=0)


def test_too_few_videos_for_a_split_are_an_error():
    with pytest.raises(InputError, match="3 videos are too few for a val split of 0.1"):
        draw_split(NAMES[:3], RATIOS, seed=0)


def test_a_split_of_ratio_0_may_be_empty(tmp_path):
    split = draw_split(NAMES, (0.9, 0.1, 0.0), seed=0)
    write_lists(split, tmp_path)
    assert (tmp_path / "test.txt").read_text() == ""


def test_lists_come_back_as_written(tmp_path):
    split = draw_split(NAMES, RATIOS, seed=0)
    write_lists(split, tmp_path / "new")
    assert read_lists(tmp_path / "new", NAMES) == split


def lists(folder, train="a b", val="c", test="d"):
    for name, text in {"train": train, "val": val, "test": test}.items():
        (folder / f"{name}.txt").write_text("\n".join(text.split()))
    return folder


def test_ready_lists_keep_their_order(tmp_path):
    assert read_lists(lists(tmp_path, train="b a"), "abcd")["train"] == ["b", "a"]


@pytest.mark.parametrize("missing", ["train", "val", "test"])
def test_a_missing_list_is_named(tmp_path, missing):
    (lists(tmp_path) / f"{missing}.txt").unlink()
    with pytest.raises(InputError, match=f"no list .*{missing}.txt"):
        read_lists(tmp_path, "abcd")


def test_an_empty_list_is_named(tmp_path):
    with pytest.raises(InputError, match=r"val.txt names no video"):
        read_lists(lists(tmp_path, val=""), "abcd")


def test_a_video_in_two_lists_is_named(tmp_path):
    with pytest.raises(InputError, match="lists b more than once"):
        read_lists(lists(tmp_path, test="b d"), "abcd")


def test_listed_videos_that_are_not_there_are_named(tmp_path):
    with pytest.raises(InputError, match="not there: e, f, g and 1 more"):
        read_lists(lists(tmp_path, train="a b e f g h"), "abcd")
