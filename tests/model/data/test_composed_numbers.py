"""Numbers composed of single digits."""

import itertools

import numpy as np

from model.data.composed_numbers import Digit, Spacing, digits_by_writer, numbers
from model.data.labelled_strokes import LabelledDrawing

SQUARE = np.array([(0, 0), (60, 0), (60, 100), (0, 100)], float)
DIGITS: dict[str, list[Digit]] = {
    "ada": [(4, [SQUARE, SQUARE[:2]]), (7, [SQUARE])],
    "bob": [(1, [SQUARE * (0.2, 1)])],
}


def test_numbers_have_the_writers_digits_in_turn() -> None:
    found = list(numbers(DIGITS, 6, seed=1))
    assert [number.writer for number in found] == ["ada", "bob"] * 3
    assert set(found[1].text) == {"1"}
    assert set("".join(number.text for number in found[::2])) <= {"4", "7"}


def test_groups_share_out_the_strokes_from_left_to_right() -> None:
    spacing = Spacing(gap=(0, 0.6), unordered=0.5, late=0.5)
    for number in numbers(DIGITS, 30, seed=2, spacing=spacing):
        assert len(number.groups) == len(number.text)
        assert sorted(i for group in number.groups for i in group) == list(
            range(len(number.strokes))
        )
        lefts = [min(number.strokes[i][:, 0].min() for i in group) for group in number.groups]
        assert lefts == sorted(lefts)


def test_gaps_stay_in_their_range() -> None:
    spacing = Spacing(gap=(0.2, 0.4), drift=0, jitter=0)
    for number in numbers({"bob": DIGITS["bob"]}, 10, seed=3, spacing=spacing):
        boxes = [(stroke[:, 0].min(), stroke[:, 0].max()) for stroke in number.strokes]
        gaps = [right[0] - left[1] for left, right in itertools.pairwise(boxes)]
        assert all(0.2 * 12 - 1e-9 <= gap <= 0.4 * 12 + 1e-9 for gap in gaps)


def test_connected_neighbours_share_a_stroke() -> None:
    spacing = Spacing(connected=1.0)
    number = next(numbers({"bob": DIGITS["bob"]}, 1, seed=4, spacing=spacing, lengths=(2, 2)))
    assert len(number.strokes) == 1
    assert number.groups == [(0,), (0,)]


def test_the_same_seed_gives_the_same_numbers() -> None:
    once, twice = (list(numbers(DIGITS, 5, seed=7)) for _ in range(2))
    for one, other in zip(once, twice, strict=True):
        assert one.text == other.text
        np.testing.assert_array_equal(np.concatenate(one.strokes), np.concatenate(other.strokes))


def test_rows_are_sorted_by_writer() -> None:
    rows = [LabelledDrawing(3, [[(0, 0), (1, 1)], []], "ada"), LabelledDrawing("5", [[(0, 0)]])]
    digits = digits_by_writer(rows)
    assert [label for label, _ in digits["ada"]] == [3]
    assert len(digits["ada"][0][1]) == 1
    assert [label for label, _ in digits[""]] == [5]
