"""Disturbances change a drawing by an amount, none at their neutral one, and curves count."""

import numpy as np
import pytest

from model.evaluation.answering import AnswerPool
from model.evaluation.disturbances import DISTURBANCES, disturbed_ink, points_of
from model.evaluation.robustness import answer_change, robustness_curve
from model.ink import empty_ink, ink_from_strokes
from model.recognizer import Recognizer

SEVEN = [[(0, 0), (50, 0), (20, 90)], [(8, 45), (45, 45)]]
ONE = [[(10, 0), (12, 100)]]


@pytest.fixture(scope="module")
def bundled() -> Recognizer:
    return Recognizer.bundled()


@pytest.mark.parametrize("name", DISTURBANCES)
def test_the_neutral_amount_changes_nothing_and_the_last_does(name: str) -> None:
    row = DISTURBANCES[name]
    points, ink = points_of(SEVEN), ink_from_strokes(SEVEN)
    assert row.neutral in row.amounts
    assert list(row.amounts) == sorted(row.amounts)
    assert disturbed_ink(row, points, ink, row.neutral) is ink
    far = row.amounts[-1] if row.amounts[-1] != row.neutral else row.amounts[0]
    changed = disturbed_ink(row, points, ink, far)
    assert changed.dtype == np.float32
    assert changed.shape == (28, 28)
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert np.abs(changed - ink).max() > 0.2


@pytest.mark.parametrize("name", DISTURBANCES)
@pytest.mark.parametrize("strokes", [[[(3, 3)]], [[(1, 1), (1, 1)]], [[(0, 0), (1e9, 1e-9)]]])
def test_odd_drawings_are_changed_without_an_error(name: str, strokes: list) -> None:
    row = DISTURBANCES[name]
    for amount in row.amounts:
        ink = disturbed_ink(row, points_of(strokes), ink_from_strokes(strokes), amount)
        assert np.isfinite(ink).all()


def test_a_rotation_turns_clockwise_and_keeps_lengths() -> None:
    turned = DISTURBANCES["rotation"].strokes(
        [np.array([(0.0, -1.0)])], 90, np.random.default_rng()
    )  # type: ignore[misc]
    assert turned[0] == pytest.approx(np.array([(1.0, 0.0)]), abs=1e-9)


def test_a_missing_end_takes_a_part_of_the_length() -> None:
    kept = DISTURBANCES["missing-end"].strokes(points_of(ONE), 40, np.random.default_rng())  # type: ignore[misc]
    assert np.ptp(kept[0][:, 1]) == pytest.approx(0.6)
    kept = DISTURBANCES["missing-start"].strokes(points_of(ONE), 40, np.random.default_rng())  # type: ignore[misc]
    assert kept[0][:, 1].max() == pytest.approx(0.5)


def test_pictures_without_strokes_keep_their_image_where_strokes_are_changed() -> None:
    ink = ink_from_strokes(SEVEN)
    assert disturbed_ink(DISTURBANCES["rotation"], [], ink, 30) is ink
    assert disturbed_ink(DISTURBANCES["blur"], [], ink, 2) is not ink


def test_a_curve_counts_right_answers(bundled: Recognizer) -> None:
    drawings = [(points_of(strokes), ink_from_strokes(strokes)) for strokes in (SEVEN, ONE)]
    told: list[float] = []
    with AnswerPool(bundled) as pool:
        curve = robustness_curve(
            pool, DISTURBANCES["contrast"], drawings, np.array([7, 1]), progress=told.append
        )
        wrong = robustness_curve(pool, DISTURBANCES["contrast"], drawings, np.array([1, 7]))
    assert curve.images == 2
    assert curve.points[-1].accuracy == 1.0
    assert curve.points[-1].low < 1.0
    assert told[-1] == 1.0
    assert wrong.points[-1].accuracy == 0.0


def test_a_drawing_that_turns_into_another_digit_says_at_which_amount(bundled: Recognizer) -> None:
    found = answer_change(
        bundled, DISTURBANCES["missing-end"], points_of(SEVEN), ink_from_strokes(SEVEN)
    )
    assert found.amount is None or 0 < found.amount <= 40
    flagged = [[(0, 25), (25, 0), (25, 100)]]  # a 1 that leans until it is a 7
    turned = answer_change(
        bundled, DISTURBANCES["rotation"], points_of(flagged), ink_from_strokes(flagged)
    )
    assert turned.amount is not None
    assert turned.digit != 1
    ink = disturbed_ink(
        DISTURBANCES["rotation"], points_of(flagged), ink_from_strokes(flagged), turned.amount
    )
    assert bundled.recognize(ink).digit == turned.digit


def test_an_empty_pad_never_changes_its_answer(bundled: Recognizer) -> None:
    for row in DISTURBANCES.values():
        if row.name != "noise":
            assert answer_change(bundled, row, [], empty_ink()).amount is None
