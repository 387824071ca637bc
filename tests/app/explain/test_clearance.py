"""Strokes that are added to one digit of a number, beside the other digits."""

import numpy as np
import pytest

from app.drawing.drawing import EVEN_PRESSURE, Drawing, Stroke
from app.explain.clearance import Clearance
from model.ink import empty_ink
from model.numbers.reading import Group
from model.recognizer import Recognition
from model.verdicts import Verdict

PEN = 40.0


def upright(x: float) -> Stroke:
    return Stroke(np.array([[x, 0.0], [x, 300.0]]), np.full(2, EVEN_PRESSURE), PEN)


def group_of(number: int, x: float, *, row: int = 0) -> Group:
    recognition = Recognition(np.array([1, 0], np.float32), ("1", "7"), Verdict.DIGIT)
    return Group(recognition, row, (x, 0.0, 0.0, 300.0), empty_ink(), ((number, 0, 2),))


def clearance(*, row: int = 0) -> Clearance:
    """Return the room around the right one of two upright strokes, 200 apart."""
    drawing = Drawing((upright(0.0), upright(200.0)))
    return Clearance(drawing, group_of(1, 200.0), [group_of(0, 0.0, row=row)])


@pytest.mark.parametrize(
    ("start", "is_clear"),
    [
        ((100, 20), True),
        ((70, 20), True),
        ((50, 20), False),  # less than half a pen between the ink of both
        ((-100, 20), False),  # across the other digit, of which no point is near
        ((30, -80), False),  # under the other's bracket
        ((30, -200), True),  # above it
    ],
)
def test_a_stroke_keeps_a_pen_away_from_the_other_digit_and_its_bracket(start, is_clear):
    line = np.array([start, (200, start[1])], np.float64)
    assert clearance().has(line) is is_clear


def test_the_bracket_of_another_row_is_another_place():
    line = np.array([(30, -80), (200, -80)], np.float64)
    assert clearance(row=1).has(line)


def test_a_dot_is_clear_on_the_own_digit_alone():
    assert clearance().has(np.array([[200.0, 150.0]]))
    assert not clearance().has(np.array([[0.0, 150.0]]))
