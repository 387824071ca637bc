import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.data.raster_splits import writer_groups


def test_writers_are_numbered_in_the_order_of_their_names() -> None:
    groups = writer_groups(["w10", "ada", "w9", "ada", ""])
    assert groups is not None
    assert groups.dtype == np.int64
    assert groups.tolist() == [2, 1, 3, 1, 0]


def test_fewer_than_two_writers_are_no_groups() -> None:
    assert writer_groups([]) is None
    assert writer_groups(["ada", "ada"]) is None


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3), min_size=2)
)
def test_the_numbers_are_those_of_sorted_names(writers: list[str]) -> None:
    names, expected = np.unique(writers, return_inverse=True)
    groups = writer_groups(writers)
    assert (groups is None) == (len(names) < 2)
    if groups is not None:
        np.testing.assert_array_equal(groups, expected)


def test_one_long_name_costs_no_memory_for_each_row() -> None:
    writers = ["w" * 100_000, *["ada"] * 199]
    tracemalloc.start()
    try:
        writer_groups(writers)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20
